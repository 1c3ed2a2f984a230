"""重新打开: a closed section is opened once more, until the record stands signed (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure import notice_records
from models.procedure import task as tasks
from models.queries import clash
from models.queries import record as records
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.checklist import ChecklistSheet
from models.rules.text import visible
from models.states import TaskState as T
from models.tables import Assignment, Finalised, Task

LONGEST_REASON = 400


@store.transactional
async def reopen(
    number: str, department: str, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> ChecklistSheet:
    """A department's section can be answered again: by one of its officers, or by the leader; the team is told why.

    Refused once the record stands signed, and while an officer of the department is at another visit. What was signed
    before stays under its own version of the record. A section that is open stays as it is.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    sheet = await sheet_of(task)
    if await event.find_by_key(key):
        return sheet
    tasks.in_state(task, T.ON_SITE, article="16(3)")
    if department != mine.department and not mine.leader:
        raise Refusal("section.of_another", article="16(3)")
    why = visible(reason).strip()[:LONGEST_REASON]
    if not why:
        raise Refusal("section.no_reason", article="16(3)")
    if department not in sheet.closed:
        return sheet
    if (await records.papers(task.id)).settled:
        raise Refusal("section.signed", article="16(3)")
    await _nobody_elsewhere(task, department)
    row = await Finalised.get(task=task, department=department, reopened_at=None)
    row.reopened_at = at
    await row.save(update_fields=["reopened_at"])
    await tasks.note(
        task, "section.reopened", by=by, at=at, key=key, rows=[row], department=department, reason=why,
        version=row.version, sha256=row.sheet_sha256,
    )  # fmt: skip
    await notice_records.tell_team(
        task,
        "section.reopened",
        f"reopened:{row.id}:{row.version}",
        at,
        but=by.account,
        department=department,
        reason=why,
    )
    return await sheet_of(task)


async def close_section(task: Task, department: str, sha256: str, by: Actor, at: datetime) -> Finalised:
    """The row of a closing, the first or the next; `sha256`: of what the section says. Part of an act."""
    row = await Finalised.get_or_none(task=task, department=department)
    if row is None:
        return await Finalised.create(task=task, department=department, by=by.id, at=at, sheet_sha256=sha256)
    row.by, row.at, row.sheet_sha256, row.version, row.reopened_at = by.id, at, sha256, row.version + 1, None
    await row.save()
    return row


async def _nobody_elsewhere(task: Task, department: str) -> None:
    """Whoever arrived here and closed their section may have gone to another visit: nobody is at two (Art. 15)."""
    seats = Assignment.filter(task=task, until=None, department=department, arrived_at__isnull=False)
    here = {str(seat.inspector_id): seat.inspector.name for seat in await seats.select_related("inspector")}
    if away := await clash.at_other_visits(task, here):
        names = [name for code, name in here.items() if code in away]
        raise Refusal("section.officers_elsewhere", article="15", names=names)
