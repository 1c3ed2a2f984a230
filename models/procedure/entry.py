"""审核: a result is read by a second pair of eyes before anybody else hears of it (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime

from tortoise.models import Model

from models import store
from models.operations import event, outbox
from models.procedure import notification, recipients
from models.procedure import task as tasks
from models.queries import reviewing
from models.queries.reviewing import Reviewed
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.states import REVIEWED, SENT_BACK_FROM
from models.states import TaskState as T
from models.tables import Result, ResultPart, Task


@store.transactional
async def review(
    number: str, agree: bool, *, by: Actor, at: datetime, reason: str = "", department: str = "",
    key: str | None = None,
) -> Reviewed:  # fmt: skip
    """The head of the initiating department agrees, and the entity is told the result; or sends it back with a
    reason, as long as it is not published: the row of one `department`, or all. The result as it stands then.
    """
    require(by, Role.HEAD, article="16(3)")
    task = await tasks.find(number)
    if by.department != await tasks.initiating(task):
        raise Refusal("task.unknown", article="16(3)", task=number)
    if await event.find_by_key(key) or (agree and task.state in REVIEWED):
        return await reviewing.reviewed(number)
    tasks.in_state(task, *((T.ENTERED,) if agree else SENT_BACK_FROM), article="16(3)")
    last = await Result.filter(task=task).order_by("-version").first()
    assert last
    if agree:
        await tasks.to(task, T.REVIEWED, "16(3)", reviewed_at=at)
        if task.platform_receipt:
            await tasks.to(task, T.RECORDED, "8")
        written: list[Model] = [*await notification.owe(task, "result", at, last.id)]
    else:
        written = await _sent_back(task, last, text.visible(reason).strip(), department, at)
    kind = "result.reviewed" if agree else "result.returned"
    whose = {} if agree or not department else {"department": department}
    await tasks.note(task, kind, by=by, at=at, key=key, rows=written, reason=reason, **whose)
    await outbox.enqueue_follow_up([f"review:{task.id}"], at=at)
    await outbox.desks(by.department, f"{kind}:{number}:{last.version}", at=at)
    return await reviewing.reviewed(number)


async def _sent_back(task: Task, last: Result, reason: str, department: str, at: datetime) -> list[Model]:
    """The departments' rows that have to be written anew; whoever wrote them and the leader hear why."""
    if not reason:
        raise Refusal("entry.return_needs_reason", article="16(3)", task=task.number)
    rows = [part.entry for part in await ResultPart.filter(result=last).select_related("entry") if part.entry]
    chosen = [row for row in rows if department in ("", row.department)]
    if department and not chosen:
        raise Refusal("department_result.not_inspected", article="16(3)", task=task.number)
    await tasks.to(task, T.CONCLUDED, "16(3)", entered_at=None, reviewed_at=None)
    for row in [last, *chosen]:
        row.returned = reason
        await row.save(update_fields=["returned"])
    to_whom = await (recipients.section(task, department) if department else recipients.team(task))
    await recipients.tell(
        to_whom, "review.returned", key=f"returned:{task.number}:{last.version}", at=at, lane=outbox.BULK,
        chain=f"task:{task.number}", task=task.number, reason=reason,
    )  # fmt: skip
    return [last, *chosen, *await notification.overtaken(task, "result", at)]
