"""名录库: the reading and writing of long lists, which go on beside the pages that say how far they are (Art. 10).

A page waits a moment for what it asked for. What takes longer goes on, and the page comes again by itself until it is done.
It is kept in this process alone: another process reads the same file for itself, and a list is written once (`event.lock`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from models.procedure import register_import
from models.procedure.registry import ImportReport
from models.queries import register_import as queries
from models.queries.register_import import ImportedFile, Preview
from models.rules.actor import Actor
from models.rules.registry.progress import ImportProgress, watched

PATIENCE = 1.0  # seconds that a page waits before it says how far the work is
KEPT = 3  # previews that took longer than that, kept until they are looked at


@dataclass(frozen=True, slots=True)
class Under:
    """Work that goes on. `stands_on`: what it was begun from."""

    progress: ImportProgress
    task: asyncio.Task[Any]
    stands_on: object = None


class ImportWork:
    """The files that are read and the lists that are written at present, by the number of their import."""

    def __init__(self) -> None:
        self.patience = PATIENCE
        self._reading: dict[int, Under] = {}
        self._writing: dict[int, Under] = {}

    async def preview(self, imported: ImportedFile, by: Actor) -> Preview | ImportProgress:
        """What the file would do; how far it is while that takes longer."""
        stands_on = await queries.stands_on(imported, imported.department)
        under = self._reading.get(imported.id)
        if under is None or under.stands_on != stands_on:
            self._forget(imported.id)
            under = self._reading[imported.id] = _begun(queries.preview(imported.id, by=by), stands_on)
            at_once = True
        else:
            at_once = False
        if not await self._ended(under):
            return under.progress
        if at_once or under.task.cancelled() or under.task.exception():
            self._reading.pop(imported.id, None)
        while len(self._reading) > KEPT:
            self._forget(next(iter(self._reading)))
        result: Preview = under.task.result()
        return result

    def writing(self, id: int) -> ImportProgress | None:
        """How far the list is while it is written."""
        under = self._writing.get(id)
        return under.progress if under and not under.task.done() else None

    async def take(
        self, id: int, how: dict[str, bool], wake: Callable[[], None], *, by: Actor, at: datetime
    ) -> ImportReport | None:
        """Begin to write the list; the report, or None while it goes on. A second press joins the first."""
        if self.writing(id) is None:
            self._writing[id] = _begun(_taken(id, how, by, at))
            self._writing[id].task.add_done_callback(lambda _: wake())
        under = self._writing[id]
        return await self.report(id) if await self._ended(under) else None

    async def report(self, id: int) -> ImportReport | None:
        """What came of the writing, told once; raises what it was refused for."""
        under = self._writing.get(id)
        if under is None or not under.task.done():
            return None
        self._writing.pop(id)
        self._forget(id)
        result: ImportReport = under.task.result()
        return result

    async def ticks(self, id: int, every: float) -> AsyncIterator[ImportProgress]:
        """How far the writing is, every so many seconds until it has ended; at least once."""
        under = self._writing.get(id)
        ended = under is None
        while under and not ended:
            yield under.progress
            ended = bool((await asyncio.wait({under.task}, timeout=every))[0])

    async def _ended(self, under: Under) -> bool:
        ended, _ = await asyncio.wait({under.task}, timeout=self.patience)
        return bool(ended)

    def _forget(self, id: int) -> None:
        if under := self._reading.pop(id, None):
            under.task.cancel()

    async def settled(self) -> None:
        """All that goes on has ended."""
        for under in (*self._reading.values(), *self._writing.values()):
            with suppress(Exception, asyncio.CancelledError):
                await under.task

    async def close(self) -> None:
        """Reading is left; what is being written is an act, which runs to its end."""
        for id in list(self._reading):
            self._forget(id)
        await self.settled()


async def _taken(id: int, how: dict[str, bool], by: Actor, at: datetime) -> ImportReport:
    read = await queries.read_beforehand(id, by=by)
    return await register_import.take(id, by=by, at=at, read=read, **how)


def _begun(work: Coroutine[Any, Any, Any], stands_on: object = None) -> Under:
    with watched() as progress:
        return Under(progress, asyncio.create_task(work, name="import"), stands_on)


IMPORT_WORK = web.AppKey("import_work", ImportWork)


async def closing(app: web.Application) -> None:
    await app[IMPORT_WORK].close()
