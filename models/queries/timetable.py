"""Times for a leader's round, laid out around everything that is known before anybody is asked (Art. 15, 16 (2))."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.district import District
from models.queries import away_time as away_times
from models.queries import recheck_times, visit_joins
from models.queries.itinerary import LeaderRound, Stage
from models.queries.sheet import sheets_of
from models.rules import text
from models.rules.datum import Point, read_datum
from models.rules.free_times import Window
from models.rules.timetable import plan as planning
from models.rules.timetable.model import DayLimits, Timetable, VisitToPlace, minutes_for
from models.states import AT_THE_DOOR, TO_VISIT
from models.tables import Assignment, Batch, Inspector, Task


@dataclass(frozen=True, slots=True)
class UnplacedVisit:
    """A visit that finds no time, and why: who is elsewhere, and on which days."""

    why: str
    names: tuple[str, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class RoundTimetable:
    """Times to be asked about. `left`: by task what finds none; `days`, `metres`: of all the leader's visits; `moved`: those
    among them whose members were asked about another time already, and about which; `opens`, `closes`: the batch's days;
    `hours`: name and working hours of each officer for whom the register holds some."""

    windows: Mapping[str, Window]
    left: Mapping[str, UnplacedVisit]
    days: int
    metres: int
    moved: Mapping[str, Window]
    opens: date
    closes: date
    hours: tuple[tuple[str, str], ...] = ()


async def plan(
    round_: LeaderRound, batch: str, first: date, at: datetime, district: District, *, minutes: int | None = None,
    a_day: int = 4,
) -> RoundTimetable:  # fmt: skip
    """A time for each visit of a leader's round that needs one, from `first` on: few days, little travel.

    What was asked already stays; only where a visit would find no time otherwise are those moved that are not fixed, as
    few as possible. `minutes`: how long each visit lasts, else as long as its checklist takes. The search runs beside
    the event loop.
    """
    row = await Batch.get(code=batch)
    days = planning.days(district.calendar, max(first, row.opens), row.closes, at, district.notice_days)
    open_ = {visit.number for visit in round_.plannable}
    wanted = await _wanted(round_, open_, minutes)
    people = frozenset[str]().union(
        *(visit.people for visit in round_.visits), *(visit.people for visit in wanted)
    )
    taken = await _taken(people, {visit.number for visit in wanted}, at, row.closes)
    timetable: Timetable = await asyncio.to_thread(
        planning.timetable_beside_told, wanted, days, taken, DayLimits(a_day=a_day)
    )
    told = {visit.number: visit.told for visit in wanted if visit.told}
    windows = {number: window for number, window in timetable.windows.items() if told.get(number) != window}
    officers = await Inspector.filter(code__in=list(people)).order_by("code")
    named = {str(officer.code): text.name(officer.name) for officer in officers}
    left = {
        number: UnplacedVisit(
            cause.why, tuple(named.get(person, person) for person in cause.people), cause.days
        )
        for number, cause in timetable.left.items()
    }
    moved = {number: window for number, window in told.items() if number in windows and window}
    hours = tuple((text.name(officer.name), officer.hours) for officer in officers if officer.hours)
    return RoundTimetable(
        windows, left, timetable.team_days, timetable.metres, moved, row.opens, row.closes, hours
    )


async def _wanted(round_: LeaderRound, open_: set[str], minutes: int | None) -> list[VisitToPlace]:
    """The visits to be placed, those that the members were asked about, and as fixed those that are settled."""
    visits = {
        visit.number: visit
        for visit in round_.visits
        if visit.number in open_ or (visit.begins and visit.stage != Stage.PAST)
    }
    tasks = await Task.filter(number__in=list(visits)).select_related("target").order_by("id")
    partners = await visit_joins.partners([task.id for task in tasks], TO_VISIT)
    together = await _teams(partners)
    sheets = await sheets_of(tasks) if minutes is None else {}
    planned = []
    ids = {task.id for task in tasks}
    for task in tasks:
        if partners.get(task.id) in ids and partners[task.id] < task.id:
            continue  # one door with a visit of this same round, whose time is its own
        visit, target = visits[task.number], task.target
        lasts = minutes or minutes_for(len(sheets[task.id].asks))
        place = None
        if target.latitude_e6 is not None and target.longitude_e6 is not None:
            place = Point(target.latitude_e6 / 1e6, target.longitude_e6 / 1e6, read_datum(target.datum))
        told = (
            Window(visit.begins, visit.ends)
            if visit.number not in open_ and visit.begins and visit.ends
            else None
        )
        planned.append(
            VisitToPlace(
                task.number,
                visit.people | together.get(task.id, frozenset()),
                (told.ends - told.begins) // timedelta(minutes=1) if told else lasts,
                round_.leader_id,
                place,
                visit.street,
                told=told,
                fixed=told is not None and visit.stage not in (Stage.ASKED, Stage.AGREED),
            )
        )
    return planned


async def _teams(partners: Mapping[int, int]) -> dict[int, frozenset[str]]:
    """By task who comes from the visit that goes through the same door."""
    teams: dict[int, set[str]] = defaultdict(set)
    for seat in await Assignment.filter(task_id__in=list(partners.values()), until=None):
        teams[seat.task_id].add(str(seat.inspector_id))
    return {id: frozenset(teams[other]) for id, other in partners.items()}


async def _taken(
    people: frozenset[str], planned: set[str], at: datetime, closes: date
) -> dict[str, list[Window]]:
    """What each person's days hold already: visits fixed or proposed in other tasks, announced rechecks, times they cannot
    keep or said beforehand that they cannot, leave, what lies outside their working hours until `closes`."""
    taken: dict[str, list[Window]] = defaultdict(list, await away_times.windows(people, at, closes))
    seats = Assignment.filter(inspector_id__in=list(people), until=None).select_related("task")
    ids = {task.id for task in await Task.filter(number__in=list(planned))}
    partners = await visit_joins.partners(ids, TO_VISIT)
    along = {other for id, other in partners.items() if id in ids} - ids
    for seat in [seat for seat in await seats if seat.task_id not in along]:
        task, mine = seat.task, taken[str(seat.inspector_id)]
        if task.number not in planned and task.state in AT_THE_DOOR and task.visit_from and task.visit_until:
            mine.append(Window(task.visit_from, task.visit_until))
        asked = task.state in TO_VISIT and task.proposed_from and task.proposed_until
        if asked and (task.number not in planned or seat.declined_from == task.proposed_from):
            mine.append(Window(task.proposed_from, task.proposed_until))
    for time in await recheck_times.of_officers(people):
        for officer in time.officers:
            taken[officer].append(time.window)
    return taken
