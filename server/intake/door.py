"""Updates that arrive together are stored in one transaction; each is acknowledged only after it (F1, R3).

While one group is on its way to the disk, whoever arrives waits for the next: a commit costs the same for forty as
for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from models import store
from models.operations import inbox
from models.operations.inbox import ArrivalCounts, RawUpdate

Entry = tuple[RawUpdate, "asyncio.Future[ArrivalCounts]"]
TOGETHER = 200


class Door:
    """One for each process. `now` gives the time at which a group arrived."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._line: list[Entry] = []
        self._storing: asyncio.Task[None] | None = None

    async def keep(self, arrival: RawUpdate) -> ArrivalCounts:
        """Store it, with whatever else is at the door. Raises what storing it raised, with nothing stored."""
        stored: asyncio.Future[ArrivalCounts] = asyncio.get_running_loop().create_future()
        self._line.append((arrival, stored))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store(), name="door")
        return await stored

    async def _store(self) -> None:
        try:
            while self._line:
                group, self._line = self._line[:TOGETHER], self._line[TOGETHER:]
                await self._group(group)
        finally:
            self._storing = None

    async def _group(self, group: list[Entry]) -> None:
        """All together; one by one where one of them spoils it for the others."""
        try:
            counts = await inbox.keep([arrival for arrival, _ in group], at=self._now())
        except store.Unavailable as away:
            for _, stored in group:
                _settle(stored, away)
        except Exception as spoilt:
            if len(group) == 1:
                _settle(group[0][1], spoilt)
                return
            for entry in group:
                await self._group([entry])
        else:
            for place, (_, stored) in enumerate(group):
                _settle(stored, counts if place == 0 else ArrivalCounts())


def _settle(stored: asyncio.Future[ArrivalCounts], result: ArrivalCounts | Exception) -> None:
    if stored.done():  # whoever brought it has gone
        return
    if isinstance(result, Exception):
        stored.set_exception(result)
    else:
        stored.set_result(result)
