"""Telegram's clock against ours: when a message was sent, by the clock that every act here is dated by (F5).

Which question was open when a line was sent is told by comparing the two. A message cannot come before it is sent, so
the least that recent ones took is how far the clocks are apart.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

RECENT = 16
WHOLE = timedelta(seconds=2)  # Telegram's times are whole seconds, and a line takes one on its way


@dataclass(slots=True)
class TelegramClock:
    """`taken`: how long after its date each of the last messages was taken up."""

    taken: deque[timedelta] = field(default_factory=lambda: deque(maxlen=RECENT))

    def heard(self, dated: datetime, at: datetime) -> None:
        """A message that has just come."""
        self.taken.append(at - dated)

    def apart(self) -> timedelta:
        """How far ours is ahead of Telegram's."""
        least = min(self.taken, default=timedelta())
        return least if abs(least) > WHOLE else timedelta()

    def ours(self, dated: datetime) -> datetime:
        """The instant of a message by our clock."""
        return dated + self.apart()
