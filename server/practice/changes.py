"""Who is told that something changed: waiting tests, long polls, open pages."""

from __future__ import annotations

import asyncio


class Changes:
    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._listeners: set[asyncio.Queue[int | None]] = set()
        self.closed = False

    def tell(self, people: set[int]) -> None:
        """Wakes everyone who waits, and names the people whose phones look different now."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()
        for listener in self._listeners:
            for person in people:
                listener.put_nowait(person)

    async def wait(self, timeout: float) -> bool:
        """True when something changed within so many seconds."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiter)
        return True

    def close(self) -> None:
        """The room closes: long polls and open pages are let go at once."""
        self.closed = True
        self.tell(set())
        for listener in self._listeners:
            listener.put_nowait(None)

    def listen(self) -> asyncio.Queue[int | None]:
        """People whose phones changed, one by one; None when the room closes."""
        listener: asyncio.Queue[int | None] = asyncio.Queue()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: asyncio.Queue[int | None]) -> None:
        self._listeners.discard(listener)
