"""回避申请: that an officer stay away; the head of that officer's department alone reads why (Art. 14 (2), 16 (2)).

The request stands in no task's chain: one of its own keeps the hash of the reason, so that nothing can be changed.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, notification, team
from models.procedure import task as tasks
from models.queries.entity import RecusalToDecide, recusal_of
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.text import visible
from models.states import TO_VISIT_OR_ON_SITE
from models.tables import Assignment, Inspector, RecusalRequest, Task


@store.transactional
async def ask(
    number: str, seat: int, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> RecusalToDecide:
    """Against the officer of this seat, once for each officer."""
    _, task = await notice_records.heard(number, by)
    place = await Assignment.get_or_none(id=seat, task=task, until=None).select_related(
        "inspector", "task__target"
    )
    if place is None:
        raise Refusal("recusal.no_officer", article="16(2)")
    asked = RecusalRequest.filter(task=task, inspector_id=place.inspector_id).first()
    if earlier := await asked.select_related("inspector", "task__target"):
        if reason.strip() not in ("", earlier.reason):  # another reason would be lost: say so
            raise Refusal("recusal.asked_already", article="16(2)")
        return recusal_of(earlier)
    tasks.in_state(task, *TO_VISIT_OR_ON_SITE, article="14(2)")
    if not visible(reason).strip():
        raise Refusal("recusal.no_reason", article="16(2)")
    request = await RecusalRequest.create(
        task=place.task, inspector=place.inspector, reason=reason.strip(), by=by.mark, at=at
    )
    own, digest = f"recusal:{request.id}", hashlib.sha256(request.reason.encode()).hexdigest()
    await event.record(own, "recusal.asked", by=by, at=at, key=key, reason_sha256=digest)
    await notice_records.tell_head(
        task, place.department, "recusal.asked", own, at, chain=own, recusal=request.id
    )
    return recusal_of(request)


@store.transactional
async def decide(
    request_id: int, granted: bool, text: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> RecusalToDecide:
    """The head of the officer's own department; granted, the next ticket steps in, in the head's name."""
    require(by, Role.HEAD, article="14(2)")
    row = await RecusalRequest.get_or_none(id=request_id).select_related("inspector", "task__target")
    if row is None or row.inspector.department != by.department:
        raise Refusal("recusal.unknown", article="14(2)")
    await event.lock(f"recusal {row.id}")
    await row.refresh_from_db()
    if row.granted is not None or await event.find_by_key(key):
        return recusal_of(row)
    if granted:
        await _substitute(row.task, row.inspector, by, at)
    row.granted, row.said, row.decided_by, row.decided_at = granted, text.strip(), by.mark, at
    await row.save(update_fields=["granted", "said", "decided_by", "decided_at"])
    kind = "recusal.granted" if granted else "recusal.refused"
    await event.record(f"recusal:{row.id}", kind, by=by, at=at, key=key)
    await outbox.enqueue_follow_up([f"recusal:{row.id}"], at=at)
    await outbox.desks(by.department, f"recusal:{row.id}", at=at)
    told = await notification.owe(row.task, "recused", at, row.id)
    await tasks.note(row.task, "entity.owed", by=by, at=at, rows=told, step="recused")
    return recusal_of(row)


async def _substitute(task: Task, officer: Inspector, by: Actor, at: datetime) -> None:
    if await Assignment.exists(task=task, inspector=officer, until=None):
        tasks.in_state(task, *TO_VISIT_OR_ON_SITE, article="14(2)")
        await team.recuse(task, officer, by=by, at=at)
