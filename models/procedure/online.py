"""网络检查办结: a task ends from the network check, without a visit, with the method and the finding (Art. 16 (1))."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.district import District
from models.operations import event
from models.procedure import notice_records, notification
from models.procedure import task as tasks
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, visit
from models.rules import online as rules
from models.rules.actor import Actor
from models.states import BEFORE_THE_VISIT, NoticeState
from models.states import TaskState as T
from models.tables import Notice, OnlineEnding, Task


@store.transactional
async def end(
    number: str, *, by: Actor, at: datetime, district: District, result: str = "", source: str = "",
    finding: str = "", link: str = "", screenshot: str = "", key: str | None = None,
) -> None:  # fmt: skip
    """The leader ends the task: settled online, planned for the network alone, or the target is gone (`result`).

    A target that is gone needs the source and what was found there. A letter that stands falls, and the entity is
    told; the 20 working days begin.
    """
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if await event.find_by_key(key) or await OnlineEnding.exists(task=task):
        return
    tasks.in_state(task, *BEFORE_THE_VISIT, article="16(1)")
    await task.fetch_related("batch__scheme__entry")
    ground = rules.ground(await sheet_of(task), task.batch.scheme.entry.methods, result)
    if ground == rules.OnlineGround.TARGET_GONE and not (source.strip() and finding.strip()):
        raise Refusal("network.no_source", article="16(1)", number=0)
    if ground != rules.OnlineGround.TARGET_GONE and task.started_at is not None:
        raise Refusal("task.state", article="16(1)", task=number, state=task.state)
    if screenshot and not await store.objects.exists(screenshot):
        raise Refusal("photo.gone", article="16(1)")
    row = await OnlineEnding.create(
        task=task, ground=ground, result=result, source=source.strip(), finding=finding.strip(),
        link=checklist.read_link(link), screenshot=screenshot, by=by.id, at=at,
    )  # fmt: skip
    given, fallen = await _withdraw(task)
    if task.state == T.ASSIGNED:
        await tasks.to(task, T.NETWORK_CHECKED, "16(1)")
    due = district.calendar.nth_workday_after(visit.local_day(at))
    await tasks.to(
        task, T.CONCLUDED, "16(1)", ended_at=at, entry_due=due.date, due_provisional=due.provisional,
        visit_from=None, visit_until=None, proposed_from=None, proposed_until=None,
    )  # fmt: skip
    told = await notification.owe(task, "concluded", at)
    if given:
        told += await notification.owe(task, "no_visit", at, given.id)
    await tasks.note(
        task, "network.ended", by=by, at=at, key=key, rows=[row, *fallen, *told], ground=ground, result=result,
        source=row.source, finding=row.finding, due=due.date.isoformat(), provisional=due.provisional,
    )  # fmt: skip


async def _withdraw(task: Task) -> tuple[Notice | None, list[Notice]]:
    """The letter that was given of a visit which will not be, and all that fall."""
    given, waiting = await notice_records.current(task), await notice_records.drafted(task)
    fallen = [letter for letter in (given, waiting) if letter is not None]
    for letter in fallen:
        await notice_records.move_to(letter, NoticeState.REVOKED)
    return given, fallen
