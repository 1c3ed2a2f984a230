"""检查日历: what each time of a week would come to for one visit, before its leader asks about it (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.district import District
from models.queries import clash, visit_joins
from models.queries.clash import Clash
from models.refusal import Refusal
from models.rules import text, visit
from models.rules.actor import Actor
from models.rules.free_times import Window
from models.rules.visit_slots import SlotState, length_of, slots_of_day
from models.rules.visit_week import days_of
from models.states import TO_VISIT
from models.tables import Assignment, Batch, Task


@dataclass(frozen=True, slots=True)
class VisitSlot:
    """A time with what speaks against it. `refused`: why asking would be refused; `short`: it leaves less than the notice
    period."""

    window: Window
    state: SlotState
    clashes: tuple[Clash, ...]
    refused: Refusal | None
    short: bool


@dataclass(frozen=True, slots=True)
class VisitSlots:
    """The working days of a week with their times."""

    number: str
    target: str
    days: tuple[tuple[date, tuple[VisitSlot, ...]], ...]


@dataclass(frozen=True, slots=True)
class LedVisit:
    """`lasts`: how long the visit takes wherever it is moved to."""

    target: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class _Visit:
    """A task, or the one that goes through the same door: its batch's days and its team's hours that are taken."""

    opens: date
    closes: date
    busy: Sequence[tuple[Window, Clash]]


async def led(number: str, by: Actor) -> LedVisit:
    """The visit as its leader finds it; refused to everybody else."""
    task = await _led(number, by)
    return LedVisit(text.name(task.target.name), _length(task))


def _length(task: Task) -> timedelta:
    return length_of(task.proposed_from or task.visit_from, task.proposed_until or task.visit_until)


async def _led(number: str, by: Actor) -> Task:
    """The task, for its leader, while a visit is still to be settled; unknown to whoever does not serve in it (D60)."""
    seat = await Assignment.get_or_none(task__number=number, inspector_id=by.id, until=None)
    if seat is None:
        raise Refusal("task.unknown", article="15", task=number)
    if not seat.leader:
        raise Refusal("task.leader_only", article="15", task=number)
    task = await Task.get(number=number).select_related("target")
    if task.state not in TO_VISIT:
        raise Refusal("task.state", article="15", task=number, state=task.state)
    return task


async def visit_slots(
    number: str, monday: date, *, by: Actor, at: datetime, district: District
) -> VisitSlots:
    """The times of the week from `monday`, on its working days."""
    task = await _led(number, by)
    joined = await visit_joins.partner(task)
    days = [day for day in days_of(monday) if district.calendar.is_workday(day)]
    visits = [await _visit(each, at, days) for each in (task, joined) if each]
    begins, lasts = task.proposed_from or task.visit_from, _length(task)

    def slot(window: Window) -> VisitSlot:
        clashes = tuple(
            met for each in visits for taken, met in each.busy if window.meets(taken) and met.number != number
        )
        short = visit.notice_days(district.calendar, at, window.begins) < district.notice_days
        refused = _refused(visits, window, at)
        if window.begins == begins:
            return VisitSlot(window, SlotState.HERE, clashes, None, short)
        stops = refused or any(met.fixed for met in clashes)
        state = SlotState.REFUSED if stops else SlotState.WARNED if clashes or short else SlotState.FREE
        return VisitSlot(window, state, clashes, refused, short)

    return VisitSlots(
        number, text.name(task.target.name),
        tuple((day, tuple(slot(window) for window in slots_of_day(day, lasts))) for day in days),
    )  # fmt: skip


async def _visit(task: Task, at: datetime, days: Sequence[date]) -> _Visit:
    batch = await Batch.get(code=task.batch_id)
    span = (days[0], days[-1]) if days else None
    return _Visit(batch.opens, batch.closes, await clash.busy_times(task, at, span))


def _refused(visits: Sequence[_Visit], window: Window, at: datetime) -> Refusal | None:
    for each in visits:
        try:
            visit.check_window(*window, each.opens, each.closes, at)
        except Refusal as no:
            return no
    return None


async def unplaced(by: Actor, limit: int = 50) -> tuple[tuple[str, str], ...]:
    """Number and target of the visits that this officer leads and that have no time yet."""
    seats = Assignment.filter(
        inspector_id=by.id, leader=True, until=None, task__state__in=TO_VISIT, task__proposed_from=None,
        task__visit_from=None,
    ).select_related("task__target")  # fmt: skip
    return tuple(
        (seat.task.number, text.name(seat.task.target.name))
        for seat in await seats.order_by("task__number").limit(limit)
    )
