"""Time that a test moves: whoever waits by it goes on when the test says so, however busy the machine is.

with steps.watching(lambda: [running]):
    await steps.quiet()               everybody watched waits: nothing more happens at this moment
    await steps.passes(2.5)           so many seconds have passed, and everything they brought is done
    await steps.until_true(arrived)   time goes on until it is true
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

LONGEST = 3600.0
"""Seconds of the test's time after which waiting is in vain."""
PATIENCE = 300.0
"""Seconds of the machine's time for one step."""


@dataclass(eq=False)
class Parked:
    """Somebody who waits. `news` ends the wait early."""

    task: asyncio.Task[Any] | None
    due: float
    over: asyncio.Future[None]
    news: asyncio.Event | None

    @property
    def waits(self) -> bool:
        return not self.over.done() and not (self.news and self.news.is_set())


class Steps:
    """A `server.waiting.Waiting` for tests."""

    def __init__(self) -> None:
        self.at = 0.0
        self._parked: set[Parked] = set()
        self._watched: list[Callable[[], Iterable[asyncio.Task[Any]]]] = []
        self._told: list[Callable[[float], None]] = []
        self._changed: asyncio.Event | None = None

    def monotonic(self) -> float:
        return self.at

    @property
    def waiters(self) -> int:
        """How many wait."""
        return sum(parked.waits for parked in self._parked)

    async def sleep(self, seconds: float) -> None:
        await self._park(seconds, None)

    async def until(self, news: asyncio.Event, seconds: float) -> None:
        if not news.is_set():
            await self._park(seconds, news)

    async def _park(self, seconds: float, news: asyncio.Event | None) -> None:
        if seconds <= 0:
            return await asyncio.sleep(0)
        parked = Parked(
            asyncio.current_task(), self.at + seconds, asyncio.get_running_loop().create_future(), news
        )
        heard = asyncio.create_task(news.wait()) if news else None
        self._parked.add(parked)
        self._change()
        try:
            await asyncio.wait(
                [parked.over, *([heard] if heard else [])], return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            self._parked.discard(parked)
            if heard:
                heard.cancel()

    @contextmanager
    def watching(self, tasks: Callable[[], Iterable[asyncio.Task[Any]]]) -> Iterator[None]:
        """These must all wait before time may go on."""
        self._watched.append(tasks)
        try:
            yield
        finally:
            self._watched.remove(tasks)

    @contextmanager
    def telling(self, told: Callable[[float], None]) -> Iterator[None]:
        """Another clock that goes with this one."""
        self._told.append(told)
        try:
            yield
        finally:
            self._told.remove(told)

    async def quiet(self) -> None:
        """Until everybody who is watched waits, and nothing is left that would wake them."""
        async with asyncio.timeout(PATIENCE):
            while active := self._active():
                self._changed = asyncio.Event()
                heard = asyncio.create_task(self._changed.wait())
                try:
                    await asyncio.wait([heard, *active], return_when=asyncio.FIRST_COMPLETED)
                finally:
                    heard.cancel()

    def _active(self) -> set[asyncio.Task[Any]]:
        """Who is watched and does something."""
        waiting = {parked.task for parked in self._parked if parked.waits}
        return {
            task for tasks in self._watched for task in tasks() if task not in waiting and not task.done()
        }

    def _change(self) -> None:
        if self._changed:
            self._changed.set()

    async def step(self, most: float = LONGEST) -> None:
        """To the moment when the next one who waits goes on."""
        await self.quiet()
        due = [parked.due for parked in self._parked if parked.waits]
        self.move(min([most, *(one - self.at for one in due)]))

    def move(self, seconds: float) -> None:
        self.at += max(seconds, 0.0)
        for told in self._told:
            told(max(seconds, 0.0))
        for parked in self._parked:
            if parked.due <= self.at + 1e-9 and not parked.over.done():
                parked.over.set_result(None)

    async def passes(self, seconds: float) -> None:
        """So many seconds, with everything that happens in them."""
        end = self.at + seconds
        while self.at < end - 1e-9:
            await self.step(end - self.at)
        await self.quiet()

    async def until_true(self, true: Callable[[], Any | Awaitable[Any]]) -> Any:
        """Time goes on until it is true; what it gave. TimeoutError when an hour would not do."""
        end = self.at + LONGEST
        while True:
            found = true()
            found = await found if inspect.isawaitable(found) else found
            if found:
                return found
            if self.at >= end:
                raise TimeoutError("waited in vain")
            await self.step()
