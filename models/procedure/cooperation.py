"""不予配合情形认定: written down by one officer, confirmed by a second, decided by the head (Art. 18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import notice_records
from models.procedure import task as tasks
from models.queries import onsite
from models.queries.onsite import NonCooperationReport
from models.refusal import Refusal
from models.rules import arrival
from models.rules import cooperation as rules
from models.rules.actor import Actor, Role, require
from models.rules.text import visible
from models.states import AT_THE_DOOR
from models.states import TaskState as T
from models.tables import Assignment, NonCooperation, Photo, Task

EVIDENCE = "refusal"  # what the photos are about


@store.transactional
async def report(
    number: str, grounds: Iterable[int], facts: str, *, by: Actor, at: datetime, key: str | None = None
) -> int:
    """An officer at the door or inside writes down on which grounds, and what happened; the others are asked. The
    report's id.
    """
    task = await tasks.find(number)
    await tasks.serving(task, by)
    if done := await event.find_by_key(key):
        return int(done.data["report"])
    chosen = rules.grounds_of(grounds, facts)
    at_the_door(task, at, "18")
    if await NonCooperation.exists(task=task, agreed=None):
        raise Refusal("cooperation.reported_already", article="18", task=number)
    row = await NonCooperation.create(task=task, grounds=list(chosen), facts=facts.strip(), by=by.id, at=at)
    await tasks.note(
        task, "cooperation.reported", by=by, at=at, key=key, rows=[row], report=row.id, grounds=list(chosen),
        note=row.facts,
    )  # fmt: skip
    await ask_a_second(task, "cooperation.reported", row.id, by=by, at=at)
    return row.id


@store.transactional
async def confirm(report_id: int, *, by: Actor, at: datetime) -> NonCooperationReport:
    """A second officer of the team was there too; from then on the head of the leader's department decides."""
    row = await _find(report_id)
    task = await Task.get(id=row.task_id)
    await tasks.serving(task, by)
    key = f"cooperation:{row.id}:confirmed"
    if await event.find_by_key(key):
        return await onsite.report(report_id)
    rules.second(row.by, by.id, "18")
    if not await Photo.exists(task=task, about=EVIDENCE, removed_at=None):
        raise Refusal("cooperation.no_photo", article="18", task=task.number)
    row.confirmed_by, row.confirmed_at = by.id, at
    await row.save(update_fields=["confirmed_by", "confirmed_at"])
    await tasks.note(task, "cooperation.confirmed", by=by, at=at, key=key, rows=[row], report=row.id)
    leader = await Assignment.get(task=task, leader=True, until=None)
    await notice_records.tell_head(
        task, leader.department, "cooperation.asked", f"cooperation:{row.id}", at, report=row.id
    )
    return await onsite.report_of(row)


@store.transactional
async def decide(
    report_id: int, agree: bool, *, by: Actor, at: datetime, text: str = ""
) -> NonCooperationReport:
    """The head agrees: the visit ends as refused. Or does not, with a reason: it goes on."""
    require(by, Role.HEAD, article="18")
    row = await _find(report_id)
    task = await Task.get(id=row.task_id)
    leader = await Assignment.get_or_none(task=task, leader=True, until=None)
    if leader is None or leader.department != by.department:
        raise Refusal("cooperation.unknown", article="18")
    key = f"cooperation:{row.id}:decided"
    if await event.find_by_key(key):
        return await onsite.report(report_id)
    if row.confirmed_at is None:
        raise Refusal("cooperation.not_confirmed", article="18", task=task.number)
    if not agree and not visible(text).strip():
        raise Refusal("cooperation.no_reason", article="18", task=task.number)
    row.agreed, row.decided_by, row.decided_at, row.said = agree, by.mark, at, text.strip()
    await row.save(update_fields=["agreed", "decided_by", "decided_at", "said"])
    if agree and task.state != T.REFUSED:
        tasks.in_state(task, *AT_THE_DOOR, article="18")
        await tasks.to(task, T.REFUSED, "18")
    kind = "cooperation.established" if agree else "cooperation.dismissed"
    await tasks.note(
        task, kind, by=by, at=at, key=key, rows=[row], report=row.id,
        reason=row.said,
    )  # fmt: skip
    await outbox.enqueue_follow_up([f"refusal:{row.id}"], at=at)
    await outbox.desks(by.department, f"refusal:{row.id}", at=at)
    await notice_records.tell_team(
        task,
        "cooperation.decided",
        f"cooperation:{row.id}:told",
        at,
        lane=outbox.INTERACTIVE,
        agree=agree,
        said=row.said,
    )
    return await onsite.report_of(row)


async def _find(report_id: int) -> NonCooperation:
    row = await NonCooperation.get_or_none(id=report_id)
    if row is None:
        raise Refusal("cooperation.unknown", article="18")
    return row


def at_the_door(task: Task, at: datetime, article: str) -> None:
    """Refuse what can only be seen on the day of the visit, there."""
    tasks.in_state(task, *AT_THE_DOOR, article=article)
    if not arrival.at_the_door(task.state, task.visit_from, at):
        raise Refusal("arrival.not_the_day", article=article, task=task.number)


async def ask_a_second(task: Task, kind: str, report: int, *, by: Actor, at: datetime) -> None:
    """Every other officer of the team is asked to confirm; the first who does is enough."""
    await notice_records.tell_team(
        task, kind, f"{kind}:{report}", at, lane=outbox.INTERACTIVE, but=by.account, report=report
    )
