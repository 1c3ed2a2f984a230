"""无法联系: how often and how differently it was tried before R04 may be said (Art. 16 (2); result type R04)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from models.refusal import Refusal

VISIT = "visit"  # two officers were at the registered place
IN_VAIN = ("no_answer", "bounced")  # what an attempt ended in, when nobody was reached


class ContactAttempt(NamedTuple):
    """One kept attempt that reached nobody: on which day, by which channel."""

    day: date
    channel: str


def enough(tries: Collection[ContactAttempt]) -> bool:
    """Two attempts on different days or by different channels, one of them at the place itself."""
    return len(set(tries)) >= 2 and any(attempt.channel == VISIT for attempt in tries)


def check_enough(tries: Collection[ContactAttempt]) -> None:
    """Refuse R04 while less was tried, saying what is kept."""
    if not enough(tries):
        raise Refusal("absence.one_attempt", article="16(2)", kept=len(set(tries)))
