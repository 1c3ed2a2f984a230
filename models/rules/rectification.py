"""责令限期改正: which points an order may name, until when, and what a verification leads to (Art. 17)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.refusal import Refusal
from models.rules.checklist import Ask
from models.rules.workdays import Calendar

LONGEST = 366  # days from today: beyond it a date is a slip of the pen
USUAL = 15  # days that a form begins with
OFFERED = (7, 15, 30)  # days that a chat offers
PROOFS = 10  # how often an entity may report on one order


class RectificationOutcome(StrEnum):
    """What an officer verified."""

    VERIFIED = "verified"  # every point
    PARTLY = "partly"  # those named
    NOT_DONE = "not_done"


class StepKind(StrEnum):
    """What befell an order."""

    PROOF = "proof"
    VERIFIED = "verified"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    EXTENDED = "extended"
    RECHECK = "recheck"  # officers will come and see
    MOVED = "moved"  # its last day became a day off
    REMINDED = "reminded"
    LAPSED = "lapsed"
    FILED = "filed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class RectificationPoint:
    """A question that was found wanting, as the order names it. `number`: on the task's sheet; `finding`: what the
    officer wrote beside it."""

    number: int
    question: int
    text: str
    basis: str
    finding: str


def chosen(
    failed: Sequence[Ask], numbers: Collection[int] | None, ordered: Collection[int]
) -> tuple[Ask, ...]:
    """The points of an order among the department's `failed` ones; None: all that no order names yet.

    `ordered`: numbers that stand in another order.
    """
    free = [ask for ask in failed if ask.number not in ordered]
    if not failed:
        raise Refusal("rectification.nothing_failed", article="17")
    if not free:
        raise Refusal("rectification.ordered_already", article="17", numbers=sorted(ordered))
    wanted = {ask.number for ask in free} if numbers is None else set(numbers)
    if not wanted:
        raise Refusal("rectification.no_points", article="17")
    if twice := wanted & set(ordered):
        raise Refusal("rectification.ordered_already", article="17", numbers=sorted(twice))
    if unknown := wanted - {ask.number for ask in free}:
        raise Refusal("rectification.not_failed", article="17", numbers=sorted(unknown))
    return tuple(ask for ask in free if ask.number in wanted)


def legal_basis(bases: Iterable[str]) -> str:
    """The points' articles, each once, in their order."""
    return "；".join(dict.fromkeys(basis.strip() for basis in bases if basis.strip()))


def last_day(calendar: Calendar, today: date, due: date) -> date:
    """The last day of a term: not before tomorrow; one that ends on a day off ends on the next working day."""
    if due <= today:
        raise Refusal("rectification.too_early", article="17", day=today + timedelta(days=1))
    if (due - today).days > LONGEST:
        raise Refusal("rectification.too_late", article="17", day=today + timedelta(days=LONGEST))
    return counted_again(calendar, due)


def counted_again(calendar: Calendar, due: date) -> date:
    """The last day by this calendar: the day itself, or the first working day after it."""
    return calendar.nth_workday_after(due - timedelta(days=1), 1).date


def extended(calendar: Calendar, today: date, before: date, due: date) -> date:
    """A later term. Refused where it is not later than the one that stands."""
    last = last_day(calendar, today, due)
    if last <= before:
        raise Refusal("rectification.not_later", article="17", day=before)
    return last


def verified(
    points: Sequence[int], already: Collection[int], outcome: RectificationOutcome, done: Collection[int]
) -> tuple[int, ...]:
    """The numbers of every point that is put right after this verification, earlier ones among them."""
    if outcome == RectificationOutcome.VERIFIED:
        return tuple(points)
    if outcome == RectificationOutcome.NOT_DONE:
        return tuple(number for number in points if number in already)
    if unknown := set(done) - set(points):
        raise Refusal("rectification.no_point", article="17", numbers=sorted(unknown))
    if not set(done) - set(already):
        raise Refusal("rectification.nothing_done", article="17")
    return tuple(number for number in points if number in {*already, *done})
