"""录入各部门结果: each department's officers write down their own, the leader confirms the whole (Art. 16 (3)).

Where nobody else is awaited, the leader's own entry confirms at once: a task of one department takes one act.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from tortoise.models import Model

from models import store
from models.operations import event
from models.procedure import notice_records, notification, sample
from models.procedure import task as tasks
from models.queries import contact as contacts
from models.queries import department_result as queries
from models.queries import onsite
from models.queries.department_result import DepartmentEntered
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, contact, text, visit
from models.rules import department_result as rules
from models.rules import entry as types_rules
from models.rules.actor import Actor
from models.rules.cooperation import UNREACHABLE
from models.rules.department_result import DepartmentEntry, DepartmentStanding
from models.states import BEFORE_PUBLICATION
from models.states import TaskState as T
from models.tables import Assignment, DepartmentResult, Result, ResultPart, Task


@store.transactional
async def enter(
    number: str, types: Sequence[str], note: str = "", *, by: Actor, at: datetime, measures: Sequence[str] = (),
    key: str | None = None,
) -> DepartmentEntered:  # fmt: skip
    """An officer enters the result of the own department. Late entry is taken, and stays marked as late.

    Entered anew it is a new version, until the whole is confirmed. A department that was left out of the whole as
    视为未完成 may still enter, as long as it is not public: the leader then confirms anew.
    """
    task = await tasks.find(number)
    seat = await tasks.serving(task, by)
    today = visit.local_day(at)
    lines = await queries.standings(task, today)
    before = _own(lines, seat)
    if await event.find_by_key(key) or (before and _same(before, types, measures, note)):
        return await _came(task, seat.department, today)
    tasks.in_state(task, *BEFORE_PUBLICATION, article="16(3)")
    if before and task.state != T.CONCLUDED:
        raise Refusal("department_result.confirmed", article="16(3)", task=number)
    row, reopened = await _write(task, seat, types, measures, note, by=by, at=at), await _reopen(task, at)
    standing = await queries.standings(task, today)
    if seat.leader and all(line.entry for line in standing):
        await _whole(task, standing, [row, *reopened], by=by, at=at, key=key, department=row.department)
    else:
        await tasks.note(
            task, "department_result.entered", by=by, at=at, key=key, rows=[row, *reopened], department=row.department,
            version=row.version, types=list(row.types), measures=list(row.measures), note=row.note, late=row.late,
        )  # fmt: skip
        if all(line.entry for line in standing):
            told = f"confirm:{number}:{row.department}:{row.version}"
            await notice_records.tell_leader(task, "department_result.complete", told, at)
    return await _came(task, seat.department, today)


@store.transactional
async def confirm(number: str, *, by: Actor, at: datetime, key: str | None = None) -> DepartmentEntered:
    """The leader confirms the whole, once every department has entered or counts as 视为未完成; those are named in it."""
    task = await tasks.find(number)
    seat = await tasks.leading(task, by)
    today = visit.local_day(at)
    if await event.find_by_key(key) or task.state == T.ENTERED:
        return await _came(task, seat.department, today)
    tasks.in_state(task, T.CONCLUDED, article="16(3)")
    lines = await queries.standings(task, today)
    called = await queries.names([line.department for line in lines])
    if waiting := [called.get(line.department, line.department) for line in lines if line.waiting]:
        raise Refusal("department_result.awaited", article="16(3)", names=waiting, due=task.entry_due)
    if not any(line.entry for line in lines):
        raise Refusal("department_result.none_entered", article="16(3)", task=number)
    await _whole(task, lines, [], by=by, at=at, key=key)
    return await _came(task, seat.department, today)


async def _write(
    task: Task, seat: Assignment, types: Sequence[str], measures: Sequence[str], note: str, *, by: Actor, at: datetime
) -> DepartmentResult:  # fmt: skip
    """The department's next version, if it agrees with what the department itself found."""
    department, remark = seat.department, text.visible(note).strip()
    chosen = await checked(task, seat, types, remark)
    if UNREACHABLE in chosen:
        contact.check_enough(await contacts.tries(task.id))
    late = bool(task.entry_due and visit.local_day(at) > task.entry_due)
    return await next_version(task, department, chosen, measures, remark, by=by, at=at, late=late)


async def next_version(
    task: Task, department: str, types: Sequence[str], measures: Collection[str], note: str, *, by: Actor, at: datetime,
    late: bool, reason: str = "",
) -> DepartmentResult:  # fmt: skip
    """The department's next version. `reason`: why it is corrected after the review. Part of an act."""
    last = await DepartmentResult.filter(task=task, department=department).order_by("-version").first()
    return await DepartmentResult.create(
        task=task, department=department, version=last.version + 1 if last else 1, types=list(types),
        measures=list(rules.check_measures(measures, types, note)), note=note, by=by.id, at=at, late=late, reason=reason,
    )  # fmt: skip


async def checked(task: Task, seat: Assignment, types: Sequence[str], note: str) -> tuple[str, ...]:
    """The result types, if the department inspected and they contradict none of its answers. Part of an act."""
    sheet = await sheet_of(task)
    owing = [line.department for line in await queries.standings(task, date.min)]
    if seat.department not in owing:
        raise Refusal("department_result.not_inspected", article="16(3)", task=task.number)
    await sample.none_out(task, seat.department)
    failed = checklist.failures(sheet, seat.department)
    return types_rules.check_types(types, failed, note, await onsite.established(task.id))


async def _reopen(task: Task, at: datetime) -> list[Model]:
    """A department that was left out comes in: the whole is to be confirmed anew."""
    if task.state == T.CONCLUDED:
        return []
    overtaken = await notification.overtaken(task, "result", at) if task.state != T.ENTERED else []
    await tasks.to(task, T.CONCLUDED, "16(3)", entered_at=None, reviewed_at=None)
    return list(overtaken)


async def _whole(
    task: Task, lines: Sequence[DepartmentStanding], rows: Sequence[Model], *, by: Actor, at: datetime, key: str | None,
    department: str = "",
) -> None:  # fmt: skip
    """The result of the visit as a whole, and what it was put together from. `department`: whose row came in the same
    act. Part of an act."""
    late = bool(task.entry_due and visit.local_day(at) > task.entry_due)
    result, parts = await put_together(task, lines, by=by, at=at, late=late)
    left_out = [line.department for line in lines if line.entry is None]
    await tasks.to(task, T.ENTERED, "16(3)", entered_at=at)
    await tasks.note(
        task, "result.entered", by=by, at=at, key=key, rows=[*rows, result, *parts], types=list(result.types),
        note=result.note, late=late, departments=[line.department for line in lines if line.entry], missing=left_out,
        **({"department": department} if department else {}),
    )  # fmt: skip
    told = f"review:{task.number}:{result.version}"
    await notice_records.tell_head(task, await tasks.initiating(task), "review.asked", told, at)


async def put_together(
    task: Task, lines: Sequence[DepartmentStanding], *, by: Actor, at: datetime, late: bool
) -> tuple[Result, list[ResultPart]]:
    """The next version of the result from the departments' rows. Part of an act."""
    entered = [(line.department, line.entry) for line in lines if line.entry]
    called = await queries.names([department for department, _ in entered])
    last = await Result.filter(task=task).order_by("-version").first()
    result = await Result.create(
        task=task, version=last.version + 1 if last else 1, types=list(rules.whole([entry.types for _, entry in entered])),
        note=rules.joined_notes([(called.get(code, code), entry.note) for code, entry in entered]), by=by.id, at=at,
        late=late,
    )  # fmt: skip
    parts = [
        await ResultPart.create(
            task=task,
            result=result,
            department=line.department,
            entry_id=line.entry.id if line.entry else None,
        )
        for line in lines
    ]
    return result, parts


def _own(lines: Sequence[DepartmentStanding], seat: Assignment) -> DepartmentEntry | None:
    return next((line.entry for line in lines if line.department == seat.department), None)


def _same(before: DepartmentEntry, types: Sequence[str], measures: Sequence[str], note: str) -> bool:
    chosen = (tuple(sorted(set(types))), set(measures), text.visible(note).strip())
    return (before.types, set(before.measures), before.note) == chosen


async def _came(task: Task, department: str, today: date) -> DepartmentEntered:
    lines = await queries.standings(task, today)
    entry = next((line.entry for line in lines if line.department == department), None)
    result = await Result.filter(task=task).order_by("-version").first()
    waiting = [line.department for line in lines if line.entry is None]
    called = await queries.names(waiting)
    return DepartmentEntered(
        department, entry.version if entry else 0, bool(entry and entry.late),
        result.version if result and task.state != T.CONCLUDED else 0,
        tuple(called.get(code, code) for code in waiting),
    )  # fmt: skip
