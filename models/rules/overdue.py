"""逾期: every term of a task that has passed, from its rows alone (Art. 8, 11, 14-18, 20).

One function for the desk, the board and whoever else asks: nothing is overdue in one place and not in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from models.rules.term import TermKind
from models.rules.term.kinds import BY_NAME, DECIDED, DRAFTED, NAMED, OF_A_TASK
from models.rules.visit import SHANGHAI, local_day
from models.rules.workdays import Calendar
from models.states import HINDERED, RECEIPT_DUE, REVIEWED, SIGNED_IN, TO_VISIT
from models.states import TaskState as T

KINDS = OF_A_TASK
WAITING = MappingProxyType({name: BY_NAME[name].length for name in (*DECIDED, *DRAFTED)})


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each thing may take; settings with these defaults. Days are working days."""

    accept: timedelta = timedelta(hours=BY_NAME["accept"].length)
    notice: int = BY_NAME["notice"].length
    answer: int = BY_NAME["answer"].length
    conclude: int = BY_NAME["conclude"].length
    sign: int = BY_NAME["sign"].length
    confirm: int = BY_NAME["confirm"].length
    review: int = BY_NAME["review"].length
    publication: int = BY_NAME["publication"].length
    archive: int = BY_NAME["archive"].length
    waiting: Mapping[str, int] = field(default_factory=lambda: WAITING)

    def written(self) -> str:
        """As a setting: `accept` in hours, every other in working days."""
        named = {name: getattr(self, name) for name in NAMED} | dict(self.waiting)
        hours = int(self.accept / timedelta(hours=1))
        return " ".join(f"{name}={length}" for name, length in {"accept": hours, **named}.items())

    def length(self, kind: TermKind) -> int:
        """How long this kind takes here, in its own unit."""
        if kind.name == "accept":
            return int(self.accept / timedelta(hours=1))
        if kind.name in ("notice", *NAMED):
            return int(getattr(self, kind.name))
        return self.waiting.get(kind.name, kind.length)


def read_terms(written: str, notice: int = 3) -> Terms:
    """Terms from `name=length` pairs; what is not named has its default. Raises ValueError naming the pair."""
    terms = Terms(notice=notice)
    for pair in written.replace(",", " ").split():
        name, _, length = pair.partition("=")
        if not re.fullmatch("[0-9]{1,3}", length, re.ASCII) or not int(length):
            raise ValueError(pair)
        if name == "accept":
            terms = replace(terms, accept=timedelta(hours=int(length)))
        elif name in NAMED:
            named: dict[str, Any] = {name: int(length)}
            terms = replace(terms, **named)
        elif name in WAITING:
            terms = replace(terms, waiting=MappingProxyType({**terms.waiting, name: int(length)}))
        else:
            raise ValueError(pair)
    return terms


@dataclass(frozen=True, slots=True)
class Facts:
    """What a task's rows say, as far as a term hangs on it."""

    state: T
    closes: date  # the last day of the batch's window
    unaccepted: tuple[datetime, ...] = ()  # since when each officer owes an answer to the task
    visit_from: datetime | None = None
    visit_until: datetime | None = None
    proposed_from: datetime | None = None
    reached: bool = True  # the entity has the letter, or nobody is to be told
    started_at: datetime | None = None
    ended_at: datetime | None = None
    entry_due: date | None = None
    entered_at: datetime | None = None
    receipt_on: date | None = None  # the day of the platform's receipt
    published: bool = False
    looked_in_vain: datetime | None = None  # refused or unreachable since
    waiting: tuple[tuple[str, datetime], ...] = ()  # what somebody is to decide, and since when
    unsigned: datetime | None = None  # since when an officer who came owes a signature under the record sheet
    owing: bool = True  # a department has still to enter its result
    last_entry: datetime | None = None  # of a department, while the leader has not confirmed the whole
    over: datetime | None = None  # since when everything is done but the archive
    unanswered: datetime | None = None  # since when a member owes an answer to the proposed time
    orders: tuple[
        tuple[str, date], ...
    ] = ()  # to rectify: until when, or since when proof waits to be verified; their rechecks: when, or since when unsigned
    left: bool = False  # its batch was closed, with the reason why this task is left as it is


class Passed(NamedTuple):
    """A term that has run out: which, and the last moment or day on which it could be kept."""

    kind: str
    due: date


DEFAULT = Terms()


def passed(facts: Facts, calendar: Calendar, at: datetime, terms: Terms = DEFAULT) -> tuple[Passed, ...]:
    """Every term of this task that has passed at this instant, in the order of the regulation."""
    rows = [
        Passed(kind, local_day(end - timedelta(microseconds=1)))
        for kind, end in ends(facts, calendar, terms)
        if end <= at
    ]
    return tuple(sorted(rows, key=lambda row: KINDS.index(row.kind)))


def ends(facts: Facts, calendar: Calendar, terms: Terms) -> Iterator[tuple[str, datetime]]:
    """Every term that runs, with the first instant at which it is over. None runs on before a visit that will not be."""
    if facts.left and facts.state in TO_VISIT:
        return
    yield from _before_the_visit(facts, calendar, terms)
    yield from _at_the_visit(facts, calendar, terms)
    yield from _after_the_visit(facts, calendar, terms)
    for kind, since in facts.waiting:
        yield kind, _after(calendar, local_day(since), terms.waiting[kind])
    for kind, day in facts.orders:
        yield kind, of_order(kind, day, calendar, terms)


def of_order(kind: str, day: date, calendar: Calendar, terms: Terms) -> datetime:
    """When the term of an order ends: on its own day, that of its recheck, or so many days after proof was handed in or
    the recheck ended (Art. 17)."""
    return _after(calendar, day, terms.waiting[kind]) if kind in terms.waiting else end_of(day)


def _before_the_visit(facts: Facts, calendar: Calendar, terms: Terms) -> Iterator[tuple[str, datetime]]:
    if facts.state not in TO_VISIT:
        return
    if facts.unaccepted and facts.state != T.UNREACHABLE:
        yield "accept", min(facts.unaccepted) + terms.accept
    planned = facts.visit_from or facts.proposed_from
    to_be_told = calendar.nth_workday_before(
        local_day(planned) if planned else facts.closes, terms.notice
    ).date
    if facts.unanswered:
        yield "answer", _after(calendar, local_day(facts.unanswered), terms.answer)
    if facts.state == T.ASSIGNED:
        yield "network", end_of(calendar.nth_workday_before(to_be_told, 1).date)
    if facts.state != T.SCHEDULED or facts.visit_from is None:
        yield "fix", end_of(calendar.nth_workday_before(facts.closes, terms.notice).date)
        yield "window", end_of(facts.closes)
    elif not facts.reached:
        yield "notice", end_of(to_be_told)


def _at_the_visit(facts: Facts, calendar: Calendar, terms: Terms) -> Iterator[tuple[str, datetime]]:
    if facts.state == T.SCHEDULED and facts.visit_until:
        yield "visit", facts.visit_until
    if facts.state == T.ON_SITE and (ends := facts.visit_until or facts.started_at):
        yield "on_site", end_of(local_day(ends))
    if facts.state in HINDERED and facts.looked_in_vain:
        yield "conclude", _after(calendar, local_day(facts.looked_in_vain), terms.conclude)


def _after_the_visit(facts: Facts, calendar: Calendar, terms: Terms) -> Iterator[tuple[str, datetime]]:
    if facts.unsigned and facts.state in SIGNED_IN and facts.ended_at:
        yield "sign", _after(calendar, local_day(max(facts.unsigned, facts.ended_at)), terms.sign)
    if facts.state == T.CONCLUDED and facts.entry_due:
        yield from _results(facts, facts.entry_due, calendar, terms)
    if facts.state == T.ENTERED and facts.entered_at:
        yield "review", _after(calendar, local_day(facts.entered_at), terms.review)
    if facts.state in RECEIPT_DUE and facts.receipt_on is None and facts.entry_due:
        yield "receipt", end_of(facts.entry_due)
    if facts.receipt_on and not facts.published and facts.state in REVIEWED:
        yield "publication", _after(calendar, facts.receipt_on, terms.publication)
    if facts.state == T.PUBLISHED and facts.over:
        yield "archive", _after(calendar, local_day(facts.over), terms.archive)


def _results(facts: Facts, due: date, calendar: Calendar, terms: Terms) -> Iterator[tuple[str, datetime]]:
    """The departments' results, then the whole: confirmed once all are in, or the last day of the silent is over."""
    if facts.owing:
        yield "entry", end_of(due)
    if facts.last_entry:
        since = local_day(facts.last_entry)
        yield "confirm", _after(calendar, max(since, due) if facts.owing else since, terms.confirm)


def silence_is_enough(
    asked: datetime | None, calendar: Calendar, at: datetime, terms: Terms = DEFAULT
) -> bool:
    """Whether the members had their days to answer a proposed time: whoever is silent then holds nobody up (Art. 15)."""
    return asked is not None and _after(calendar, local_day(asked), terms.answer) <= at


def _after(calendar: Calendar, day: date, days: int) -> datetime:
    return end_of(calendar.nth_workday_after(day, days).date)


def end_of(day: date) -> datetime:
    """Midnight after this day: the day itself is still in time."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)
