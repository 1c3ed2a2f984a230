"""检查日历: a week's visits that somebody may see, fixed, held or only proposed, with what each of them meets (Art. 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.queries import away_time as away_times
from models.queries import clash, recheck_times
from models.queries.away_time import SaidAwayTime
from models.queries.board import Sight, visible
from models.queries.recheck_times import RecheckTime
from models.rules import text
from models.rules.actor import Actor, Role
from models.rules.away_time import DayPart, window_of
from models.rules.datum import Point, read_datum
from models.rules.free_times import Window
from models.rules.visit import instant, local_day
from models.rules.visit_week import WEEK, days_of
from models.rules.workdays import Calendar
from models.states import AT_THE_DOOR, TO_VISIT
from models.states import TaskState as T
from models.tables import Assignment, Inspector, Target, Task


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
    list is not announced; `away`: who said that they cannot come; `rechecks`: of orders, to come."""

    day: date
    works: bool
    makeup: bool
    provisional: bool
    visits: tuple[WeekVisit, ...]
    away: tuple[SaidAwayTime, ...] = ()
    rechecks: tuple[RecheckTime, ...] = ()


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


async def visit_week(
    monday: date,
    sight: Sight,
    calendar: Calendar,
    *,
    officer: str = "",
    department: str = "",
    by: Actor | None = None,
) -> VisitWeek:
    """The week from `monday`, of what `sight` shows; `officer`, `department`: only where these serve. `by`: who reads it,
    to whom the times at which colleagues cannot come are shown."""
    seen = seen_of(sight, officer, department)
    begins = instant(monday, time())
    untimed = await seen.filter(state__in=TO_VISIT, proposed_from=None, visit_from=None).count()
    visits = await visits_between(seen, begins, begins + WEEK)
    whose = await _colleagues(by, department) if by else []
    away = await away_times.between(whose, begins, begins + WEEK)
    rechecks = await _rechecks(
        seen, await _planned_with(by, department) if by else [], Window(begins, begins + WEEK)
    )
    return VisitWeek(tuple(_day(day, calendar, visits, away, rechecks) for day in days_of(monday)), untimed)


async def _planned_with(by: Actor, department: str) -> list[str]:
    """Whose rechecks a person reads: an officer's own, a head's department's, all."""
    return [by.id] if by.role == Role.INSPECTOR else await _colleagues(by, department)


async def _rechecks(seen: QuerySet[Task], people: Iterable[str], span: Window) -> list[RecheckTime]:
    """The rechecks to come that these officers go to, of the tasks that are seen."""
    times = await recheck_times.of_officers(people, span)
    shown = (
        {task.id for task in await seen.filter(id__in=[time.task_id for time in times])} if times else set()
    )
    return [time for time in times if time.task_id in shown]


async def _colleagues(by: Actor, department: str) -> list[str]:
    """Whose times a person plans with: an officer's own and the teams' that they lead, a head's department, all."""
    if by.role == Role.INSPECTOR:
        led = Assignment.filter(inspector_id=by.id, leader=True, until=None, task__state__in=TO_VISIT)
        seats = Assignment.filter(until=None, task_id__in=Subquery(led.values("task_id")))
        return [by.id, *{str(row) for row in await seats.values_list("inspector_id", flat=True)} - {by.id}]
    place = by.department if by.role == Role.HEAD else department
    officers = Inspector.filter(department=place) if place else Inspector.all()
    return [str(code) for code in await officers.values_list("code", flat=True)]


def seen_of(sight: Sight, officer: str, department: str) -> QuerySet[Task]:
    """What `sight` shows; with an officer or a department only where these serve."""
    seen = visible(sight)
    for name, value in (("inspector_id", officer), ("department", department)):
        if value:
            serving = Assignment.filter(until=None, **{name: value})
            seen = seen.filter(id__in=Subquery(serving.values("task_id")))
    return seen


async def visits_between(seen: QuerySet[Task], begins: datetime, ends: datetime) -> list[WeekVisit]:
    """The visits, fixed and proposed, that begin in this span."""
    at_times = Q(visit_from__gte=begins, visit_from__lt=ends) | Q(
        proposed_from__gte=begins, proposed_from__lt=ends, state__in=TO_VISIT
    )
    tasks = await seen.filter(at_times).select_related("target").order_by("number")
    return [visit for visit in await _visits(tasks) if begins <= visit.begins < ends]


def _day(
    day: date, calendar: Calendar, visits: Iterable[WeekVisit], away: Iterable[SaidAwayTime], rechecks: Iterable[RecheckTime]
) -> WeekDay:  # fmt: skip
    mine = sorted(
        (visit for visit in visits if local_day(visit.begins) == day),
        key=lambda visit: (visit.begins, visit.number),
    )
    whole = window_of(day, DayPart.DAY)
    return WeekDay(
        day, calendar.is_workday(day), day in calendar.makeup, day.year not in calendar.announced, tuple(mine),
        tuple(entry for entry in away if entry.window.meets(whole)),
        tuple(time for time in rechecks if local_day(time.window.begins) == day),
    )  # fmt: skip


async def _visits(tasks: Sequence[Task]) -> list[WeekVisit]:
    seats: dict[int, list[Assignment]] = defaultdict(list)
    serving = Assignment.filter(task_id__in=[task.id for task in tasks], until=None)
    for seat in await serving.select_related("inspector").order_by("-leader", "id"):
        seats[seat.task_id].append(seat)
    fixed, proposed = _fixed(tasks), _proposed(tasks)
    to_come = {task.id: fixed[task.id] for task in tasks if task.id in fixed and task.state in AT_THE_DOOR}
    met_fixed, met_proposed = await clash.at_hours(to_come), await clash.at_hours(proposed)
    return [
        _visit(task, seats[task.id], windows[task.id], met.get(task.id, ()), fixed=windows is fixed)
        for windows, met in ((fixed, met_fixed), (proposed, met_proposed))
        for task in tasks
        if task.id in windows
    ]


def _fixed(tasks: Sequence[Task]) -> Mapping[int, Window]:
    """Held or to be held."""
    return {
        task.id: Window(task.visit_from, task.visit_until)
        for task in tasks
        if task.visit_from and task.visit_until
    }


def _proposed(tasks: Sequence[Task]) -> Mapping[int, Window]:
    """Asked of the members and not the time that is fixed."""
    return {
        task.id: Window(task.proposed_from, task.proposed_until)
        for task in tasks
        if task.proposed_from
        and task.proposed_until
        and task.state in TO_VISIT
        and (task.proposed_from != task.visit_from or task.state != T.SCHEDULED)
    }


def _visit(
    task: Task, seats: Sequence[Assignment], window: Window, met: tuple[clash.Clash, ...], *, fixed: bool
) -> WeekVisit:
    wanted = None if fixed else task.proposed_from
    return WeekVisit(
        task.number, text.name(task.target.name), task.target.street_name, task.state, window.begins, window.ends, fixed,
        next((text.name(seat.inspector.name) for seat in seats if seat.leader), ""),
        tuple(text.name(seat.inspector.name) for seat in seats),
        sum(seat.agreed_from == wanted for seat in seats) if wanted else 0,
        tuple(text.name(seat.inspector.name) for seat in seats if wanted and seat.declined_from == wanted), met,
        task.team_id, _place(task.target), task.id, next((str(seat.inspector_id) for seat in seats if seat.leader), ""),
        tuple(
            text.name(seat.inspector.name)
            for seat in seats
            if wanted and wanted not in (seat.agreed_from, seat.declined_from)
        ),
    )  # fmt: skip


def _place(target: Target) -> Point | None:
    if target.latitude_e6 is None or target.longitude_e6 is None:
        return None
    return Point(target.latitude_e6 / 1e6, target.longitude_e6 / 1e6, read_datum(target.datum))
