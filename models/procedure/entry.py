"""录入与审核: results are written down by those who checked, read by a second pair of eyes (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime

from tortoise.models import Model

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, notification, sample
from models.procedure import task as tasks
from models.queries import contact as contacts
from models.queries import onsite, reviewing
from models.queries.reviewing import Reviewed
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, contact, visit
from models.rules import entry as rules
from models.rules.actor import Actor, Role, require
from models.rules.cooperation import UNREACHABLE
from models.states import REVIEWED, SENT_BACK_FROM
from models.states import TaskState as T
from models.tables import Result


@store.transactional
async def enter(
    number: str, types: list[str], note: str, *, by: Actor, at: datetime, key: str | None = None
) -> int:
    """The leader enters the result types; late entry is taken, and stays marked as late. The version entered."""
    task = await tasks.find(number)
    await tasks.leading(task, by)
    last = await Result.filter(task=task).order_by("-version").first()
    if last and (
        await event.find_by_key(key) or (task.state == T.ENTERED and list(last.types) == sorted(set(types)))
    ):
        return last.version
    tasks.in_state(task, T.CONCLUDED, article="16(3)")
    await sample.none_out(task)
    failures = checklist.failures(await sheet_of(task))
    chosen = rules.check_types(types, failures, note, await onsite.established(task.id))
    if UNREACHABLE in chosen:
        contact.check_enough(await contacts.tries(task.id))
    late = bool(task.entry_due and visit.local_day(at) > task.entry_due)
    result = await Result.create(
        task=task,
        version=last.version + 1 if last else 1,
        types=list(chosen),
        note=note.strip(),
        by=by.id,
        at=at,
        late=late,
    )
    await tasks.to(task, T.ENTERED, "16(3)", entered_at=at)
    await tasks.note(
        task,
        "result.entered",
        by=by,
        at=at,
        key=key,
        rows=[result],
        types=list(chosen),
        note=note.strip(),
        late=late,
    )
    await notice_records.tell_head(
        task, await tasks.initiating(task), "review.asked", f"review:{number}:{result.version}", at
    )
    return result.version


@store.transactional
async def review(
    number: str, agree: bool, *, by: Actor, at: datetime, reason: str = "", key: str | None = None
) -> Reviewed:
    """The head of the initiating department agrees, and the entity is told the result; or sends it back with a
    reason, as long as it is not published. The result as it stands then.
    """
    require(by, Role.HEAD, article="16(3)")
    task = await tasks.find(number)
    if by.department != await tasks.initiating(task):
        raise Refusal("task.unknown", article="16(3)", task=number)
    if await event.find_by_key(key) or (agree and task.state in REVIEWED):
        return await reviewing.reviewed(number)
    tasks.in_state(task, *((T.ENTERED,) if agree else SENT_BACK_FROM), article="16(3)")
    if not agree and not reason.strip():
        raise Refusal("entry.return_needs_reason", article="16(3)", task=number)
    last = await Result.filter(task=task).order_by("-version").first()
    assert last
    if agree:
        await tasks.to(task, T.REVIEWED, "16(3)", reviewed_at=at)
        if task.platform_receipt:
            await tasks.to(task, T.RECORDED, "8")
        written: list[Model] = [*await notification.owe(task, "result", at, last.id)]
    else:
        await tasks.to(task, T.CONCLUDED, "16(3)", entered_at=None, reviewed_at=None)
        last.returned = reason.strip()
        await last.save(update_fields=["returned"])
        written = [last, *await notification.overtaken(task, "result", at)]
        key_ = f"returned:{number}:{last.version}"
        await notice_records.tell_leader(task, "review.returned", key_, at, lane=outbox.BULK, reason=reason)
    kind = "result.reviewed" if agree else "result.returned"
    await tasks.note(task, kind, by=by, at=at, key=key, rows=written, reason=reason)
    await outbox.enqueue_follow_up([f"review:{task.id}"], at=at)
    await outbox.desks(by.department, f"{kind}:{number}:{last.version}", at=at)
    return await reviewing.reviewed(number)
