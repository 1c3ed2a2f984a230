"""The stand-in's clock: real time, which a test may push forward to let a press grow old, or hold."""

from __future__ import annotations

import time


class Clock:
    def __init__(self) -> None:
        self._ahead = 0.0
        self._held: float | None = None

    def __call__(self) -> float:
        return (time.time() if self._held is None else self._held) + self._ahead

    def hold(self) -> None:
        """From now on only `advance` moves it, however long a busy machine takes."""
        self._held = time.time()

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
