"""Acts upon stored updates: one at a time for each person, many people at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from models.procedure import intake
from models.tables import Inbox

log = logging.getLogger(__name__)

Handle = Callable[[dict[str, Any]], Awaitable[None]]
TOGETHER = 32


class Worker:
    """`handle(raw)` acts upon one update; ValueError means it cannot be read, any other error: try again."""

    def __init__(self, handle: Handle, now: Callable[[], datetime]) -> None:
        self._handle = handle
        self._now = now
        self._waiting = asyncio.Event()
        self._chains: dict[int | None, deque[Inbox]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(TOGETHER)

    def wake(self) -> None:
        """New updates were stored."""
        self._waiting.set()

    async def run(self) -> None:
        """Until cancelled; what is under way is finished by `drain`."""
        while True:
            self._waiting.clear()
            await self._take_up()
            try:
                await asyncio.wait_for(self._waiting.wait(), timeout=1.0)
            except TimeoutError:
                pass

    async def drain(self, seconds: float = 5.0) -> None:
        """Let the updates under way come to their end; the others stay stored."""
        for chain in self._chains.values():
            chain.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _take_up(self) -> None:
        for row in await intake.waiting(at=self._now()):
            if row.update_id in self._known:
                continue
            self._known.add(row.update_id)
            if row.sender in self._chains:
                self._chains[row.sender].append(row)
                continue
            self._chains[row.sender] = deque([row])
            task = asyncio.create_task(self._follow(row.sender), name=f"updates of {row.sender}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _follow(self, sender: int | None) -> None:
        chain = self._chains[sender]
        try:
            while chain:
                row = chain.popleft()
                async with self._room:
                    try:
                        await self._one(row)
                    finally:
                        self._known.discard(row.update_id)
        finally:
            del self._chains[sender]
            self.wake()

    async def _one(self, row: Inbox) -> None:
        try:
            await self._handle(json.loads(row.body))
        except ValueError as error:
            log.warning("update %s cannot be read: %s", row.update_id, error)
            await intake.failed(row.update_id, repr(error), at=self._now(), hopeless=True)
        except Exception as error:
            put_aside = await intake.failed(row.update_id, repr(error), at=self._now())
            log.exception("update %s failed%s", row.update_id, ", put aside" if put_aside else "")
        else:
            await intake.done(row.update_id, at=self._now())
