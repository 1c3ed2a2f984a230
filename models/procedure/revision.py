"""更正与撤回: a published result is corrected by a new version, or withdrawn, with reason, person, time (Art. 16 (3)).

An upheld objection asks for it by itself, so may the head or the leader who finds an error. The leader enters what
is right, the head decides. What was public before stays readable; a withdrawn result leaves its mark.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, notification, publication
from models.procedure import task as tasks
from models.queries import publication as queries
from models.queries.publication import Revising
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, text
from models.rules import revision as rules
from models.rules.actor import Actor
from models.rules.phone import same_number
from models.states import PUBLIC
from models.tables import Account, Assignment, Objection, Result, Revision, Task


@store.transactional
async def ask(number: str, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The head found an error: the leader is asked for what is right. One correction at a time."""
    task = await _public(number, by)
    if await event.find_by_key(key):
        return
    if await queries.under_way(task):
        return
    row = await opened(task, _reason(reason), by=by, at=at)
    await tasks.note(
        task, "revision.asked", by=by, at=at, key=key, rows=[row], revision=row.id, reason=row.reason
    )


async def opened(
    task: Task, reason: str, *, by: Actor, at: datetime, objection: Objection | None = None
) -> Revision:
    """A correction that waits for the leader. Part of an act."""
    row = await Revision.create(task=task, reason=reason, objection=objection, by=by.mark, at=at)
    await _ask_leader(task, row, at, "")
    return row


async def _ask_leader(task: Task, row: Revision, at: datetime, said: str) -> None:
    again = f":{row.result_id}" if row.result_id else ""
    await notice_records.tell_leader(
        task, "revision.asked", f"revision:{row.id}{again}:asked", at, lane=outbox.BULK, revision=row.id,
        reason=row.reason, said=said,
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
    key: str | None = None,
) -> None:
    """The leader enters what is right; `reason` where nobody asked for it. `aside`: failed questions that fall.

    Nothing public changes until the head agrees.
    """
    task = await tasks.find(number)
    await tasks.leading(task, by)
    row = await queries.under_way(task)
    if await event.find_by_key(key) and row:
        return
    tasks.in_state(task, *PUBLIC, article="16(3)")
    before = await Result.filter(task=task).order_by("-version").first()
    public = await queries.current(task)
    shown = await Result.get_or_none(id=public.result_id) if public and public.result_id else None
    chosen = rules.check_types(
        types, checklist.failures(await sheet_of(task)), aside, note, shown.types if shown else ()
    )
    if row is None:
        row = await Revision.create(task=task, reason=_reason(reason), by=by.mark, at=at)
    result = await Result.create(
        task=task, version=before.version + 1 if before else 1, types=list(chosen), note=text.visible(note).strip(),
        by=by.id, at=at,
    )  # fmt: skip
    row.result, row.aside, row.said = result, sorted(set(aside)), ""
    await row.save(update_fields=["result_id", "aside", "said"])
    await tasks.note(
        task, "revision.proposed", by=by, at=at, key=key, rows=[row, result], revision=row.id, types=list(chosen),
        note=result.note, aside=list(row.aside), reason=row.reason,
    )  # fmt: skip
    await notice_records.tell_head(
        task,
        await tasks.initiating(task),
        "revision.proposed",
        f"revision:{row.id}:{result.version}",
        at,
        revision=row.id,
    )


@store.transactional
async def decide(
    number: str, agree: bool, said: str = "", *, by: Actor, at: datetime, key: str | None = None
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
        result.returned = _reason(said)
        await result.save(update_fields=["returned"])
        row.said = result.returned
        await _ask_leader(task, row, at, row.said)
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
    await _close(row, "corrected", said, by, at)
    public = await publication.opened(task, "corrected", result, by=by, at=at, reason=row.reason)
    told = await notification.owe(task, "corrected", at, public.id)
    await tasks.note(
        task, "result.corrected", by=by, at=at, key=key, rows=[row, public, *told], revision=row.id,
        types=list(result.types), reason=row.reason,
    )  # fmt: skip
    await _tell_outcome(task, row.id, "corrected", row.said, at)
    return await queries.revising(row)


@store.transactional
async def withdraw(number: str, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """撤回: the head takes the result back, with a reason that everybody reads; a correction under way ends with it.

    A right result may still be entered afterwards and made public by `decide`.
    """
    task = await _public(number, by)
    last = await queries.current(task)
    if last is not None and (await event.find_by_key(key) or last.kind == "withdrawn"):
        return
    why = _reason(reason)
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
    tasks.in_state(task, *PUBLIC, article="16(3)")
    return task


async def _waiting(task: Task) -> Revision:
    row = await queries.under_way(task)
    if row is None:
        raise Refusal("revision.none", article="16(3)", task=task.number)
    return row


async def _close(row: Revision, outcome: str, said: str, by: Actor, at: datetime) -> None:
    row.outcome, row.said, row.decided_by, row.decided_at = outcome, text.visible(said).strip(), by.mark, at
    await row.save(update_fields=["outcome", "said", "decided_by", "decided_at"])
    await _follow(row, by, at)


async def _follow(row: Revision, by: Actor, at: datetime) -> None:
    await outbox.enqueue_follow_up([f"revision:{row.id}", f"review:{row.task_id}"], at=at)
    await outbox.desks(by.department, f"revision:{row.id}:{at.isoformat()}", at=at)


async def _tell_outcome(task: Task, revision: int, outcome: str, said: str, at: datetime) -> None:
    told: dict[str, Any] = {"outcome": outcome, "said": said}
    await notice_records.tell_leader(
        task, "revision.decided", f"revision:{revision}:decided", at, lane=outbox.BULK, **told
    )


def _reason(said: str) -> str:
    if not (why := text.visible(said).strip()):
        raise Refusal("revision.no_reason", article="16(3)")
    return why
