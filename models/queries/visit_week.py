"""检查日历: a week's visits that somebody may see, fixed, held or only proposed, with what each of them meets (Art. 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models.queries import away_time as away_times
from models.queries import clash, recheck_times
from models.queries.away_time import SaidAwayTime
from models.queries.board import Sight, visible
from models.queries.recheck_times import RecheckTime
from models.queries.visits_found import COUNTED, DAY, FoundVisit, found_by_day
from models.rules import text
from models.rules.actor import Actor, Role
from models.rules.away_time import DayPart, window_of
from models.rules.datum import Point, read_datum
from models.rules.free_times import Window
from models.rules.visit import instant, local_day
from models.rules.visit_week import days_of
from models.rules.workdays import Calendar
from models.states import AT_THE_DOOR, TO_VISIT
from models.states import TaskState as T
from models.tables import Assignment, Inspector, Target, Task

TOGETHER = 500
TOLD = (
    "id", "number", "state", "team_id", "target_id", "visit_from", "visit_until", "proposed_from", "proposed_until",
    *(f"target__{name}" for name in ("code", "name", "street_name", "longitude_e6", "latitude_e6", "datum")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WeekVisit:
    """A visit at its time. `fixed` False: asked of the members, `agreed` of whom said yes. `place`: as the register has it."""

    number: str
    target: str
    street: str
    state: T
    begins: datetime
    ends: datetime
    fixed: bool
    leader: str
    members: tuple[str, ...]
    agreed: int
    declined: tuple[str, ...]
    clashes: tuple[clash.Clash, ...]
    team: int
    place: Point | None
    id: int = 0
    leader_id: str = ""
    silent: tuple[str, ...] = ()  # who has not answered to the proposed time


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day with its visits, the earliest first. `makeup`: a Saturday or Sunday that is worked; `provisional`: the year's
    list is not announced; `away`: who said that they cannot come; `rechecks`: of orders, to come; `found`: how many visits
    there are, of which `visits` may be a part (`COUNTED` and one more: more than are counted)."""

    day: date
    works: bool
    makeup: bool
    provisional: bool
    visits: tuple[WeekVisit, ...]
    away: tuple[SaidAwayTime, ...] = ()
    rechecks: tuple[RecheckTime, ...] = ()
    found: int = 0


@dataclass(frozen=True, slots=True)
class VisitWeek:
    """`untimed`: tasks of these, of whatever week, that have neither a fixed nor a proposed time."""

    days: tuple[WeekDay, ...]
    untimed: int

    @property
    def visits(self) -> tuple[WeekVisit, ...]:
        return tuple(visit for each in self.days for visit in each.visits)

    @property
    def clashing(self) -> int:
        return sum(bool(visit.clashes) for visit in self.visits)

    @property
    def found(self) -> int:
        return sum(each.found for each in self.days)

    @property
    def uncounted(self) -> bool:
        """True where a day has more than are counted."""
        return any(each.found > COUNTED for each in self.days)


@dataclass(frozen=True, slots=True)
class WeekPart:
    """What a page shows: the first `most` of each day; with `day` that one alone, the `page`-th so many of it."""

    most: int = 20
    day: date | None = None
    page: int = 1

    def of(self, visits: Sequence[FoundVisit]) -> Sequence[FoundVisit]:
        begins = (self.page - 1) * self.most
        return visits[:COUNTED][begins : begins + self.most]


@dataclass(frozen=True, slots=True)
class Serving:
    """Only visits where this officer serves, this department, an officer whose name has `name` in it, the team `team`."""

    officer: str = ""
    department: str = ""
    name: str = ""
    team: int = 0


EVERYBODY = Serving()


async def visit_week(
    monday: date,
    sight: Sight,
    calendar: Calendar,
    *,
    serving: Serving = EVERYBODY,
    by: Actor | None = None,
    part: WeekPart | None = None,
    clashes: bool = True,
) -> VisitWeek:
    """The week from `monday`, of what `sight` shows. `by`: who reads it, to whom the times at which colleagues cannot come
    are shown. `part` None: all visits."""
    seen = seen_of(sight, serving)
    days = (part.day,) if part and part.day else days_of(monday)
    span = Window(instant(days[0], time()), instant(days[-1], time()) + DAY)
    untimed = await seen.filter(state__in=TO_VISIT, proposed_from=None, visit_from=None).count()
    by_day = await found_by_day(seen, days, COUNTED if part else None)
    shown = [row for day in days for row in (part.of(by_day.get(day, ())) if part else by_day.get(day, ()))]
    visits = await visits_of(shown, clashes=clashes)
    whose = await _colleagues(by, serving.department) if by else []
    away = await away_times.between(whose, *span)
    rechecks = await _rechecks(seen, await _planned_with(by, serving.department) if by else [], span)
    return VisitWeek(
        tuple(_day(day, calendar, visits, away, rechecks, len(by_day.get(day, ()))) for day in days), untimed
    )


async def _planned_with(by: Actor, department: str) -> list[str] | None:
    """Whose rechecks a person reads: an officer's own, a head's department's, all."""
    return [by.id] if by.role == Role.INSPECTOR else await _colleagues(by, department)


async def _rechecks(seen: QuerySet[Task], people: Iterable[str] | None, span: Window) -> list[RecheckTime]:
    """The rechecks to come that these officers go to, of the tasks that are seen."""
    times = await recheck_times.of_officers(people, span)
    shown = (
        {task.id for task in await seen.filter(id__in=[time.task_id for time in times])} if times else set()
    )
    return [time for time in times if time.task_id in shown]


async def _colleagues(by: Actor, department: str) -> list[str] | None:
    """Whose times a person plans with: an officer's own and the teams' that they lead, a head's department; None: all."""
    if by.role == Role.INSPECTOR:
        led = Assignment.filter(inspector_id=by.id, leader=True, until=None, task__state__in=TO_VISIT)
        seats = Assignment.filter(until=None, task_id__in=Subquery(led.values("task_id")))
        return [by.id, *{str(row) for row in await seats.values_list("inspector_id", flat=True)} - {by.id}]
    place = by.department if by.role == Role.HEAD else department
    if not place:
        return None
    return [str(code) for code in await Inspector.filter(department=place).values_list("code", flat=True)]


def seen_of(sight: Sight, serving: Serving) -> QuerySet[Task]:
    """What `sight` shows, only where these serve."""
    seen = visible(sight)
    asked = {
        "inspector_id": serving.officer, "department": serving.department, "inspector__name__contains": serving.name,
    }  # fmt: skip
    for name, value in asked.items():
        if value:
            seats = Assignment.filter(until=None, **{name: value})
            seen = seen.filter(id__in=Subquery(seats.values("task_id")))
    return seen.filter(team__number=serving.team) if serving.team else seen


async def visits_of(asked: Sequence[FoundVisit], *, clashes: bool = True) -> list[WeekVisit]:
    """These visits, with whoever serves; `clashes` False: nobody asks what else they have to do then."""
    visits: list[WeekVisit] = []
    for start in range(0, len(asked), TOGETHER):
        visits += await _visits(asked[start : start + TOGETHER], clashes=clashes)
    return visits


def _day(
    day: date, calendar: Calendar, visits: Iterable[WeekVisit], away: Iterable[SaidAwayTime], rechecks: Iterable[RecheckTime],
    count: int,
) -> WeekDay:  # fmt: skip
    mine = sorted(
        (visit for visit in visits if local_day(visit.begins) == day),
        key=lambda visit: (visit.begins, visit.number),
    )
    whole = window_of(day, DayPart.DAY)
    return WeekDay(
        day, calendar.is_workday(day), day in calendar.makeup, day.year not in calendar.announced, tuple(mine),
        tuple(entry for entry in away if entry.window.meets(whole)),
        tuple(time for time in rechecks if local_day(time.window.begins) == day), count,
    )  # fmt: skip


class _Seat(NamedTuple):
    officer: str
    name: str
    leads: bool
    agreed: datetime | None
    declined: datetime | None


async def _visits(asked: Sequence[FoundVisit], *, clashes: bool) -> list[WeekVisit]:
    ids = sorted({row.task for row in asked})
    tasks = {task.id: task for task in await Task.filter(id__in=ids).only(*TOLD).select_related("target")}
    seats = await _seats(ids)
    to_come = {
        row.task: _window(tasks[row.task], row)
        for row in asked
        if row.fixed and tasks[row.task].state in AT_THE_DOOR
    }
    proposed = {row.task: _window(tasks[row.task], row) for row in asked if not row.fixed}
    met_fixed, met_proposed = (
        [await clash.at_hours(hours) for hours in (to_come, proposed)] if clashes else ({}, {})
    )
    return [
        _visit(
            tasks[row.task], seats[row.task], _window(tasks[row.task], row),
            (met_fixed if row.fixed else met_proposed).get(row.task, ()), fixed=row.fixed,
        )
        for row in asked
    ]  # fmt: skip


async def _seats(ids: Sequence[int]) -> dict[int, list[_Seat]]:
    """By task who serves, the leader first."""
    seats: dict[int, list[_Seat]] = defaultdict(list)
    serving = Assignment.filter(task_id__in=list(ids), until=None).order_by("-leader", "id")
    columns = ("task_id", "inspector_id", "inspector__name", "leader", "agreed_from", "declined_from")
    for task, officer, name, *rest in await serving.values_list(*columns) if ids else ():
        seats[task].append(_Seat(officer, text.name(name), *rest))
    return seats


def _window(task: Task, row: FoundVisit) -> Window:
    ends = task.visit_until if row.fixed else task.proposed_until
    assert ends
    return Window(row.begins, ends)


def _visit(
    task: Task, seats: Sequence[_Seat], window: Window, met: tuple[clash.Clash, ...], *, fixed: bool
) -> WeekVisit:
    wanted = None if fixed else task.proposed_from
    led = next((seat for seat in seats if seat.leads), None)
    return WeekVisit(
        task.number, text.name(task.target.name), task.target.street_name, task.state, window.begins, window.ends, fixed,
        led.name if led else "", tuple(seat.name for seat in seats),
        sum(seat.agreed == wanted for seat in seats) if wanted else 0,
        tuple(seat.name for seat in seats if wanted and seat.declined == wanted), met,
        task.team_id, _place(task.target), task.id, led.officer if led else "",
        tuple(seat.name for seat in seats if wanted and wanted not in (seat.agreed, seat.declined)),
    )  # fmt: skip


def _place(target: Target) -> Point | None:
    if target.latitude_e6 is None or target.longitude_e6 is None:
        return None
    return Point(target.latitude_e6 / 1e6, target.longitude_e6 / 1e6, read_datum(target.datum))
