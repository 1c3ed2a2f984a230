"""异议: against a published result; a head decides, nobody who inspected (Art. 8, 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models import store
from models.district import District
from models.procedure import entry, event, message, trail
from models.procedure import task as tasks
from models.procedure.handed_in import File, entered
from models.refusal import Refusal
from models.rules import objection as rules
from models.rules.actor import Actor, Role, require
from models.rules.phone import same_number
from models.states import TaskState as T
from models.tables import Account, Assignment, Objection, Task

OPEN = (T.PUBLISHED, T.ARCHIVED)


@store.transactional
async def object_to(
    number: str,
    text: str,
    files: Sequence[File] = (),
    *,
    by: Actor,
    at: datetime,
    district: District,
    key: str | None = None,
) -> Objection:
    """One objection to one published result, within its term."""
    found, task = await trail.heard(number, by)
    if earlier := await Objection.get_or_none(task=task):
        return earlier
    tasks.in_state(task, *OPEN, article="16(3)")
    assert task.published_at
    rules.check_term(district.calendar, task.published_at, at)
    if not text.strip():
        raise Refusal("objection.no_text", article="16(3)")
    made = await Objection.create(task=task, text=text.strip(), by=by.mark, at=at)
    papers = await entered(task, "objection", made.id, files, by=by, at=at)
    await trail.note(found, "entity.objected", by, at, key=key, rows=[made, *papers], note=text.strip())
    await trail.tell_head(
        await entry.initiating(task), "objection.asked", f"objection:{made.id}", at, objection=made.id,
        task=task.number,
    )  # fmt: skip
    return made


@store.transactional
async def decide(
    objection_id: int, upheld: bool, said: str, *, by: Actor, at: datetime, key: str | None = None
) -> Objection:
    """The head of the initiating department upholds it or not, with a reason, unless one of those who inspected."""
    require(by, Role.HEAD, article="16(3)")
    row = await Objection.get_or_none(id=objection_id)
    task = await tasks.find((await Task.get(id=row.task_id)).number) if row else None
    if row is None or task is None or by.department != await entry.initiating(task):
        raise Refusal("objection.unknown", article="16(3)")
    await row.refresh_from_db()
    if row.upheld is not None or await event.happened(key):
        return row
    await _refuse_who_inspected(task, by)
    if not said.strip():
        raise Refusal("objection.no_reason", article="16(3)")
    row.upheld, row.said, row.decided_by, row.decided_at = upheld, said.strip(), by.mark, at
    await row.save(update_fields=["upheld", "said", "decided_by", "decided_at"])
    kind = "objection.upheld" if upheld else "objection.dismissed"
    await tasks.note(task, kind, by=by, at=at, key=key, rows=[row], said=said.strip())
    told: dict[str, Any] = {"upheld": upheld, "said": said.strip()}
    await trail.tell_entity(task, "objection.decided", f"objected:{row.id}", at, **told)
    if leader := await tasks.leader_account(task):
        await message.owe(
            leader, "objection.decided", key=f"objected:{row.id}:{leader.id}", at=at, task=task.number, **told
        )
    return row


async def _refuse_who_inspected(task: Task, by: Actor) -> None:
    """A head who is also an inspector is the same person by name and telephone."""
    head = await Account.get_or_none(id=by.account) if by.account else None
    for seat in await Assignment.filter(task=task).select_related("inspector"):
        officer = seat.inspector
        same = head and officer.name == head.name and (not head.phone or same_number(officer.phone, head.phone))
        if same:
            raise Refusal("objection.inspected_yourself", article="16(3)")
