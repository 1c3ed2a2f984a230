"""Which threshold a running term has reached: the tightest, and once it is overdue each week anew (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.rules.overdue import DEFAULT, Facts, Terms, end_of, ends
from models.rules.term import TermKind, Unit
from models.rules.term.kinds import BY_NAME, OF_AN_ORDER, REMINDED
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.states import TaskState as T

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


class Step(NamedTuple):
    """A threshold of a kind: `left` units before the last day `due`, -1 once overdue.

    `threshold`: 0 on the last day, -1 from the day after, -2 a week later, and so on.
    """

    kind: str
    due: date
    left: int
    threshold: int


def steps(facts: Facts, calendar: Calendar, at: datetime, terms: Terms = DEFAULT) -> tuple[Step, ...]:
    """Every kind of term of a task that has reached a threshold now; of two of a kind the one that is due first."""
    ends_ = first_ends(facts, calendar, at, terms).items()
    result = (step(BY_NAME[kind], end, calendar, at) for kind, end in ends_)
    return tuple(row for row in result if row)


def first_ends(facts: Facts, calendar: Calendar, at: datetime, terms: Terms = DEFAULT) -> dict[str, datetime]:
    """By kind the first instant at which a running term of the task is over."""
    first: dict[str, datetime] = {}
    for kind, end in _running(facts, calendar, at, terms):
        first[kind] = min(end, first.get(kind, end))
    return first


def _running(facts: Facts, calendar: Calendar, at: datetime, terms: Terms) -> Iterator[tuple[str, datetime]]:
    """What can be done now: nobody records a receipt before there is a result. Each order to rectify is reminded of
    by itself."""
    for kind, end in ends(facts, calendar, terms):
        if (
            kind in REMINDED
            and kind not in OF_AN_ORDER
            and not (kind == "receipt" and facts.state == T.CONCLUDED)
        ):
            yield kind, end
    if facts.state == T.SCHEDULED and facts.visit_from and at < facts.visit_from:
        yield "tomorrow", end_of(local_day(facts.visit_from))


def step(kind: TermKind, end: datetime, calendar: Calendar, at: datetime) -> Step | None:
    """`end`: the first instant at which the term is over. None while no threshold is reached."""
    due, today = local_day(end - timedelta(microseconds=1)), local_day(at)
    if kind.unit == Unit.HOURS:
        if at >= end:
            return Step(kind.name, due, -1, -((at - end) // WEEK))
        return _before(kind, due, -((at - end) // HOUR))
    if today > due:
        return Step(kind.name, due, -1, overdue(due, today, kind.every))
    left = calendar.workdays_between(today, due) if kind.unit == Unit.WORKDAYS else (due - today).days
    return _before(kind, due, left)


def overdue(due: date, today: date, every: int = 7) -> int:
    """The threshold of a day after the last one: another each `every` days."""
    return -1 - ((today - due).days - 1) // every


def _before(kind: TermKind, due: date, left: int) -> Step | None:
    reached = threshold(kind.thresholds, left)
    return None if reached is None else Step(kind.name, due, left, reached)


def threshold(thresholds: Sequence[int], left: int) -> int | None:
    """The tightest threshold reached with so much left."""
    return min((number for number in thresholds if left <= number), default=None)
