"""Letters that wait for a department's head, and why one was sent back (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import RawSQL, Subquery

from models.states import NoticeState
from models.tables import Assignment, Event, Notice, Task


@dataclass(frozen=True, slots=True)
class NoticeToApprove:
    """A letter that its leader stands by, not yet agreed to."""

    id: int
    number: str
    task: str
    target: str
    leader: str
    begins: datetime | None
    ends: datetime | None
    at: datetime


async def approvals(department: str) -> tuple[NoticeToApprove, ...]:
    """The letters of this department's leaders that its head has still to decide."""
    led = Assignment.filter(
        leader=True, until=None, department=department, task_id=RawSQL('"notice"."task_id"')
    )
    rows = Notice.filter(
        state=NoticeState.DRAFTED, withheld_basis="", task_id__in=Subquery(led.values("task_id"))
    )
    notices = sorted(await rows.select_related("task__target"), key=lambda row: row.id)
    seats = Assignment.filter(task_id__in=[row.task_id for row in notices], leader=True, until=None)
    leaders = {seat.task_id: seat.inspector.name for seat in await seats.select_related("inspector")}
    return tuple(
        NoticeToApprove(
            row.id, row.number, row.task.number, row.task.target.name, leaders.get(row.task_id, ""),
            row.task.visit_from, row.task.visit_until, row.created_at,
        )
        for row in notices
    )  # fmt: skip


async def sent_back(tasks: Iterable[str]) -> dict[str, str]:
    """Task number to the head's reason, where the newest letter was sent back."""
    numbers = list(tasks)
    newest: dict[str, Notice] = {}
    theirs = Subquery(Task.filter(number__in=numbers).values("id"))
    for row in await Notice.filter(task_id__in=theirs).order_by("version").select_related("task"):
        newest[row.task.number] = row
    back = {n for n, row in newest.items() if row.state == NoticeState.REVOKED and row.head_at}
    chains = [f"task:{number}" for number in sorted(back)]
    reasons: dict[str, str] = {}
    for event in await Event.filter(chain__in=chains, kind="notice.head_refused").order_by("id"):
        reasons[event.chain.removeprefix("task:")] = str(event.data.get("reason", ""))
    return reasons
