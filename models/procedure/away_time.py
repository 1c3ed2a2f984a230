"""不能到的时间: an officer says when they cannot come, and takes it back; who leads their visits then hears of it (Art. 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, schedule
from models.procedure import task as tasks
from models.queries import away_time as away_times
from models.queries.away_time import SaidAwayTime
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.away_time import ARTICLE, check
from models.rules.free_times import Window
from models.states import AT_THE_DOOR, TO_VISIT
from models.tables import Assignment, AwayTime, Task


@dataclass(frozen=True, slots=True)
class AwayTimeSaid:
    """What was kept, and the visits at that time whose leaders were told: `asked` only proposed, `fixed` settled."""

    time: SaidAwayTime
    asked: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


@store.transactional
async def say(
    begins: datetime, ends: datetime, *, by: Actor, at: datetime, key: str | None = None
) -> AwayTimeSaid:
    """An officer cannot come at this time. A proposed visit that meets it is answered 不行; of a fixed one the leader
    is told, who settles it: nothing that was announced falls by itself. The same time said again is no second row.
    """
    require(by, Role.INSPECTOR, article=ARTICLE)
    check(Window(begins, ends), at)
    await tasks.turns(task.number for task in await _met(by, begins, ends))
    await event.lock(f"chain {_chain(by.id)}")
    concerned = await _met(by, begins, ends)
    standing = await AwayTime.get_or_none(
        inspector_id=by.id, begins=begins, ends=ends, taken_back_at=None
    ).select_related("inspector")
    if standing is not None:
        return AwayTimeSaid(await _read(standing))
    row = await AwayTime.create(inspector_id=by.id, begins=begins, ends=ends, said_by=by.mark, said_at=at)
    await event.record(
        _chain(by.id), "away.said", by=by, at=at, key=key, rows=[row], begins=begins.isoformat(), ends=ends.isoformat()
    )  # fmt: skip
    fixed = [task for task in concerned if _is_fixed(task, begins, ends)]
    asked = [task for task in concerned if task not in fixed]
    for task in fixed:
        await _cannot_keep(task, row, by, at)
    for task in asked:
        await _declined(task, row, by, at)
    numbers = [tuple(task.number for task in tasks_) for tasks_ in (asked, fixed)]
    return AwayTimeSaid(await _read(row), *numbers)


@store.transactional
async def take_back(row_id: int, *, by: Actor, at: datetime, key: str | None = None) -> SaidAwayTime:
    """The officer can come after all; what was answered meanwhile to a proposed time stays until it is answered anew."""
    require(by, Role.INSPECTOR, article=ARTICLE)
    await event.lock(f"chain {_chain(by.id)}")
    row = await AwayTime.get_or_none(id=row_id, inspector_id=by.id)
    if row is None:
        raise Refusal("away.unknown", article=ARTICLE)
    if row.taken_back_at is None:
        row.taken_back_at, row.taken_back_by = at, by.mark
        await row.save(update_fields=["taken_back_at", "taken_back_by"])
        await event.record(_chain(by.id), "away.taken_back", by=by, at=at, key=key, rows=[row], row=row.id)
    return await _read(row)


async def _met(by: Actor, begins: datetime, ends: datetime) -> list[Task]:
    """The visits of this officer, fixed or proposed, that meet a time."""
    fixed = Q(task__state__in=AT_THE_DOOR, task__visit_from__lt=ends, task__visit_until__gt=begins)
    asked = Q(task__state__in=TO_VISIT, task__proposed_from__lt=ends, task__proposed_until__gt=begins)
    seats = Assignment.filter(fixed | asked, inspector_id=by.id, until=None)
    return [seat.task for seat in await seats.select_related("task").order_by("task__number")]


def _is_fixed(task: Task, begins: datetime, ends: datetime) -> bool:
    if task.state not in AT_THE_DOOR or task.visit_from is None or task.visit_until is None:
        return False
    return Window(begins, ends).meets(Window(task.visit_from, task.visit_until))


async def _declined(task: Task, row: AwayTime, by: Actor, at: datetime) -> None:
    seat = await tasks.serving(task, by)
    if seat.declined_from != task.proposed_from:
        await schedule.reply(task.number, False, by=by, at=at, key=f"away:{row.id}:{task.number}")


async def _cannot_keep(task: Task, row: AwayTime, by: Actor, at: datetime) -> None:
    """The seat says so, for the calendar and the next timetable; the leader hears of it at once."""
    seat = await tasks.serving(task, by)
    seat.agreed_from, seat.declined_from = None, task.visit_from
    await seat.save(update_fields=["agreed_from", "declined_from"])
    await tasks.note(
        task, "visit.cannot_keep", by=by, at=at, rows=[seat], begins=row.begins.isoformat(), ends=row.ends.isoformat()
    )  # fmt: skip
    await notice_records.tell_leader(
        task, "visit.cannot_keep", f"away:{row.id}:{task.number}", at, lane=outbox.INTERACTIVE, but=by.account, member=by.name,
    )  # fmt: skip


def _chain(officer: str) -> str:
    return f"officer:{officer}"


async def _read(row: AwayTime) -> SaidAwayTime:
    entry = await away_times.find(row.id)
    assert entry
    return entry
