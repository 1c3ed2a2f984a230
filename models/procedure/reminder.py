"""期限提醒: the 20 working days are asked of the database, never of a timer in memory (Art. 16 (3)).

At 10, 5, 2, 1 and 0 working days left and when overdue, once each: the officers and their leader, from the
last day the heads of their departments too. What fell due while the server was off comes as one message.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from models import store
from models.district import District
from models.procedure import message
from models.procedure import task as tasks
from models.rules import visit
from models.rules.actor import CLOCK, Role
from models.states import TaskState as T
from models.tables import Account, Assignment, Reminder, Task

THRESHOLDS = (10, 5, 2, 1, 0, -1)
HEADS_FROM = 0
FIRST, LAST = time(7, 30), time(21, 0)


def threshold(left: int) -> int | None:
    """The tightest threshold reached with `left` working days; None while more than ten are left."""
    reached = [t for t in THRESHOLDS if left <= t]
    return min(reached) if reached else None


@store.transactional
async def sweep(*, at: datetime, district: District) -> int:
    """Owe everybody what is due now, one message a person; returns how many messages were made."""
    if not FIRST <= at.astimezone(visit.SHANGHAI).time() < LAST:
        return 0
    await _count_again(at, district)
    today = visit.local_day(at)
    owed: dict[int, list[dict[str, object]]] = defaultdict(list)
    for task in await Task.filter(state=T.CONCLUDED, entry_due__isnull=False).order_by("entry_due", "id"):
        assert task.entry_due
        left = district.calendar.workdays_between(today, task.entry_due) if today <= task.entry_due else -1
        reached = threshold(left)
        if reached is None:
            continue
        for account in await _told(task, reached):
            if await _first_time(task, reached, account, at):
                owed[account].append({
                    "task": task.number, "left": left, "threshold": reached, "due": task.entry_due.isoformat(),
                    "provisional": task.due_provisional,
                })  # fmt: skip
    for account, due in owed.items():
        n = await Reminder.filter(account_id=account).count()
        await message.owe(account, "reminder", key=f"reminder:{account}:{today}:{n}", at=at, tasks=due)
    return len(owed)


async def _count_again(at: datetime, district: District) -> None:
    """A provisional deadline becomes firm when its year's list is announced."""
    for task in await Task.filter(state=T.CONCLUDED, due_provisional=True):
        assert task.ended_at
        due = district.calendar.nth_workday_after(visit.local_day(task.ended_at))
        if (due.date, due.provisional) != (task.entry_due, True):
            task.entry_due, task.due_provisional = due.date, due.provisional
            await task.save(update_fields=["entry_due", "due_provisional"])
            await tasks.note(
                task,
                "deadline.counted_again",
                by=CLOCK,
                at=at,
                due=due.date.isoformat(),
                provisional=due.provisional,
            )


async def _told(task: Task, reached: int) -> list[int]:
    """The officers, the leader among them; the heads of their departments from the last day."""
    serving = await Assignment.filter(task=task, until=None)
    people = [str(a.inspector_id) for a in serving]
    told = await Account.filter(inspector_id__in=people, disabled_at=None)
    if reached <= HEADS_FROM:
        told += await Account.filter(
            role=Role.HEAD, department__in=[a.department for a in serving], disabled_at=None
        )
    return [account.id for account in told]


async def _first_time(task: Task, reached: int, account: int, at: datetime) -> bool:
    due: date | None = task.entry_due
    if await Reminder.exists(task=task, threshold__lte=reached, account_id=account, due=due):
        return False
    await Reminder.create(task=task, threshold=reached, account_id=account, due=due, at=at)
    return True
