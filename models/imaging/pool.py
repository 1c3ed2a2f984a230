"""Keeps a few worker processes busy with photos, and replaces the ones that a photo kills."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from models.imaging.font import assert_font
from models.imaging.renditions import PhotoStamp, Renditions
from models.refusal import Refusal
from models.subprocess_worker import SubprocessWorker


class ImagingPool:
    """At most `workers` photos are developed at once, each within `timeout` seconds; the others wait."""

    def __init__(self, *, workers: int = 2, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._crew = [SubprocessWorker("models.imaging.worker") for _ in range(workers)]
        self._idle: asyncio.LifoQueue[SubprocessWorker] | None = None

    async def start(self) -> None:
        """Checks the font and hires the workers. RuntimeError when the font is another file, EOFError when one does not start."""
        await asyncio.to_thread(assert_font)
        await asyncio.gather(*(worker.hire() for worker in self._crew))
        self._idle = asyncio.LifoQueue()
        for worker in self._crew:
            self._idle.put_nowait(worker)

    async def stop(self) -> None:
        """Dismisses the workers; whoever still waits for a photo is refused `photo.undevelopable`."""
        self._idle = None
        await asyncio.gather(*(worker.dismiss() for worker in self._crew))

    async def develop(
        self, data: bytes, stamp: PhotoStamp | None = None, marks: Sequence[Mapping[str, Any]] = ()
    ) -> Renditions:
        """As `prints.develop`, elsewhere. `photo.undevelopable` when the worker dies of it or is too slow:
        `died` tells that apart from a photo that was looked at and refused."""
        idle = self._idle
        if idle is None:
            raise RuntimeError("the darkroom is closed")
        worker = await idle.get()
        try:
            if self._idle is not idle:
                raise Refusal("photo.undevelopable", died=True)
            async with asyncio.timeout(self._timeout):
                return await _developed(worker, data, stamp, marks)
        except (TimeoutError, EOFError, OSError) as death:
            raise Refusal("photo.undevelopable", died=True) from death
        finally:
            idle.put_nowait(worker)


async def _developed(
    worker: SubprocessWorker, data: bytes, stamp: PhotoStamp | None, marks: Sequence[Mapping[str, Any]]
) -> Renditions:
    lines = None if stamp is None else list(stamp.lines)
    answer, bodies = await worker.ask({"size": len(data), "lines": lines, "marks": list(marks)}, data)
    if "refused" in answer:
        raise Refusal(answer["refused"], **answer["params"])
    return Renditions(bodies[0], bodies[1], answer["width"], answer["height"])
