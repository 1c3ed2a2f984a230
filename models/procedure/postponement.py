"""改期: the entity asks for another time, once; the leader decides (Art. 16 (2)).

A free window that the leader agrees to is proposed to the members in the same act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, notification, schedule
from models.procedure import task as tasks
from models.queries import free_times as windows
from models.refusal import Refusal
from models.rules import visit
from models.rules.actor import Actor
from models.rules.free_times import Window
from models.rules.text import visible
from models.states import BEFORE_THE_VISIT, TO_VISIT
from models.tables import Batch, Notice, Postponement, Task


@dataclass(frozen=True, slots=True)
class PostponementDecision:
    """What the leader decided. `proposed`: the window that the entity asked for stands proposed to the members."""

    granted: bool
    proposed: bool


@store.transactional
async def ask(
    number: str,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    wanted: str = "",
    window: Window | None = None,
    key: str | None = None,
) -> int:
    """申请改期: once for each task, with a reason and, if it likes, one of the team's free windows. Its id."""
    letter = await notice_records.by_number(number)
    await notice_records.for_entity(letter, by)
    task = await tasks.find((await Task.get(id=letter.task_id)).number)
    earlier = await Postponement.filter(notice__task_id=letter.task_id).first()
    if await event.find_by_key(key) and earlier:
        return earlier.id
    await notice_records.heard(number, by)
    if not visible(reason).strip():
        raise Refusal("notice.postponement_needs_reason", article="16(2)")
    if earlier:
        raise Refusal("notice.postponed_once", article="16(2)")
    tasks.in_state(task, *BEFORE_THE_VISIT, article="16(2)")
    if window:
        await _refuse_taken(task, window, at)
    return await _asked(letter, reason.strip(), wanted, window, by, at, key)


async def _asked(
    letter: Notice, reason: str, wanted: str, window: Window | None, by: Actor, at: datetime, key: str | None
) -> int:
    begins, ends = window or (None, None)
    asked = await Postponement.create(
        notice=letter, reason=reason, wanted=wanted, wanted_from=begins, wanted_until=ends, asked_by=by.mark,
        asked_at=at,
    )  # fmt: skip
    wish = {"reason": reason, "wanted": wanted, "begins": begins.isoformat() if begins else ""}
    await notice_records.record(letter, "notice.postponement_asked", by, at, key=key, rows=[asked], **wish)
    await notice_records.tell_leader_of(
        letter, "notice.postponement_asked", f"postpone:{asked.id}", at, postponement=asked.id
    )
    return asked.id


async def _refuse_taken(task: Task, window: Window, at: datetime) -> None:
    batch = await Batch.get(code=task.batch_id)
    offered = window.begins in visit.starts_offered(visit.local_day(window.begins), at)
    within = batch.opens <= visit.local_day(window.begins) <= batch.closes
    free = not any(window.meets(other) for other in await windows.taken(task, at, batch.closes))
    if not (offered and within and free and window.ends - window.begins == visit.LASTS):
        raise Refusal("notice.window_gone", article="16(2)")


@store.transactional
async def decide(
    asked_id: int, granted: bool, *, by: Actor, at: datetime, key: str | None = None
) -> PostponementDecision:
    """The leader agrees (a window still free is proposed at once) or keeps the time; the entity is told.

    Once the visit has begun there is no other time to grant; the entity is answered all the same.
    """
    asked = await Postponement.get_or_none(id=asked_id).select_related("notice")
    if asked is None:
        raise Refusal("notice.unknown", article="16(2)")
    task = await tasks.find((await Task.get(id=asked.notice.task_id)).number)
    await tasks.leading(task, by)
    await asked.refresh_from_db(fields=["granted"])
    window = (
        Window(asked.wanted_from, asked.wanted_until) if asked.wanted_from and asked.wanted_until else None
    )
    if asked.granted is None:
        if granted:
            tasks.in_state(task, *TO_VISIT, article="16(2)")
        asked.granted, asked.decided_by, asked.decided_at = granted, by.mark, at
        await asked.save(update_fields=["granted", "decided_by", "decided_at"])
        kind = "notice.postponement_decided"
        told = await notification.owe(task, "postponed", at, asked.id)
        await notice_records.record(asked.notice, kind, by, at, key=key, rows=[asked, *told], granted=granted)
        await outbox.enqueue_follow_up([f"postponement:{asked.id}"], at=at)
        if granted and window and await _propose(task, window, by, at):
            return PostponementDecision(granted, proposed=True)
    return PostponementDecision(asked.granted, (task.proposed_from, task.proposed_until) == window)


async def _propose(task: Task, window: Window, by: Actor, at: datetime) -> bool:
    """False for a window taken or past in the meantime: it is left, and the leader proposes another time."""
    try:
        await schedule.propose(task.number, *window, by=by, at=at)
    except Refusal as gone:
        if gone.code not in ("visit.two_at_once", "visit.in_the_past", "visit.outside_batch", "task.state"):
            raise
        return False
    return True
