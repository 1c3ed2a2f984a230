"""How what works in the background waits: by real time, or step by step as a test tells it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from typing import Protocol


def utc_now() -> datetime:
    """The machine's clock: the one of the house."""
    return datetime.now(UTC)


class Waiting(Protocol):
    """Monotonic seconds and the waits that go by them."""

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...

    async def until(self, news: asyncio.Event, seconds: float) -> None:
        """Until there is news, at the longest so many seconds."""


class RealTime:
    """The machine's own time."""

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until(self, news: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` of Python 3.11 loses a cancellation
                await news.wait()


REAL_TIME = RealTime()
