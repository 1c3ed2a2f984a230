"""Telegram's limits by a clock: about 30 messages a second in all, one a second in a chat (F8)."""

from __future__ import annotations

from collections.abc import Callable

ALL_PER_SECOND = 28.0
CHAT_EVERY = 1.05


class Limits:
    """Knows when the next message may go. `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next = 0.0
        self._chats: dict[int, float] = {}

    def busy(self) -> frozenset[int]:
        """Chats that must wait still."""
        now = self._clock()
        self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return frozenset(self._chats)

    def room(self, most: int = 30) -> int:
        """How many messages may go out now."""
        now = self._clock()
        self._next = max(self._next, now - most / ALL_PER_SECOND)
        return max(0, int((now - self._next) * ALL_PER_SECOND))

    def count(self, chat: int) -> None:
        """A message goes out to this chat."""
        self._next += 1 / ALL_PER_SECOND
        self._chats[chat] = self._clock() + CHAT_EVERY

    def hold(self, chat: int, seconds: float) -> None:
        """The channel asked to leave this chat alone for a while."""
        self._chats[chat] = max(self._chats.get(chat, 0.0), self._clock() + seconds)
