"""Documents are set in a few processes of their own: two cores set twice as many, and no request waits for them.

Presses are hired when there is work, go by themselves when there is none, and are replaced when they die.
"""

from __future__ import annotations

import asyncio

from models.subprocess_worker import SubprocessWorker
from server.documents.layout import LaidOutDocument


class RenderFailed(RuntimeError):
    """A sheet that no press could set: an error of the house."""


class RenderPool:
    """At most `workers` sheets are set at once, each within `timeout` seconds; the others wait."""

    def __init__(self, *, workers: int = 2, timeout: float = 60.0) -> None:
        self._timeout = timeout
        self._crew = [SubprocessWorker("server.documents.render_worker") for _ in range(workers)]
        self._idle: asyncio.LifoQueue[SubprocessWorker] | None = None

    async def __call__(self, sheet: LaidOutDocument) -> list[bytes]:
        """The documents of a sheet. Raises Unpressed."""
        if self._idle is None:
            self._idle = asyncio.LifoQueue()
            for worker in self._crew:
                self._idle.put_nowait(worker)
        idle = self._idle
        press = await idle.get()
        try:
            async with asyncio.timeout(self._timeout):
                try:
                    return await _set(press, sheet)
                except (EOFError, OSError):  # it had gone, or died of the sheet before: once more, anew
                    return await _set(press, sheet)
        except (TimeoutError, EOFError, OSError) as death:
            raise RenderFailed(sheet.layout) from death
        finally:
            idle.put_nowait(press)

    async def stop(self) -> None:
        """Dismiss everybody."""
        await asyncio.gather(*(worker.dismiss() for worker in self._crew))


async def _set(press: SubprocessWorker, sheet: LaidOutDocument) -> list[bytes]:
    bodies = (sheet.data, *sheet.pictures)
    order: dict[str, object] = {"layout": sheet.layout, "at": sheet.at, "form": sheet.form, "ppi": sheet.ppi}
    answer, documents = await press.ask({**order, "sizes": [len(body) for body in bodies]}, *bodies)
    if "error" in answer:
        raise RenderFailed(answer["error"])
    return documents
