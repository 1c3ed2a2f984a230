"""期限提醒: the 20 working days are asked of the database, never of a timer in memory (Art. 16 (3)).

At 10, 5, 2, 1 and 0 working days left and when overdue, once each: the officers and their leader, from the
last day the heads of their departments too. What fell due while the server was off comes as one message.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from models import store
from models.district import District
from models.procedure import left_out, recipients, unconfirmed
from models.procedure import task as tasks
from models.procedure.recipients import Piece, Recipients
from models.rules import visit
from models.rules.actor import CLOCK
from models.rules.workdays import Calendar, Deadline
from models.states import TaskState as T
from models.tables import Assignment, LeftOut, Reminder, Task

THRESHOLDS = (10, 5, 2, 1, 0, -1)
HEADS_FROM = 0
FIRST, LAST = time(7, 30), time(21, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A task with the tightest threshold that it has reached."""

    task: Task
    left: int
    threshold: int

    def words(self) -> dict[str, Any]:
        assert self.task.entry_due
        return {
            "task": self.task.number, "left": self.left, "threshold": self.threshold,
            "due": self.task.entry_due.isoformat(), "provisional": self.task.due_provisional,
        }  # fmt: skip


def threshold(left: int) -> int | None:
    """The tightest threshold reached with `left` working days; None while more than ten are left."""
    reached = [t for t in THRESHOLDS if left <= t]
    return min(reached) if reached else None


async def sweep(*, at: datetime, district: District) -> int:
    """Owe everybody what is due now, one message a person; returns how many messages were made.

    Between 21:00 and 07:30 nothing is said. What was said already is known from the database.
    """
    if not FIRST <= at.astimezone(visit.SHANGHAI).time() < LAST:
        return 0
    await _count_again(at, district)
    due = await _reached(visit.local_day(at), district.calendar)
    chased = await unconfirmed.chase(at=at, district=district)
    return chased + (await _tell(due, at) if await _news(due) else 0)


async def _reached(today: date, calendar: Calendar) -> list[Due]:
    due = []
    for task in await Task.filter(state=T.CONCLUDED, entry_due__isnull=False).order_by("entry_due", "id"):
        assert task.entry_due
        left = calendar.workdays_between(today, task.entry_due) if today <= task.entry_due else -1
        reached = threshold(left)
        if reached is None:
            break
        due.append(Due(task, left, reached))
    return due


@store.transactional
async def _tell(due: list[Due], at: datetime) -> int:
    """One message a person, and a row for each threshold that was said in it."""
    pieces = await _owed(due)
    reminded = [(piece.item, account) for piece in pieces for account in piece.to.accounts]
    await store.insert([
        Reminder(task=item.task, threshold=item.threshold, account_id=account, due=item.task.entry_due, at=at)
        for item, account in reminded
    ])  # fmt: skip
    await recipients.tell_together(
        pieces, "reminder", at=at, key=_key, payload=lambda what: {"tasks": [item.words() for item in what]}
    )
    return len({account for _, account in reminded})


def _key(account: int, what: list[Due]) -> str:
    items = ",".join(f"{item.task.id}:{item.threshold}:{item.task.entry_due}" for item in what)
    return f"reminder:{account}:{hashlib.sha256(items.encode()).hexdigest()[:32]}"


async def _news(due: list[Due]) -> bool:
    """True if somebody has not been told yet, or nobody has written down yet that somebody could not be."""
    pieces = await _owed(due)
    keys = {left_out.name(_key(0, [piece.item]), who) for piece in pieces for who in piece.to.missing}
    return any(piece.to.accounts for piece in pieces) or await LeftOut.filter(key__in=keys).count() < len(
        keys
    )


async def _owed(due: list[Due]) -> list[Piece]:
    """Who has not been told what yet; of thresholds passed over only the tightest is said."""
    rows = await Reminder.filter(task_id__in=[item.task.id for item in due])
    reminded = {(row.task_id, row.due, row.threshold): set[int]() for row in rows}
    for row in rows:
        reminded[row.task_id, row.due, row.threshold].add(row.account_id)
    told, pieces = await _told(due), []
    for item in due:
        assert item.task.entry_due
        already = reminded.get((item.task.id, item.task.entry_due, item.threshold), set())
        to_whom = told[item.task.id].but(*already)
        pieces.append(Piece(to_whom, f"task:{item.task.number}", item.task.number, item))
    return pieces


async def _told(due: list[Due]) -> dict[int, Recipients]:
    """By task its officers, the leader first; from the last day their heads as well."""
    serving = Assignment.filter(task_id__in=[item.task.id for item in due], until=None)
    seats: dict[int, list[Assignment]] = defaultdict(list)
    for seat in await serving.order_by("-leader", "id"):
        seats[seat.task_id].append(seat)
    filled = [seat for mine in seats.values() for seat in mine]
    officers = await recipients.each_officer(seat.inspector_id for seat in filled)
    heads = await recipients.each_head(seat.department for seat in filled)
    told: dict[int, Recipients] = {}
    for item in due:
        mine = seats[item.task.id]
        people = [officers[str(seat.inspector_id)] for seat in mine]
        people += [heads[seat.department] for seat in mine if item.threshold <= HEADS_FROM]
        told[item.task.id] = sum(people, Recipients())
    return told


async def _count_again(at: datetime, district: District) -> None:
    """A provisional deadline becomes firm, or another day, when its year's list is announced (D77)."""
    for task in await Task.filter(state=T.CONCLUDED, due_provisional=True, ended_at__isnull=False):
        assert task.ended_at
        due = district.calendar.nth_workday_after(visit.local_day(task.ended_at))
        if (due.date, due.provisional) != (task.entry_due, True):
            await _moved(task.id, due, at)


@store.transactional
async def _moved(task_id: int, due: Deadline, at: datetime) -> None:
    task = await Task.get(id=task_id)
    if task.state != T.CONCLUDED:
        return
    task.entry_due, task.due_provisional = due.date, due.provisional
    await task.save(update_fields=["entry_due", "due_provisional"])
    day = due.date.isoformat()
    await tasks.note(task, "deadline.counted_again", by=CLOCK, at=at, due=day, provisional=due.provisional)
