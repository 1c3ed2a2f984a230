"""One person's terms: every one that runs and that they hear of by its last day (Art. 15, 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.district import District
from models.procedure import term_recipients
from models.queries import other_terms, overdue, snoozes
from models.queries.calendar_feed import tasks_of
from models.queries.other_terms import OtherTerm
from models.rules import text
from models.rules.actor import Actor
from models.rules.reminding import Step, first_ends
from models.rules.snooze import days_offered
from models.rules.visit import local_day
from models.states import NOT_ARCHIVED
from models.tables import Task, TermReminder

AT_ITS_VISIT = ("tomorrow", "visit", "on_site")
"""Kinds that say of a visit when it is: the visit itself stands in every list."""


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """`subject`: what it is of, for good (`task:12`). `number`, `target`: of its task, "" where it hangs on none; `named`:
    what it is of in words then. `due`: the last day.
    """

    subject: str
    kind: str
    due: date
    number: str = ""
    target: str = ""
    named: str = ""


async def own_terms(actor: Actor, *, at: datetime, district: District) -> tuple[OwnTerm, ...]:
    """Every running term that this account hears of, the first due first."""
    terms = [*await _of_tasks(actor, at, district), *await _of_no_task(actor, at, district)]
    return tuple(sorted(set(terms), key=lambda term: (term.due, term.number, term.kind, term.subject)))


async def _of_tasks(actor: Actor, at: datetime, district: District) -> list[OwnTerm]:
    tasks = await tasks_of(actor).filter(state__in=NOT_ARCHIVED).distinct().select_related("target")
    if not tasks:
        return []
    facts = await overdue.facts_of_each(tasks)
    running = [
        (task, last_day(kind, end))
        for task in tasks
        for kind, end in first_ends(facts[task.id], district.calendar, at, district.terms).items()
        if kind not in AT_ITS_VISIT
    ]
    return await _heard(actor, running)


async def _heard(actor: Actor, running: Sequence[tuple[Task, Step]]) -> list[OwnTerm]:
    rows = await term_recipients.rows_of(running)
    return [
        OwnTerm(f"task:{task.id}", step.kind, step.due, task.number, text.name(task.target.name))
        for task, step in running
        for asked in rows.about(task, step)
        if actor.account in rows.to(task, step, asked).accounts
    ]


async def _of_no_task(actor: Actor, at: datetime, district: District) -> list[OwnTerm]:
    terms = await other_terms.of_the_day(at, district.calendar, district.terms)
    steps: list[tuple[OtherTerm, Step]] = [(term, last_day(term.kind, term.end)) for term in terms]
    heard = await term_recipients.of_others(steps) if steps else []
    return [
        OwnTerm(term.subject, term.kind, step.due, named=text.name(term.named))
        for (term, step), to in zip(steps, heard, strict=True)
        if actor.account in to.accounts
    ]


def last_day(kind: str, end: datetime) -> Step:
    """The term as it stands on its last day, when everybody hears of it who ever does before it is late."""
    return Step(kind, local_day(end - timedelta(microseconds=1)), 0, 0)


@dataclass(frozen=True, slots=True)
class ReminderSaid:
    """A running term that this person was reminded of, by the number of the reminder. `until`: put off until then, None:
    not; `offered`: the days until which it may be.
    """

    id: int
    term: OwnTerm
    until: date | None
    offered: tuple[date, ...]


async def reminders_said(actor: Actor, *, at: datetime, district: District) -> tuple[ReminderSaid, ...]:
    """What this account was reminded of and whose last day is still to come, the first due first."""
    today = local_day(at)
    terms = [term for term in await own_terms(actor, at=at, district=district) if term.due > today]
    subjects = [term.subject for term in terms]
    rows = await TermReminder.filter(account_id=actor.account, subject__in=subjects).order_by("id")
    numbers = {(row.subject, row.kind, row.due): row.id for row in rows}
    put_off = await snoozes.of_subjects(subjects, actor.account)
    reminders = []
    for term in terms:
        key = (term.subject, term.kind, term.due)
        if key in numbers and actor.account is not None:
            silence = put_off.rows.get((key, actor.account))
            until = silence.until if silence and silence.until > today else None
            offered = days_offered(term.due, today, district.calendar)
            reminders.append(ReminderSaid(numbers[key], term, until, offered))
    return tuple(reminders)
