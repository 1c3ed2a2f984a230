"""Telegram's limits by a clock: 30 messages a second in all, one a second in a chat, 20 a minute in a group (F8).

A message may arrive at any moment between leaving us and its answer, so it counts from the first until a second
after the last: whatever the way takes, no second sees too many. What is kept free is for the answers that the
bot gives to people directly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

A_SECOND = 27.0
AT_ONCE = 4
IN_ANY_SECOND = 28
SECOND = 1.02
CHAT_EVERY = 1.05
GROUP_EVERY = 3.1


class SendingLimits:
    """Knows when the next message may go. `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._paid_until = float("-inf")
        self._leaving = 0
        self._gone: deque[float] = deque()
        self._under_way: set[int] = set()
        self._quiet_until: dict[int, float] = {}

    def busy(self) -> frozenset[int]:
        """Chats that must wait still."""
        now = self._clock()
        self._quiet_until = {chat: until for chat, until in self._quiet_until.items() if until > now}
        return frozenset(self._quiet_until) | self._under_way

    def room(self) -> int:
        """How many messages may go out now."""
        now = self._clock()
        while self._gone and self._gone[0] <= now - SECOND:
            self._gone.popleft()
        self._paid_until = max(self._paid_until, now - AT_ONCE / A_SECOND)
        paid = int((now - self._paid_until) * A_SECOND + 1e-9)
        return max(0, min(paid, IN_ANY_SECOND - self._leaving - len(self._gone)))

    def begin(self, chat: int | None) -> None:
        """A message goes out, to this chat."""
        self._paid_until += 1 / A_SECOND
        self._leaving += 1
        if chat is not None:
            self._under_way.add(chat)

    def end(self, chat: int | None, seconds: float = 0.0) -> None:
        """The message has gone; `seconds`: the channel asked to leave this chat alone for so long."""
        self._leaving -= 1
        self._gone.append(self._clock())
        if chat is not None:
            self._under_way.discard(chat)
            every = CHAT_EVERY if chat > 0 else GROUP_EVERY
            self._quiet_until[chat] = self._clock() + max(every, seconds)
