"""合并上门: a leader proposes that two batches' visits at one target are one; both leaders and both heads accept (Art. 15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import recipients
from models.procedure import task as tasks
from models.queries import visit_joins
from models.queries.answering_party import key_of
from models.queries.visit_joins import JoinProposal
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.states import TO_VISIT
from models.tables import Task, VisitJoin

ARTICLE = "15"


@store.transactional
async def propose(
    number: str, other: str, *, by: Actor, at: datetime, key: str | None = None
) -> JoinProposal:
    """Propose one visit for both tasks; the proposer has accepted, the other leader and the heads are asked."""
    await tasks.turns([number, other])
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if done := await event.find_by_key(key):
        return await _read(await VisitJoin.get(id=done.data["join"]))
    candidates = {visit.other for visit in await visit_joins.joinable(by.id, at) if visit.number == number}
    if other not in candidates:
        raise Refusal("visit.join_not_possible", ARTICLE, task=number, other=other)
    row = await VisitJoin.create(
        task_id=task.id, other_id=(await tasks.find(other)).id, answers={key_of(by): _answer(True, "", by, at)},
        proposed_by=by.mark, proposed_at=at,
    )  # fmt: skip
    await _note(row, "visit.join_proposed", by, at, key)
    await _tell(row, "visit.join_asked", by, at)
    return await _read(row)


@store.transactional
async def answer(
    join_id: int, agree: bool, reason: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> JoinProposal:
    """A leader or a head accepts, or objects with a reason, which ends the proposal. With the last word the two are one."""
    require(by, Role.INSPECTOR, Role.HEAD, article=ARTICLE)
    row = await _standing(join_id, by)
    if await event.find_by_key(key):
        return await _read(row)
    if row.joined_at or row.ended_at or not await visit_joins.to_come(row):
        raise Refusal("visit.join_over", ARTICLE)
    why = text.visible(reason).strip()[:500]
    if not agree and not why:
        raise Refusal("visit.join_needs_reason", ARTICLE)
    row.answers = {**row.answers, key_of(by): _answer(agree, why, by, at)}
    everybody = await visit_joins.asked(row)
    if not agree:
        row.ended_at, row.ended_by, row.end_reason = at, by.mark, why
    elif all(row.answers.get(party, {}).get("agreed") for party in everybody):
        row.joined_at = at
    await row.save(update_fields=["answers", "ended_at", "ended_by", "end_reason", "joined_at"])
    kind = "visit.joined" if row.joined_at else "visit.join_accepted" if agree else "visit.join_objected"
    await _note(row, kind, by, at, key)
    if kind != "visit.join_accepted":
        await _tell(row, kind, by, at)
    await outbox.enqueue_follow_up([f"visit_join:{row.id}"], at=at)
    return await _read(row)


@store.transactional
async def part(join_id: int, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> JoinProposal:
    """A leader takes the two apart again, with a reason, before either visit has begun; times that stand go on standing."""
    require(by, Role.INSPECTOR, article=ARTICLE)
    row = await _standing(join_id, by)
    if row.ended_at:
        return await _read(row)
    if not (why := text.visible(reason).strip()[:500]):
        raise Refusal("visit.join_needs_reason", ARTICLE)
    for task in await Task.filter(id__in=[row.task_id, row.other_id]):
        tasks.in_state(task, *TO_VISIT, article=ARTICLE)
    row.ended_at, row.ended_by, row.end_reason = at, by.mark, why
    await row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    await _note(row, "visit.join_parted", by, at, key)
    await _tell(row, "visit.join_parted", by, at)
    await outbox.enqueue_follow_up([f"visit_join:{row.id}"], at=at)
    return await _read(row)


def _answer(agree: bool, reason: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {"agreed": agree, "reason": reason, "by": by.mark, "at": at.isoformat()}


async def _standing(join_id: int, by: Actor) -> VisitJoin:
    """The proposal, once nobody else acts on either task; unknown to whoever is not asked."""
    row = await VisitJoin.get_or_none(id=join_id)
    if row is None or key_of(by) not in await visit_joins.asked(row):
        raise Refusal("visit.join_unknown", ARTICLE)
    await tasks.turns([task.number for task in await Task.filter(id__in=[row.task_id, row.other_id])])
    return await VisitJoin.get(id=join_id)


async def _note(row: VisitJoin, kind: str, by: Actor, at: datetime, key: str | None) -> None:
    """In the trails of both tasks; the row is sealed by the first one's."""
    first, second = await Task.get(id=row.task_id), await Task.get(id=row.other_id)
    await tasks.note(first, kind, by=by, at=at, key=key, rows=[row], join=row.id, other=second.number)
    await tasks.note(second, kind, by=by, at=at, join=row.id, other=first.number)


async def _tell(row: VisitJoin, kind: str, by: Actor, at: datetime) -> None:
    """Both leaders and both heads, save whoever did it."""
    first, second = await Task.get(id=row.task_id), await Task.get(id=row.other_id)
    heads = [key.partition(":")[2] for key in await visit_joins.asked(row) if key.startswith(f"{Role.HEAD}:")]
    everybody = (
        await recipients.leader(first) + await recipients.leader(second) + await recipients.heads(heads)
    )
    await recipients.tell(
        everybody.but(by.account), kind, key=f"join:{row.id}:{kind}", at=at, chain=f"task:{first.number}", join=row.id,
        task=first.number,
    )  # fmt: skip


async def _read(row: VisitJoin) -> JoinProposal:
    return await visit_joins.of_row(row)
