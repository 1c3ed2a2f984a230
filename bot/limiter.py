"""Every call of the Bot API passes here: thirty messages a second, and whoever was asked to wait waits (F8).

Telegram's 429 names no limit, so it is taken for the chat that was written to; when three chats hear it within a second
it is taken for all. Answers wait here for up to ten seconds; what is longer, and what the courier sends, is handed back
as `RetryAfter`, to be tried again from the database.
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
            await self._sleep(wait)
        if endpoint.lower().startswith(("send", "copy", "forward")):
            await self._room()

    async def _room(self) -> None:
        while True:
            now = self._clock()
            while self._sent and self._sent[0] <= now - SECOND:
                self._sent.popleft()
            if len(self._sent) < A_SECOND:
                self._sent.append(now)
                return
            await self._sleep(self._sent[0] + SECOND - now)

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
