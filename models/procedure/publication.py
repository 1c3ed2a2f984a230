"""公示: recorded on the provincial platform, answered by the entity, then open to all (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import notification
from models.procedure import task as tasks
from models.queries import publication as queries
from models.refusal import Refusal
from models.rules import publication as rules
from models.rules import visit
from models.rules.actor import Actor, Role, require
from models.rules.text import visible
from models.states import RECEIPT_DUE
from models.states import TaskState as T
from models.tables import PlatformReceipt, Publication, Result, Task


@store.transactional
async def record(
    number: str, receipt: str, day: date | None = None, *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """Keep the provincial platform's receipt: its number and day, whenever it comes once the visit is over.

    Entered again it takes the place of the one before. Refused: a number that another task has, a day before
    the end of the visit or to come. By the head of the initiating department or the leader.
    """
    registered = rules.receipt_number(receipt)
    await event.lock(f"receipt {registered}")
    task = await tasks.find(number)
    if by.role == Role.INSPECTOR:
        await tasks.leading(task, by)
    else:
        await of_the_head(task, by)
    received = day or visit.local_day(at)
    standing = await PlatformReceipt.get_or_none(task=task, replaced_at=None)
    same = standing is not None and (standing.number, standing.day) == (registered, received)
    if same or await event.find_by_key(key):
        return
    tasks.in_state(task, *RECEIPT_DUE, article="8")
    assert task.ended_at
    rules.check_receipt_day(received, visit.local_day(task.ended_at), visit.local_day(at))
    if other := await _elsewhere(task, registered):
        raise Refusal("publication.receipt_used", article="8", receipt=registered, other=other)
    rows = [await PlatformReceipt.create(task=task, number=registered, day=received, by=by.mark, at=at)]
    if standing:
        standing.replaced_at = at
        await standing.save(update_fields=["replaced_at"])
        rows.append(standing)
    task.platform_receipt = registered
    await task.save(update_fields=["platform_receipt"])
    if task.state == T.REVIEWED:
        await tasks.to(task, T.RECORDED, "8")
    await tasks.note(
        task,
        "result.recorded",
        by=by,
        at=at,
        key=key,
        rows=rows,
        receipt=registered,
        day=received.isoformat(),
    )


async def _elsewhere(task: Task, number: str) -> str:
    """The task that has this receipt already."""
    row = (
        await PlatformReceipt.filter(number=number, replaced_at=None)
        .exclude(task=task)
        .select_related("task")
        .first()
    )
    if row:
        return str(row.task.number)
    older = await Task.filter(platform_receipt=number).exclude(id=task.id).first()
    return older.number if older else ""


@store.transactional
async def publish(
    number: str,
    *,
    by: Actor,
    at: datetime,
    district: District,
    unsigned: str = "",
    untold: str = "",
    key: str | None = None,
) -> None:
    """Open the reviewed result to all, once the entity had its days to answer or said 无异议.

    `unsigned`: why there is no signed record sheet; `untold`: why the entity could not be told of the result.
    """
    task = await tasks.find(number)
    await of_the_head(task, by)
    if await event.find_by_key(key) or task.state == T.PUBLISHED:
        return
    tasks.in_state(task, T.REVIEWED, T.RECORDED, article="16(3)")
    standing, reasons = (
        await queries.standing(task),
        {"unsigned": visible(unsigned).strip(), "untold": visible(untold).strip()},
    )
    rules.check(district.calendar, district.reply_days, standing, visit.local_day(at), **reasons)
    result = await Result.filter(task=task).order_by("-version").first()
    needed = {
        "unsigned": "" if standing.signed else reasons["unsigned"],
        "untold": "" if standing.told or standing.agreed else reasons["untold"],
    }
    await tasks.to(task, T.PUBLISHED, "16(3)", published_at=at)
    public = await opened(task, "published", result, by=by, at=at, **needed)
    told = await notification.owe(task, "published", at, public.id)
    await tasks.note(
        task, "result.published", by=by, at=at, key=key, rows=[public, *told], day=visit.local_day(at).isoformat(),
        **{name: reason for name, reason in needed.items() if reason},
    )  # fmt: skip
    await outbox.enqueue_follow_up([f"review:{task.id}"], at=at)


async def opened(
    task: Task, kind: str, result: Result | None, *, by: Actor, at: datetime, **reasons: Any
) -> Publication:
    """What is public from now on. Part of an act."""
    return await Publication.create(task=task, kind=kind, result=result, by=by.mark, at=at, **reasons)


async def of_the_head(task: Task, by: Actor) -> None:
    """The head of the initiating department; the task is unknown to every other."""
    require(by, Role.HEAD, article="16(3)")
    if by.department != await tasks.initiating(task):
        raise Refusal("task.unknown", article="16(3)", task=task.number)
