"""Times for a leader's round, laid out around everything that is known before anybody is asked (Art. 15, 16 (2))."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.district import District
from models.queries.itinerary import Round, Stage
from models.queries.sheet import sheets_of
from models.rules import text
from models.rules.datum import Point, read_datum
from models.rules.free_times import Window
from models.rules.timetable import plan as planning
from models.rules.timetable.model import Limits, Timetable, Visit, minutes_for
from models.states import AT_THE_DOOR, TO_VISIT
from models.tables import Assignment, Batch, Inspector, Task


@dataclass(frozen=True, slots=True)
class Left:
    """A visit that finds no time, and why: who is elsewhere, and on which days."""

    why: str
    names: tuple[str, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Times for a round's visits. `left`: by task what finds none; `days`, `metres`: of all the leader's visits."""

    windows: Mapping[str, Window]
    left: Mapping[str, Left]
    days: int
    metres: int


async def plan(
    round_: Round, batch: str, first: date, at: datetime, district: District, *, minutes: int | None = None,
    a_day: int = 4,
) -> Plan:  # fmt: skip
    """A time for each visit of a leader's round that needs one, from `first` on: few days, little travel.

    What was asked or fixed already is planned around. `minutes`: how long each visit lasts, else as long as its
    checklist takes. The search runs beside the event loop.
    """
    row = await Batch.get(code=batch)
    days = planning.days(district.calendar, max(first, row.opens), row.closes, at, district.notice_days)
    open_ = {one.number for one in round_.plannable}
    people = frozenset().union(*(visit.people for visit in round_.visits)) if round_.visits else frozenset()
    wanted = await _wanted(round_, open_, minutes)
    taken = await _taken(people, {one.number for one in wanted})
    made: Timetable = await asyncio.to_thread(planning.timetable, wanted, days, taken, Limits(a_day=a_day))
    named = {
        str(inspector.code): text.name(inspector.name)
        for inspector in await Inspector.filter(code__in=list(people))
    }
    left = {
        number: Left(one.why, tuple(named.get(person, person) for person in one.people), one.days)
        for number, one in made.left.items()
    }
    return Plan(made.windows, left, made.team_days, made.metres)


async def _wanted(round_: Round, open_: set[str], minutes: int | None) -> list[Visit]:
    """The visits to be placed, and as fixed those that have their time."""
    found = {
        visit.number: visit
        for visit in round_.visits
        if visit.number in open_ or (visit.begins and visit.stage != Stage.PAST)
    }
    tasks = await Task.filter(number__in=list(found)).select_related("target")
    sheets = await sheets_of(tasks) if minutes is None else {}
    planned = []
    for task in tasks:
        one, target = found[task.number], task.target
        lasts = minutes or minutes_for(len(sheets[task.id].asks))
        place = None
        if target.latitude_e6 is not None and target.longitude_e6 is not None:
            place = Point(target.latitude_e6 / 1e6, target.longitude_e6 / 1e6, read_datum(target.datum))
        told = Window(one.begins, one.ends) if one.number not in open_ and one.begins and one.ends else None
        planned.append(
            Visit(
                task.number,
                one.people,
                lasts,
                round_.leader_id,
                place,
                one.street,
                told=told,
                fixed=told is not None,
            )
        )
    return planned


async def _taken(people: frozenset[str], planned: set[str]) -> dict[str, list[Window]]:
    """What each person's days hold already: visits fixed or proposed in other tasks, and times they cannot keep."""
    found: dict[str, list[Window]] = defaultdict(list)
    seats = Assignment.filter(inspector_id__in=list(people), until=None).select_related("task")
    for seat in await seats:
        task, mine = seat.task, found[str(seat.inspector_id)]
        if task.number not in planned and task.state in AT_THE_DOOR and task.visit_from and task.visit_until:
            mine.append(Window(task.visit_from, task.visit_until))
        asked = task.state in TO_VISIT and task.proposed_from and task.proposed_until
        if asked and (task.number not in planned or seat.declined_from == task.proposed_from):
            mine.append(Window(task.proposed_from, task.proposed_until))
    return found
