"""改期: the entity asks for another time, once; the leader decides (Art. 16 (2))."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.procedure import event, message, trail
from models.procedure import task as tasks
from models.procedure.trail import GIVEN
from models.refusal import Refusal
from models.rules.actor import Actor
from models.tables import Account, Postponement, Task


@store.transactional
async def ask(
    number: str, reason: str, *, by: Actor, at: datetime, wanted: str = "", key: str | None = None
) -> Postponement:
    """申请改期: once for each task, with a reason; the leader decides."""
    found = await trail.given(number)
    await trail.of_its_entity(found, by)
    earlier = await Postponement.filter(notice__task_id=found.task_id).first()
    if await event.happened(key) and earlier:
        return earlier
    if found.state not in GIVEN:
        raise Refusal("notice.not_standing", article="16(2)", number=number, state=found.state)
    if not reason.strip():
        raise Refusal("notice.postponement_needs_reason", article="16(2)")
    if earlier:
        raise Refusal("notice.postponed_once", article="16(2)")
    asked = await Postponement.create(
        notice=found, reason=reason.strip(), wanted=wanted, asked_by=by.mark, asked_at=at
    )
    wish = {"reason": reason.strip(), "wanted": wanted}
    await trail.note(found, "notice.postponement_asked", by, at, key=key, rows=[asked], **wish)
    await trail.tell_leader(found, "notice.postponement_asked", f"postpone:{asked.id}", at, postponement=asked.id)
    return asked


@store.transactional
async def decide(
    asked_id: int, granted: bool, *, by: Actor, at: datetime, key: str | None = None
) -> Postponement:
    """The leader agrees (and proposes another time) or keeps the time; the entity is told either way."""
    asked = await Postponement.get_or_none(id=asked_id).select_related("notice")
    if asked is None:
        raise Refusal("notice.unknown", article="16(2)")
    task = await Task.get(id=asked.notice.task_id)
    await tasks.leading(task, by)
    if asked.granted is None:
        asked.granted, asked.decided_by, asked.decided_at = granted, by.mark, at
        await asked.save(update_fields=["granted", "decided_by", "decided_at"])
        kind = "notice.postponement_decided"
        await trail.note(asked.notice, kind, by, at, key=key, rows=[asked], granted=granted)
        for entity in await Account.filter(target_id=task.target_id, disabled_at=None):
            await message.owe(
                entity,
                "notice.postponement_decided",
                key=f"postponed:{asked.id}:{entity.id}",
                at=at,
                notice=asked.notice.id,
                granted=granted,
            )
    return asked
