"""更正与撤回: a published result is corrected by a new version, or withdrawn, with reason, person, time (Art. 16 (3)).

An upheld objection asks for it by itself, so may the head or the officer who finds an error. Each department enters
what is right of its own, the head decides. What was public before stays readable; a withdrawn result leaves its mark.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.models import Model

from models import store
from models.operations import event, outbox
from models.procedure import (
    department_result,
    notice_records,
    notification,
    publication,
    recipients,
    rectification_term,
)
from models.procedure import task as tasks
from models.queries import department_result as department_results
from models.queries import publication as queries
from models.queries.publication import Revising
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, text
from models.rules import revision as rules
from models.rules.actor import Actor
from models.rules.department_result import DepartmentStanding
from models.rules.phone import same_number
from models.states import TaskState
from models.tables import Account, Assignment, Objection, Result, Revision, Task


@store.transactional
async def ask(number: str, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The head found an error: those who entered are asked for what is right. One correction at a time: another reason is
    refused, since nothing would come of it."""
    task = await _public(number, by)
    if await event.find_by_key(key):
        return
    why = _reason(reason)
    if standing := await queries.under_way(task):
        if standing.reason == why:
            return
        raise Refusal("revision.under_way", article="16(3)", task=number)
    row = await opened(task, why, by=by, at=at)
    await tasks.note(
        task, "revision.asked", by=by, at=at, key=key, rows=[row], revision=row.id, reason=row.reason
    )


async def opened(
    task: Task, reason: str, *, by: Actor, at: datetime, objection: Objection | None = None
) -> Revision:
    """A correction that waits for those who entered. Part of an act."""
    row = await Revision.create(task=task, reason=reason, objection=objection, by=by.mark, at=at)
    await _ask(task, row, at, "")
    return row


async def _ask(task: Task, row: Revision, at: datetime, remark: str) -> None:
    """The leader hears of it, and the officers of each department that named a problem."""
    again = f":{row.result_id}" if row.result_id else ""
    to_whom = await recipients.leader(task)
    for department in await queries.asked_to_correct(task, row):
        to_whom += await recipients.section(task, department)
    await recipients.tell(
        to_whom, "revision.asked", key=f"revision:{row.id}{again}:asked", at=at, lane=outbox.BULK,
        chain=f"task:{task.number}", task=task.number, revision=row.id, reason=row.reason, said=remark,
    )  # fmt: skip


@store.transactional
async def propose(
    number: str,
    types: list[str],
    note: str = "",
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    aside: Collection[int] = (),
    measures: Collection[str] = (),
    key: str | None = None,
) -> None:
    """An officer enters what is right of the own department; `reason` where nobody asked for it. `aside`: failed
    questions that fall. What was entered as one, for all departments, is the leader's.

    Nothing public changes until the head agrees. A department that was left out as 视为未完成 comes in so, too.
    """
    task = await tasks.find(number)
    seat = await tasks.serving(task, by)
    row = await queries.under_way(task)
    if await event.find_by_key(key) and row:
        return
    tasks.in_state(task, TaskState.PUBLISHED, article="16(3)")
    if row is None:
        row = await Revision.create(task=task, reason=_reason(reason), by=by.mark, at=at)
    given = Corrected(types, text.visible(note).strip(), aside, measures)
    lines = await department_results.standings_in(await queries.to_correct(task, row))
    if lines:
        result, written = await _part(task, row, seat, lines, given, by=by, at=at)
    else:
        await tasks.leading(task, by)
        result, written = await _as_one(task, row, given, by=by, at=at), []
    await row.save(update_fields=["result_id", "aside", "said"])
    await tasks.note(
        task, "revision.proposed", by=by, at=at, key=key, rows=[row, result, *written], revision=row.id,
        types=list(result.types), note=result.note, aside=list(row.aside), reason=row.reason,
    )  # fmt: skip
    await notice_records.tell_head(
        task,
        await tasks.initiating(task),
        "revision.proposed",
        f"revision:{row.id}:{result.version}",
        at,
        revision=row.id,
    )


@dataclass(frozen=True, slots=True)
class Corrected:
    """What is right, as it was entered."""

    types: Sequence[str]
    note: str
    aside: Collection[int]
    measures: Collection[str]


async def _part(
    task: Task, row: Revision, seat: Assignment, lines: Sequence[DepartmentStanding], given: Corrected, *, by: Actor,
    at: datetime,
) -> tuple[Result, list[Model]]:  # fmt: skip
    """The department's next version, and the whole with it in the old one's place."""
    own = next((line for line in lines if line.department == seat.department), None)
    if own is None:
        raise Refusal("department_result.not_inspected", article="16(3)", task=task.number)
    failed = checklist.failures(await sheet_of(task), seat.department)
    before = own.entry.types if own.entry else ()
    chosen = rules.check_types(given.types, failed, given.aside, given.note, before)
    entry = await department_result.next_version(
        task, seat.department, chosen, given.measures, given.note, by=by, at=at, reason=row.reason,
        late=own.entry.late if own.entry else True,
    )  # fmt: skip
    corrected = DepartmentStanding(own.department, department_results.entry_of(entry), False)
    lines = [corrected if line is own else line for line in lines]
    late = any(line.entry is None or line.entry.late for line in lines)
    result, parts = await department_result.put_together(task, lines, by=by, at=at, late=late)
    row.result, row.said = result, ""
    row.aside = sorted({*(number for number in row.aside if number not in failed), *given.aside})
    return result, [entry, *parts]


async def _as_one(task: Task, row: Revision, given: Corrected, *, by: Actor, at: datetime) -> Result:
    """A result that was entered for all departments is corrected for all."""
    public = await queries.current(task)
    shown = await Result.get_or_none(id=public.result_id) if public and public.result_id else None
    failed = checklist.failures(await sheet_of(task))
    chosen = rules.check_types(given.types, failed, given.aside, given.note, shown.types if shown else ())
    last = await Result.filter(task=task).order_by("-version").first()
    result = await Result.create(
        task=task,
        version=last.version + 1 if last else 1,
        types=list(chosen),
        note=given.note,
        by=by.id,
        at=at,
    )
    row.result, row.aside, row.said = result, sorted(set(given.aside)), ""
    return result


@store.transactional
async def decide(
    number: str, agree: bool, remark: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> Revising:
    """The head agrees: the new version is public at once. Or sends it back to the leader with a reason."""
    task = await _public(number, by)
    if done := await event.find_by_key(key):
        return await queries.revised(done.data["revision"])
    row = await _waiting(task)
    result = row.result
    if result is None:
        raise Refusal("revision.nothing_proposed", article="16(3)", task=number)
    if row.objection_id:
        await not_who_inspected(task, by)
    if not agree:
        result.returned = _reason(remark)
        await result.save(update_fields=["returned"])
        row.said = result.returned
        await _ask(task, row, at, row.said)
        row.result, row.aside = None, []
        await row.save(update_fields=["said", "result_id", "aside"])
        await tasks.note(
            task,
            "revision.returned",
            by=by,
            at=at,
            key=key,
            rows=[row, result],
            revision=row.id,
            reason=row.said,
        )
        await _follow(row, by, at)
        return await queries.revising(row)
    await _close(row, "corrected", remark, by, at)
    public = await publication.opened(task, "corrected", result, by=by, at=at, reason=row.reason)
    told = await notification.owe(task, "corrected", at, public.id)
    await tasks.note(
        task, "result.corrected", by=by, at=at, key=key, rows=[row, public, *told], revision=row.id,
        types=list(result.types), reason=row.reason,
    )  # fmt: skip
    await _tell_outcome(task, row.id, "corrected", row.said, at)
    await rectification_term.ground_gone(task, row.aside, f"corrected:{public.id}", at)
    return await queries.revising(row)


@store.transactional
async def withdraw(number: str, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """撤回: the head takes the result back, with a reason that everybody reads; a correction under way ends with it.

    A right result may still be entered afterwards and made public by `decide`.
    """
    task = await _public(number, by)
    last = await queries.current(task)
    if last is not None and await event.find_by_key(key):
        return
    why = _reason(reason)
    if last is not None and last.kind == "withdrawn":
        if last.reason == why:
            return
        raise Refusal("revision.withdrawn", article="16(3)", task=number)
    row = await queries.under_way(task)
    if row:
        if row.objection_id:
            await not_who_inspected(task, by)
        await _close(row, "withdrawn", why, by, at)
    public = await publication.opened(task, "withdrawn", None, by=by, at=at, reason=why)
    told = await notification.owe(task, "withdrawn", at, public.id)
    await tasks.note(
        task,
        "result.withdrawn",
        by=by,
        at=at,
        key=key,
        rows=[public, *([row] if row else []), *told],
        reason=why,
    )
    told_as: dict[str, Any] = {"outcome": "withdrawn", "said": why}
    await notice_records.tell_leader(
        task, "revision.decided", f"withdrawn:{public.id}", at, lane=outbox.BULK, **told_as
    )
    await rectification_term.ground_gone(task, None, f"withdrawn:{public.id}", at)


@store.transactional
async def drop(number: str, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The head finds that what is public is right: the correction ends. Not where an objection was upheld."""
    task = await _public(number, by)
    if await event.find_by_key(key):
        return
    row = await _waiting(task)
    if row.objection_id:
        raise Refusal("revision.objection_upheld", article="16(3)", task=number)
    await _close(row, "dropped", _reason(reason), by, at)
    await tasks.note(
        task, "revision.dropped", by=by, at=at, key=key, rows=[row], revision=row.id, reason=row.said
    )
    await _tell_outcome(task, row.id, "dropped", row.said, at)


async def not_who_inspected(task: Task, by: Actor) -> None:
    """A head who is also an inspector is the same person by name and telephone."""
    head = await Account.get_or_none(id=by.account) if by.account else None
    for seat in await Assignment.filter(task=task).select_related("inspector"):
        officer = seat.inspector
        same = (
            head and officer.name == head.name and (not head.phone or same_number(officer.phone, head.phone))
        )
        if same:
            raise Refusal("objection.inspected_yourself", article="16(3)")


async def _public(number: str, by: Actor) -> Task:
    task = await tasks.find(number)
    await publication.of_the_head(task, by)
    tasks.in_state(task, TaskState.PUBLISHED, article="16(3)")
    return task


async def _waiting(task: Task) -> Revision:
    row = await queries.under_way(task)
    if row is None:
        raise Refusal("revision.none", article="16(3)", task=task.number)
    return row


async def _close(row: Revision, outcome: str, remark: str, by: Actor, at: datetime) -> None:
    row.outcome, row.said, row.decided_by, row.decided_at = outcome, text.visible(remark).strip(), by.mark, at
    await row.save(update_fields=["outcome", "said", "decided_by", "decided_at"])
    await _follow(row, by, at)


async def _follow(row: Revision, by: Actor, at: datetime) -> None:
    await outbox.enqueue_follow_up([f"revision:{row.id}", f"review:{row.task_id}"], at=at)
    await outbox.desks(by.department, f"revision:{row.id}:{at.isoformat()}", at=at)


async def _tell_outcome(task: Task, revision: int, outcome: str, remark: str, at: datetime) -> None:
    told: dict[str, Any] = {"outcome": outcome, "said": remark}
    await notice_records.tell_leader(
        task, "revision.decided", f"revision:{revision}:decided", at, lane=outbox.BULK, **told
    )


def _reason(remark: str) -> str:
    if not (why := text.visible(remark).strip()):
        raise Refusal("revision.no_reason", article="16(3)")
    return why
