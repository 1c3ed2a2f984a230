"""期限提醒: every term is asked of the database, never of a timer in memory (Art. 10, 12, 16 (3)).

Each threshold of a kind once to each person, overdue each week anew. When the quiet hours end one message a person:
what is due in every task, and what is late. In the course of a day only what is counted in hours, or was counted
again, adds to it.
What fell due while the server was off comes as one message.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from models import store
from models.district import District
from models.procedure import left_out, recipients, rectification_term, term_recipients, unconfirmed
from models.procedure import task as tasks
from models.procedure.calendar import counted_from_the_end
from models.procedure.recipients import NewsItem
from models.procedure.term_recipients import Asked
from models.queries import orders_due, other_terms, overdue, snoozes, terms_due
from models.queries.other_terms import OtherTerm
from models.queries.snoozes import Snoozes, TermKey
from models.rules import visit
from models.rules.actor import CLOCK
from models.rules.overdue import of_order
from models.rules.reminding import Step, step, steps
from models.rules.term import Unit
from models.rules.term.kinds import BY_NAME, OF_AN_ORDER
from models.rules.workdays import Deadline
from models.tables import Event, LeftOut, Task, TermReminder, TermSweep

AT_ONCE = 5000  # reminders in one statement
STRETCH = 100  # terms worked out without a pause
PROVISIONAL = "SELECT id FROM task WHERE due_provisional AND entry_due <= ?"
Told = defaultdict[tuple[str, str, int, date], set[int]]
"""By threshold of a term (subject, kind, threshold, last day) the accounts that were told of it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A term with the tightest threshold that it has reached: of a task, or of something else (`other`).

    `snoozed`: by account the silence that has ended, after which it is said again.
    """

    task: Task | None
    step: Step
    about: Asked | None = None
    other: OtherTerm | None = None
    snoozed: Mapping[int, int] = field(default_factory=dict, compare=False)

    @property
    def term(self) -> TermKey:
        return self.subject, self.step.kind, self.step.due

    @property
    def subject(self) -> str:
        if self.about and self.step.kind in OF_AN_ORDER:
            return f"rectification:{self.about.id}"
        return f"task:{self.task.id}" if self.task else self.other.subject if self.other else ""

    @property
    def key(self) -> tuple[str, str, int, date]:
        return self.subject, self.step.kind, self.step.threshold, self.step.due

    def words(self) -> dict[str, Any]:
        params: dict[str, Any] = {
            "kind": self.step.kind, "left": self.step.left, "threshold": self.step.threshold,
            "due": self.step.due.isoformat(),
        }  # fmt: skip
        if self.other:
            about, code = self.other.about or None, self.other.officer
            return {"task": "", "named": self.other.named, "code": code, "about": about, **params}
        assert self.task
        return {
            "task": self.task.number, "id": self.task.id, "about": self.about.id if self.about else None,
            "provisional": self.step.kind in ("entry", "receipt") and self.task.due_provisional, **params,
        }  # fmt: skip


async def sweep(*, at: datetime, district: District) -> int:
    """Owe everybody what is due now, one message a person; returns how many messages were made.

    In the quiet hours nothing is said. What was said already is known from the database.
    """
    if district.quiet_hours.hold(at):
        return 0
    counted_again = await _count_again(at, district)
    today = visit.local_day(at)
    fresh = not await TermSweep.exists(day=today)
    whole_day = fresh or bool(counted_again)
    lapsed = await rectification_term.chase(at=at) if whole_day else 0
    due = [
        *await _due(at, district, fresh=whole_day),
        *(await _due_orders(at, district) if whole_day else []),
    ]
    others = await _due_otherwise(at, district) if whole_day else []
    chased = await unconfirmed.chase(at=at, district=district) if whole_day else 0
    silences = await snoozes.of_subjects(item.subject for item in (*due, *others))
    already = await _already([*due, *others], silences, today)
    pieces = [
        *(await _owed(due, already, silences, today) if due else []),
        *(await _owed_otherwise(others, already, silences, today) if others else []),
    ]
    told = await _tell(pieces, at, today if fresh else None) if fresh or await _news(pieces) else 0
    return chased + lapsed + told


async def _due(at: datetime, district: District, *, fresh: bool) -> list[Due]:
    """`fresh`: the whole day's terms; else only what is counted in hours."""
    if fresh:
        rows = await terms_due.of_the_day(at, district.calendar, district.terms)
    else:
        rows = await terms_due.of_the_hour(at, district.terms)
    if not rows:
        return []
    facts = await overdue.facts_of_each(rows, with_orders=False)
    return [
        Due(task, reached)
        for task in rows
        for reached in steps(facts[task.id], district.calendar, at, district.terms)
        if fresh or BY_NAME[reached.kind].unit == Unit.HOURS
    ]


async def _due_orders(at: datetime, district: District) -> list[Due]:
    """Orders to rectify, each for itself: those of two departments in one task end on days of their own, and so do their
    rechecks (Art. 17)."""
    dues = []
    for task, term in await orders_due.every():
        end = of_order(term.kind, term.day, district.calendar, district.terms)
        if reached := step(BY_NAME[term.kind], end, district.calendar, at):
            dues.append(Due(task, reached, Asked(term.id, term.department, term.officers)))
    return dues


async def _due_otherwise(at: datetime, district: District) -> list[Due]:
    dues = []
    for term in await other_terms.of_the_day(at, district.calendar, district.terms):
        if reached := step(BY_NAME[term.kind], term.end, district.calendar, at):
            dues.append(Due(None, reached, other=term))
    return dues


@store.transactional
async def _tell(pieces: Sequence[NewsItem], at: datetime, day: date | None) -> int:
    """One message a person, and a row for each threshold that was said in it."""
    if day:
        await TermSweep.create(day=day, at=at)
    said_before = {
        (*piece.item.key, account)
        for piece in pieces
        for account in piece.to.accounts
        if account in piece.item.snoozed and await _said_again(piece.item, account, at)
    }
    reminded = dict.fromkeys((*piece.item.key, account) for piece in pieces for account in piece.to.accounts)
    await _note([(*key, at) for key in reminded if key not in said_before])
    await recipients.tell_together(
        pieces, "reminder", at=at, key=_key, payload=lambda what: {"tasks": [item.words() for item in what]}
    )
    return len({account for *_, account in reminded})


async def _note(reminders: Sequence[tuple[Any, ...]]) -> None:
    """Rows of `TermReminder`, many of a morning: as values, not as models."""
    for start in range(0, len(reminders), AT_ONCE):
        some = reminders[start : start + AT_ONCE]
        places = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(some))
        await store.run_one(
            f"INSERT INTO term_reminder (subject, kind, threshold, due, account_id, at) VALUES {places}",  # noqa: S608
            *(value for row in some for value in row),
        )


async def _said_again(item: Due, account: int, at: datetime) -> bool:
    """Move the reminder of before the silence to now; False where there was none at this threshold."""
    subject, kind, threshold, due = item.key
    before = TermReminder.filter(subject=subject, kind=kind, threshold=threshold, due=due, account_id=account)
    return bool(await before.update(at=at))


def _key(account: int, what: list[Due]) -> str:
    items = ",".join(":".join(map(str, (*item.key, *_after(item, account)))) for item in what)
    return f"reminder:{account}:{hashlib.sha256(items.encode()).hexdigest()[:32]}"


def _after(item: Due, account: int) -> tuple[str, ...]:
    """What tells a message after a silence from the one before it."""
    return (f"again{item.snoozed[account]}",) if account in item.snoozed else ()


async def _news(pieces: Sequence[NewsItem]) -> bool:
    """True if somebody has not been told yet, or nobody has written down yet that somebody could not be."""
    if any(piece.to.accounts for piece in pieces):
        return True
    keys = {left_out.name(_key(0, [piece.item]), who) for piece in pieces for who in piece.to.missing}
    return bool(keys) and await LeftOut.filter(key__in=keys).count() < len(keys)


async def _owed(due: Sequence[Due], already: Told, silences: Snoozes, today: date) -> list[NewsItem]:
    """Who has not been told what yet; of thresholds passed over only the tightest is said."""
    mine = [(item.task, item.step, item.about) for item in due if item.task]
    rows = await term_recipients.rows_of([(task, reached) for task, reached, _ in mine])
    pieces = []
    for count, (task, reached, about) in enumerate(mine, 1):
        if count % STRETCH == 0:
            await asyncio.sleep(0)  # whoever waits is answered in between
        for asked in (about,) if about else rows.about(task, reached):
            what = Due(task, reached, asked)
            what = replace(what, snoozed=silences.ended(what.term, today))
            to_whom = rows.to(task, reached, asked).but(
                *already[what.key], *silences.silent(what.term, today)
            )
            pieces.append(_piece(what, task, to_whom))
    return pieces


async def _owed_otherwise(
    due: Sequence[Due], already: Told, silences: Snoozes, today: date
) -> list[NewsItem]:
    due = [replace(item, snoozed=silences.ended(item.term, today)) for item in await _not_in_the_trail(due)]
    terms = [(item.other, item.step) for item in due if item.other]
    to_whom = await term_recipients.of_others(terms)
    return [
        NewsItem(to.but(*already[item.key], *silences.silent(item.term, today)), item.other.chain, "", item)
        for item, to in zip(due, to_whom, strict=True)
        if item.other
    ]


async def _not_in_the_trail(due: Sequence[Due]) -> list[Due]:
    """Without certificates whose threshold an older version told of: it noted that in the trail alone."""
    keys = {
        f"{item.subject}:{item.step.due}:{item.step.threshold}": item
        for item in due
        if item.step.kind == "certificate"
    }
    told = [keys[str(row.key)] for row in await Event.filter(key__in=list(keys))] if keys else []
    return [item for item in due if item not in told]


async def _already(due: Sequence[Due], silences: Snoozes, today: date) -> Told:
    """By threshold who was told of it; what was said before a silence that has ended does not count."""
    told: Told = defaultdict(set)
    subjects = list({item.subject for item in due})
    reminders = TermReminder.filter(subject__in=subjects)
    columns = ("subject", "kind", "threshold", "due", "account_id", "at")
    for subject, kind, threshold, due_, account, at in (
        await reminders.values_list(*columns) if subjects else ()
    ):
        over = silences.over((subject, kind, due_), account, today)
        if over and at <= over.at:
            continue
        told[subject, kind, threshold, due_].add(account)
    return told


def _piece(what: Due, task: Task, to_whom: recipients.Recipients) -> NewsItem:
    """A request for recusal is named in no task's trail."""
    if what.step.kind == "recusal" and what.about:
        return NewsItem(to_whom, f"recusal:{what.about.id}", "", what)
    return NewsItem(to_whom, f"task:{task.number}", task.number, what)


async def _count_again(at: datetime, district: District) -> list[int]:
    """A provisional deadline becomes firm, or another day, when its year's list is announced (D77); which tasks."""
    moved = []
    listed = date(max(district.calendar.announced, default=1), 12, 31)
    provisional = [row["id"] for row in await store.run_one(PROVISIONAL, listed)]
    for task in await counted_from_the_end().filter(id__in=provisional) if provisional else ():
        if task.ended_at is None:
            continue
        due = district.calendar.nth_workday_after(visit.local_day(task.ended_at))
        if (due.date, due.provisional) != (task.entry_due, True):
            await _moved(task.id, due, at)
            moved.append(task.id)
    return moved


@store.transactional
async def _moved(task_id: int, due: Deadline, at: datetime) -> None:
    task = await counted_from_the_end().get_or_none(id=task_id)
    if task is None:
        return
    task.entry_due, task.due_provisional = due.date, due.provisional
    await task.save(update_fields=["entry_due", "due_provisional"])
    day = due.date.isoformat()
    await tasks.note(task, "deadline.counted_again", by=CLOCK, at=at, due=day, provisional=due.provisional)
