"""改日再查: a visit is broken off and goes on another day, every answer and photo in place (Art. 15, 16)."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure import notice_records, notification
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.text import visible
from models.states import TaskState as T
from models.tables import Assignment, Suspension, Task


@store.transactional
async def suspend(number: str, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The leader breaks the visit off, and the entity is told in writing that its letter's time is over; another time is
    settled, told and begun like the first one."""
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, T.ON_SITE, article="16")
    if not visible(reason).strip():
        raise Refusal("suspension.no_reason", article="16", task=number)
    row = await Suspension.create(task=task, reason=reason.strip(), by=by.id, at=at)
    await tasks.to(
        task, T.SCHEDULED, "16", visit_from=None, visit_until=None, proposed_from=None, proposed_until=None
    )
    there = Assignment.filter(task=task, until=None)
    await there.update(arrived_at=None)
    told = await notification.owe(task, "suspended", at, row.id)
    await tasks.note(
        task, "visit.suspended", by=by, at=at, key=key, rows=[row, *await there, *told], suspension=row.id,
        reason=row.reason,
    )  # fmt: skip
    await notice_records.tell_team(
        task, "visit.suspended", f"suspended:{row.id}", at, but=by.account, reason=row.reason
    )


async def resume(task: Task, *, at: datetime) -> Suspension | None:
    """The visit begins again: the suspension that was open is over. Part of beginning, no act of its own."""
    row = await Suspension.filter(task=task, resumed_at=None).order_by("-id").first()
    if row:
        row.resumed_at = at
        await row.save(update_fields=["resumed_at"])
    return row
