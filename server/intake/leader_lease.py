"""One process of several does a thing; the others stand by and take over when it dies (R23, D9).

A process that was killed is known at once by those on the same machine; one elsewhere is given up when it
has renewed nothing for as long as the right lasts, by the watcher's own monotonic clock (D76).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from models import store
from models.operations import inbox
from models.operations.lease import HeldLease
from server.waiting import REAL_TIME, Waiting

TICK = 1.0


class LeaderLease:
    """The right to be the only one who does `name`. Ask `mine()` before each round of it."""

    def __init__(
        self, name: str, holder: str, seconds: float, now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._name, self._holder, self._seconds = name, f"{_machine()}:{os.getpid()}:{holder}"[:80], seconds
        self._now, self._clock = now, clock
        self._sure_until = self._seen_at = float("-inf")
        self._seen: HeldLease | None = None

    async def mine(self) -> bool:
        """True while this process holds the right; renewed as it goes. Raises Unavailable."""
        if self._clock() < self._sure_until:
            return True
        if await self._take():
            return True
        return self._dead() is not None and await self._take()

    async def _take(self) -> bool:
        asked = self._clock()
        held = await inbox.lease(
            self._name, self._holder, self._seconds, at=self._now(), over_from=self._dead()
        )
        if held.holder == self._holder:
            self._sure_until = asked + self._seconds / 3
            return True
        if held != self._seen:
            self._seen, self._seen_at = held, self._clock()
        return False

    async def leave(self) -> None:
        """Give the right back at once."""
        self._sure_until = float("-inf")
        with contextlib.suppress(store.Unavailable):
            await inbox.release(self._name, self._holder)

    def _dead(self) -> HeldLease | None:
        """The holding seen last, if its holder shows no life."""
        if self._seen and (self._clock() - self._seen_at >= self._seconds or _killed(self._seen.holder)):
            return self._seen
        return None


async def alone(
    name: str, holder: str, now: Callable[[], datetime], work: Callable[[], Coroutine[Any, Any, None]],
    waiting: Waiting = REAL_TIME, seconds: float = 8.0,
) -> None:  # fmt: skip
    """Do `work` in this process while it alone holds the right, until it ends or the caller is cancelled. Raises what it
    raises, and Unavailable where nobody can say who holds it: the work is stopped before.
    """
    seat = LeaderLease(name, holder, seconds, now, waiting.monotonic)
    try:
        while True:
            if await seat.mine():
                await _while_mine(seat, work, waiting)
                return
            await waiting.sleep(TICK)
    finally:
        await seat.leave()


async def _while_mine(
    seat: LeaderLease, work: Callable[[], Coroutine[Any, Any, None]], waiting: Waiting
) -> None:
    over, task = asyncio.Event(), asyncio.create_task(work())
    task.add_done_callback(lambda _: over.set())
    try:
        while await seat.mine():
            await waiting.until(over, TICK)
            if task.done():
                return await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    raise store.Unavailable("another process took this over")


def _machine() -> str:
    """This machine since its start, and this room of process numbers in it; empty where unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        return hashlib.sha256(f"{boot}{Path('/proc/self/ns/pid').stat().st_ino}".encode()).hexdigest()[:16]
    except OSError:
        return ""


def _killed(holder: str) -> bool:
    """True when the holder was a process of this machine and is no more."""
    machine, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if not machine or machine != _machine() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
