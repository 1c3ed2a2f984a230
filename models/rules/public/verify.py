"""验证的说法: what a verification proved, and what it cannot (Art. 14 (1), 16 (3), 20).

That everything repeats says that nothing was changed afterwards; whether nobody could choose the outcome depends on
where the values came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.rules.public.draw import Chance
from models.rules.visit import local_day

AGREES = {
    Chance.UNSTEERABLE: "good",
    Chance.REHEARSAL: "good.rehearsal",
}


def agreement(chance: Chance) -> str:
    """What may be said when a draw repeats: `good`, or with what it does not prove."""
    return AGREES.get(chance, "good.steerable")


@dataclass(frozen=True, slots=True)
class RootFacts:
    """The day whose events a root closes, when it was closed, when an authority stamped it."""

    day: date
    closed_at: datetime
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicRoot:
    """`late`: closed when the next day was over too; `stamped`: an authority vouches for the time."""

    late: bool
    stamped: bool


def public_root(facts: RootFacts) -> PublicRoot:
    """What may be said of a day's root."""
    return PublicRoot(
        local_day(facts.closed_at) > facts.day + timedelta(days=1), facts.stamped_at is not None
    )
