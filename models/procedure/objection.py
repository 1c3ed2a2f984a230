"""异议: against a published result; a head decides, nobody who inspected (Art. 8, 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import document_submission, notice_records, notification, revision
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile, entered
from models.queries import entity
from models.queries import publication as queries
from models.queries.entity import Objected
from models.refusal import Refusal
from models.rules import objection as rules
from models.rules.actor import Actor, Role, require
from models.rules.text import visible
from models.states import TaskState
from models.tables import Objection, Revision, Task


@store.transactional
async def object_to(
    number: str,
    text: str,
    files: Sequence[SubmittedFile] = (),
    *,
    by: Actor,
    at: datetime,
    district: District,
    key: str | None = None,
) -> int:
    """An objection to whatever is public of the task at present, within its term; its id.

    The same words again are the same objection, and papers that come with them join it while it is undecided; other
    words are another, kept, shown and decided by itself.
    """
    letter, task = await notice_records.heard(number, by)
    tasks.in_state(task, TaskState.PUBLISHED, article="16(3)")
    since = await queries.public_since(task)
    earlier = await Objection.filter(task=task, at__gte=since).order_by("id")
    same = next((row for row in earlier if row.text == text.strip()), None)
    if same and (same.upheld is None or not files):
        await document_submission.joined(
            letter, task, "objection", same.id, files, "entity.objected", by=by, at=at, note=same.text
        )
        return same.id
    rules.check_term(district.calendar, since, at)
    if not visible(text).strip():
        raise Refusal("objection.no_text", article="16(3)")
    if len(earlier) >= rules.MOST:
        raise Refusal("objection.too_often", article="16(3)", limit=rules.MOST)
    objection = await Objection.create(task=task, text=text.strip(), by=by.mark, at=at)
    papers = await entered(task, "objection", objection.id, files, by=by, at=at)
    await notice_records.record(
        letter, "entity.objected", by, at, key=key, rows=[objection, *papers], note=text.strip()
    )
    head_of = await tasks.initiating(task)
    await notice_records.tell_head(
        task, head_of, "objection.asked", f"objection:{objection.id}", at, objection=objection.id
    )
    return objection.id


@store.transactional
async def decide(
    objection_id: int, upheld: bool, text: str, *, by: Actor, at: datetime, key: str | None = None
) -> Objected:
    """The head of the initiating department upholds it or not, with a reason, unless one of those who inspected.

    Upheld, the result is to be corrected: the leader is asked for it in the same act.
    """
    require(by, Role.HEAD, article="16(3)")
    row = await Objection.get_or_none(id=objection_id).select_related(*entity.DECIDED_WITH)
    if row is None or by.department != entity.objected_of(row).department:
        raise Refusal("objection.unknown", article="16(3)")
    task = await tasks.find(row.task.number)
    await row.refresh_from_db()
    if row.upheld is not None or await event.find_by_key(key):
        return entity.objected_of(row)
    await revision.not_who_inspected(task, by)
    if not visible(text).strip():
        raise Refusal("objection.no_reason", article="16(3)")
    row.upheld, row.said, row.decided_by, row.decided_at = upheld, text.strip(), by.mark, at
    await row.save(update_fields=["upheld", "said", "decided_by", "decided_at"])
    kind = "objection.upheld" if upheld else "objection.dismissed"
    rows = [row, *(await _to_be_corrected(task, row, by, at) if upheld else [])]
    rows += await notification.owe(task, "objected", at, row.id)
    await tasks.note(task, kind, by=by, at=at, key=key, rows=rows, said=row.said)
    await outbox.enqueue_follow_up([f"objection:{row.id}"], at=at, task=task.number)
    await outbox.desks(by.department, f"objection:{row.id}", at=at)
    told: dict[str, Any] = {"upheld": upheld, "said": text.strip()}
    await notice_records.tell_leader(
        task, "objection.decided", f"objected:{row.id}", at, lane=outbox.BULK, **told
    )
    return entity.objected_of(row)


async def _to_be_corrected(task: Task, row: Objection, by: Actor, at: datetime) -> list[Revision]:
    """The correction that an upheld objection leads to; none where the result was withdrawn meanwhile."""
    public = await queries.current(task)
    if public and public.kind == "withdrawn":
        return []
    open_already = await queries.under_way(task)
    if open_already is None:
        return [await revision.opened(task, row.said, by=by, at=at, objection=row)]
    if open_already.objection_id is None:
        open_already.objection_id = row.id
        await open_already.save(update_fields=["objection_id"])
    return [open_already]
