"""Every call of the Bot API passes here: thirty messages a second, and whoever was asked to wait waits (F8).

Telegram's 429 names no limit, so it is taken for the chat that was written to; when three chats hear it within a second
it is taken for all. Answers wait here for up to ten seconds; what is longer, and what the courier sends, is handed back
as `RetryAfter`, to be tried again from the database. Who waits here keeps nobody else from being served.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from models.delivery import step_aside

A_SECOND, SECOND = 30, 1.02
CHATS_FOR_ALL = 3
PATIENCE = 10.0
patience: ContextVar[float] = ContextVar("patience", default=0.0)
"""Seconds that a call may wait here; `bot.application.handle` sets it for answers."""

Key = int | str


class Limiter(BaseRateLimiter[None]):
    """`clock` gives monotonic seconds, `sleep` waits."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._sent: deque[float] = deque()
        self._line: list[object] = []  # who waits for one of the thirty
        self._until: dict[Key, float] = {}
        self._all_until = float("-inf")
        self._heard: deque[tuple[float, Key]] = deque()

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(
        self, callback: Callable[..., Coroutine[Any, Any, Any]], args: Any, kwargs: dict[str, Any], endpoint: str,
        data: dict[str, Any], rate_limit_args: None,
    ) -> Any:  # fmt: skip
        key: Key = data.get("chat_id") or endpoint
        deadline = self._clock() + patience.get()
        while True:
            await self._turn(key, endpoint, deadline)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as asked:
                self._asked_to_wait(key, seconds_of(asked))

    async def _turn(self, key: Key, endpoint: str, deadline: float) -> None:
        """Wait until this call may go. Raises RetryAfter when that is later than `deadline`."""
        while (wait := max(self._all_until, self._until.get(key, 0.0)) - self._clock()) > 0:
            if self._clock() + wait > deadline:
                raise RetryAfter(math.ceil(wait))
            step_aside.get()()
            await self._sleep(wait)
        if endpoint.lower().startswith(("send", "copy", "forward")):
            await self._room()

    async def _room(self) -> None:
        """Wait until fewer than thirty have gone within a second; in the order in which they came."""
        if not self._line and self._may_go():
            return
        step_aside.get()()
        here = object()
        self._line.append(here)
        try:
            while (before := self._line.index(here)) or not self._may_go():
                free = self._sent[min(before, len(self._sent) - 1)] + SECOND
                await self._sleep(free - self._clock())
        finally:
            self._line.remove(here)

    def _may_go(self) -> bool:
        """True where one more may go now: then it counts as sent."""
        now = self._clock()
        while self._sent and self._sent[0] <= now - SECOND:
            self._sent.popleft()
        if len(self._sent) == A_SECOND:
            return False
        self._sent.append(now)
        return True

    def _asked_to_wait(self, key: Key, seconds: float) -> None:
        now = self._clock()
        self._until = {chat: until for chat, until in self._until.items() if until > now}
        self._until[key] = now + seconds
        self._heard.append((now, key))
        while self._heard[0][0] < now - 1.0:
            self._heard.popleft()
        if len({chat for _, chat in self._heard}) >= CHATS_FOR_ALL:
            self._all_until = max(self._all_until, now + seconds)


def seconds_of(wait: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    seconds: Any = wait.retry_after
    return float(seconds.total_seconds() if hasattr(seconds, "total_seconds") else seconds)
