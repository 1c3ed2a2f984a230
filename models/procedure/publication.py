"""公示: recorded on the provincial platform, then open to all, without names of people (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.procedure import entry, event
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules import visit
from models.rules.actor import Actor, Role, require
from models.states import TaskState as T
from models.tables import Task


@store.transactional
async def record(number: str, receipt: str, *, by: Actor, at: datetime, key: str | None = None) -> Task:
    """Keep the provincial platform's receipt number; one that another task has is refused."""
    task = await _for_publication(number, by)
    if await event.happened(key) or (task.state == T.RECORDED and task.platform_receipt == receipt.strip()):
        return task
    tasks.in_state(task, T.REVIEWED, article="8")
    if not receipt.strip():
        raise Refusal("publication.no_receipt", article="8", task=number)
    if other := await Task.get_or_none(platform_receipt=receipt.strip()):
        raise Refusal("publication.receipt_used", article="8", receipt=receipt.strip(), other=other.number)
    await tasks.to(task, T.RECORDED, "8", platform_receipt=receipt.strip())
    await tasks.note(task, "result.recorded", by=by, at=at, key=key, receipt=receipt.strip())
    return task


@store.transactional
async def publish(number: str, *, by: Actor, at: datetime, key: str | None = None) -> Task:
    """Open the reviewed result to all."""
    task = await _for_publication(number, by)
    if await event.happened(key) or task.state == T.PUBLISHED:
        return task
    tasks.in_state(task, T.REVIEWED, T.RECORDED, article="16(3)")
    await tasks.to(task, T.PUBLISHED, "16(3)", published_at=at)
    await tasks.note(task, "result.published", by=by, at=at, key=key, day=visit.local_day(at).isoformat())
    return task


async def _for_publication(number: str, by: Actor) -> Task:
    require(by, Role.HEAD, article="16(3)")
    task = await tasks.find(number)
    if by.department != await entry.initiating(task):
        raise Refusal("task.unknown", article="16(3)", task=number)
    return task
