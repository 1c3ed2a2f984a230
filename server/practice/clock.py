"""The stand-in's clock: real time, which a test may push forward to let a press grow old, or hold."""

from __future__ import annotations

import asyncio
import contextlib
import time


class Clock:
    def __init__(self) -> None:
        self._ahead = 0.0
        self._held: float | None = None
        self._moved: set[asyncio.Event] = set()

    def __call__(self) -> float:
        return (time.time() if self._held is None else self._held) + self._ahead

    def hold(self) -> None:
        """From now on only `advance` moves it, however long a busy machine takes."""
        self._held = time.time()

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
        for event in self._moved:
            event.set()

    async def sleep(self, seconds: float) -> None:
        """Until so many seconds have gone by on this clock."""
        end, moved = self() + seconds, asyncio.Event()
        self._moved.add(moved)
        try:
            while (left := end - self()) > 0:
                moved.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left if self._held is None else None):
                        await moved.wait()
        finally:
            self._moved.discard(moved)
