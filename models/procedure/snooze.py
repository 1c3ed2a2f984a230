"""稍后提醒: somebody puts off hearing of a term, with a reason; those above hear of it all the same (Art. 15, 16 (3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models import store
from models.operations import event
from models.refusal import Refusal
from models.rules import snooze as rules
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.visit import local_day
from models.tables import Snooze, Task, TermReminder

NAMED_IN_NO_TRAIL = ("recusal",)
"""Kinds of which a task's trail says nothing: an entity's request is its officer's head's alone."""


@dataclass(frozen=True, slots=True)
class SnoozedTerm:
    """What is put off, until which day it is silent."""

    subject: str
    kind: str
    due: date
    until: date


@store.transactional
async def snooze(
    reminder: int, until: date, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> SnoozedTerm:
    """Say nothing more of what this reminder was about to this person before the day `until`.

    `reminder`: the number of a reminder that was said to them. Not past the last day, and not once it has come.
    """
    require(by, Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE, article="16(3)")
    row = await _said_to(reminder, by)
    snoozed = SnoozedTerm(row.subject, row.kind, row.due, until)
    if await event.find_by_key(key):
        return snoozed
    reason = text.visible(reason).strip()[: rules.LONGEST]
    rules.check(until, row.due, local_day(at), reason)
    await Snooze.create(
        subject=row.subject, kind=row.kind, due=row.due, account_id=row.account_id, until=until, reason=reason, at=at
    )  # fmt: skip
    await event.record(
        await _trail(row), "term.snoozed", by=by, at=at, key=key, term=row.kind, due=row.due.isoformat(),
        until=until.isoformat(), reason=reason,
    )  # fmt: skip
    return snoozed


async def refuse_others(reminder: int, by: Actor) -> None:
    """Refuse a reminder that was not said to this person, as if there were none (D60)."""
    await _said_to(reminder, by)


async def _said_to(reminder: int, by: Actor) -> TermReminder:
    """The reminder with this number, if it was said to this person; one account of the office stands for another."""
    row = await TermReminder.get_or_none(id=reminder).select_related("account")
    if row is None or not (row.account_id == by.account or by.role == row.account.role == Role.OFFICE):
        raise Refusal("snooze.unknown", article="16(3)")
    return row


async def _trail(row: TermReminder) -> str:
    """The task's, or the person's own where the term hangs on no task."""
    of, _, number = row.subject.partition(":")
    if of == "task" and row.kind not in NAMED_IN_NO_TRAIL:
        task = await Task.get_or_none(id=int(number))
        if task:
            return f"task:{task.number}"
    return f"account:{row.account_id}"
