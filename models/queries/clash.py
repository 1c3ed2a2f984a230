"""Whether somebody of a team would have to be in two places at one hour (Art. 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tortoise.expressions import Q

from models import store
from models.queries import away_time as away_times
from models.queries import recheck_times, visit_joins
from models.queries.away_time import OffHours
from models.queries.recheck_times import RecheckTime
from models.rules import text, visit
from models.rules.free_times import Window
from models.rules.visit_slots import FIRST, LAST
from models.states import AT_THE_DOOR, TO_VISIT, TO_VISIT_OR_ON_SITE
from models.states import TaskState as T
from models.tables import Assignment, Task

ELSEWHERE = """
SELECT s.inspector_id FROM assignment s JOIN task t ON t.id = s.task_id AND t.state = ?
WHERE s.task_id <> ? AND s.until IS NULL AND s.arrived_at IS NOT NULL AND s.inspector_id IN ({people})
AND NOT EXISTS (SELECT 1 FROM finalised f
    WHERE f.task_id = s.task_id AND f.department = s.department AND f.reopened_at IS NULL)"""


@dataclass(frozen=True, slots=True)
class Clash:
    """Another visit at that hour, and who would be in both. `fixed`: settled; else only proposed. `target`: "" where
    not everybody of this team serves there too: whom others inspect is theirs to know (D60). `away`: no visit, but a time
    at which they said that they cannot come, or are on leave, or with `hours`: outside the working hours that the
    register holds. `recheck`: the number of an announced recheck of an order."""

    number: str
    target: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    fixed: bool
    away: bool = False
    recheck: str = ""
    hours: str = ""

    @property
    def blocks(self) -> bool:
        """True where the visit cannot be held then; a visit that is only proposed may still move."""
        return self.fixed or self.away


async def with_fixed(
    task: Task, begins: datetime, ends: datetime, people: Iterable[str] | None = None
) -> tuple[Clash, ...]:
    """The fixed visits and the announced rechecks of other tasks that this time meets. `people`: of these officers, else of
    the team."""
    at_once = Q(task__state__in=AT_THE_DOOR, task__visit_from__lt=ends, task__visit_until__gt=begins)
    whose = list(people) if people is not None else None
    visits = await _clashes(task, at_once, whose, fixed=True)
    return visits + await _rechecks(task, Window(begins, ends), whose)


async def with_any(task: Task, begins: datetime, ends: datetime) -> tuple[Clash, ...]:
    """Fixed visits first, then those whose time is only proposed: to be warned of while planning."""
    fixed = await with_fixed(task, begins, ends)
    at_once = Q(task__state__in=TO_VISIT, task__proposed_from__lt=ends, task__proposed_until__gt=begins)
    proposed = await _clashes(task, at_once, None, fixed=False)
    known = {clash.number for clash in fixed}
    return fixed + tuple(clash for clash in proposed if clash.number not in known)


async def at_other_visits(task: Task, people: Iterable[str]) -> frozenset[str]:
    """Who of these arrived at another visit that is still open and has their own department's section still open."""
    if not (officers := list(people)):
        return frozenset()
    rows = await store.run_one(ELSEWHERE.format(people=store.marks(officers)), T.ON_SITE, task.id, *officers)
    return frozenset(str(row["inspector_id"]) for row in rows)


async def _clashes(task: Task, at_once: Q, people: Iterable[str] | None, *, fixed: bool) -> tuple[Clash, ...]:
    if people is None:
        members = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
        people = [str(member) for member in members]
    together = [task.id, *(await visit_joins.partners([task.id])).values()]
    seats = Assignment.filter(at_once, inspector_id__in=list(people), until=None).exclude(
        task_id__in=together
    )
    names: dict[int, list[str]] = defaultdict(list)
    tasks: dict[int, Task] = {}
    for seat in await seats.select_related("inspector", "task__target").order_by("task__number", "id"):
        names[seat.task_id].append(text.name(seat.inspector.name))
        tasks[seat.task_id] = seat.task
    teams = await _teams([task.id, *tasks]) if tasks else {}
    return tuple(_clash(tasks[id], tuple(names[id]), fixed, teams[task.id] <= teams[id]) for id in names)


async def _rechecks(task: Task, span: Window | None, people: Iterable[str] | None) -> tuple[Clash, ...]:
    """The announced rechecks of other tasks (within `span`) that these officers, else the team, go to."""
    members = (await _teams([task.id]))[task.id]
    whose = members if people is None else set(people)
    times = await recheck_times.of_officers(whose, span)
    others = [each for each in times if each.task_id != task.id]
    teams = await _teams([each.task_id for each in others])
    return tuple(_recheck(each, whose, known=members <= teams[each.task_id]) for each in others)


def _recheck(time: RecheckTime, people: Set[str], *, known: bool) -> Clash:
    names = tuple(name for code, name in time.officers.items() if code in people)
    target = time.target if known else ""
    return Clash(time.task, target, *time.window, names, fixed=True, recheck=time.number)


async def _teams(ids: Sequence[int]) -> dict[int, set[str]]:
    teams: dict[int, set[str]] = {id: set() for id in ids}
    for id, officer in await Assignment.filter(task_id__in=list(ids), until=None).values_list(
        "task_id", "inspector_id"
    ):
        teams[id].add(str(officer))
    return teams


def _clash(task: Task, names: tuple[str, ...], fixed: bool, known: bool) -> Clash:
    begins, ends = (task.visit_from, task.visit_until) if fixed else (task.proposed_from, task.proposed_until)
    assert begins
    assert ends
    return Clash(task.number, text.name(task.target.name) if known else "", begins, ends, names, fixed)


async def of_proposals(tasks: Sequence[Task]) -> dict[int, tuple[Clash, ...]]:
    """By task what its proposed time meets; for a whole itinerary at once."""
    return await at_hours(
        {
            task.id: Window(task.proposed_from, task.proposed_until)
            for task in tasks
            if task.proposed_from and task.proposed_until
        }
    )


async def at_hours(asked: Mapping[int, Window]) -> dict[int, tuple[Clash, ...]]:
    """By task what its team would meet elsewhere at the hours asked for."""
    mine: dict[int, set[str]] = defaultdict(set)
    agreed: set[tuple[int, str]] = set()
    for seat in await Assignment.filter(task_id__in=list(asked), until=None):
        mine[seat.task_id].add(str(seat.inspector_id))
        if seat.agreed_from == asked[seat.task_id].begins:
            agreed.add((seat.task_id, str(seat.inspector_id)))
    people = set().union(*mine.values()) if mine else set()
    away, together = await _away(people, asked.values()), await visit_joins.partners(asked)
    rechecks = await recheck_times.of_officers(people)
    teams = await _teams([time.task_id for time in rechecks])
    there = await _visits_of(people, asked.values())
    return {
        id: (
            *_met(id, window, mine[id], {other: held for other, held in there.items() if other != together.get(id)}),
            *(_recheck(time, mine[id], known=mine[id] <= teams[time.task_id]) for time in rechecks
              if time.task_id != id and window.meets(time.window) and mine[id] & set(time.officers)),
            *(clash for person in sorted(mine[id]) if (id, person) not in agreed for clash in away.get(person, ())
              if window.meets(Window(clash.begins, clash.ends))),
        )
        for id, window in asked.items()
    }  # fmt: skip


async def _away(people: Iterable[str], windows: Iterable[Window]) -> dict[str, list[Clash]]:
    """By officer the times at which they said that they cannot come. Whoever agreed to an hour is not held to them."""
    spans = list(windows)
    result: dict[str, list[Clash]] = defaultdict(list)
    if spans:
        first, last = min(span.begins for span in spans), max(span.ends for span in spans)
        for entry in await away_times.between(people, first, last):
            result[entry.officer].append(
                Clash("", "", entry.begins, entry.ends, (entry.name,), fixed=False, away=True)
            )
        for officer, off in (await away_times.off_hours(people, first, last)).items():
            result[officer] += _outside(off)
    return result


def _outside(off: OffHours) -> list[Clash]:
    return [
        Clash("", "", *window, (off.name,), fixed=False, away=True, hours=off.hours) for window in off.windows
    ]


class _Held(NamedTuple):
    """An open visit of somebody's; `names`: by officer, of those who were asked about."""

    number: str
    target: str
    state: T
    fixed: tuple[datetime | None, datetime | None]
    proposed: tuple[datetime | None, datetime | None]
    names: dict[str, str]


async def _visits_of(people: Iterable[str], hours: Iterable[Window]) -> dict[int, _Held]:
    """By task the open visits in which these officers serve, held or asked for within these hours."""
    spans = list(hours)
    if not spans:
        return {}
    begins, ends = min(span.begins for span in spans), max(span.ends for span in spans)
    seats = Assignment.filter(
        Q(task__visit_from__lt=ends, task__visit_until__gt=begins)
        | Q(task__proposed_from__lt=ends, task__proposed_until__gt=begins),
        inspector_id__in=list(people), until=None, task__state__in=TO_VISIT_OR_ON_SITE,
    )  # fmt: skip
    there: dict[int, _Held] = {}
    for id, officer, name, number, target, state, *times in await seats.order_by("task__number", "id").values_list(
        "task_id", "inspector_id", "inspector__name", *(f"task__{column}" for column in (
            "number", "target__name", "state", "visit_from", "visit_until", "proposed_from", "proposed_until",
        )),
    ):  # fmt: skip
        held = there.setdefault(
            id, _Held(number, text.name(target), T(state), tuple(times[:2]), tuple(times[2:]), {})
        )
        held.names[str(officer)] = text.name(name)
    return there


def _met(id: int, window: Window, people: Set[str], there: Mapping[int, _Held]) -> Iterable[Clash]:
    for other, held in there.items():
        names = tuple(name for officer, name in held.names.items() if officer in people)
        if other == id or not names:
            continue
        for fixed, (begins, ends) in ((True, held.fixed), (False, held.proposed)):
            counts = held.state in (AT_THE_DOOR if fixed else TO_VISIT)
            if counts and begins and ends and window.meets(Window(begins, ends)):
                known = people <= held.names.keys()
                yield Clash(held.number, held.target if known else "", begins, ends, names, fixed)
                break


def _by_day(clash: Clash) -> bool:
    """Whether a time meets the hours of the day at which visits are held."""
    day = visit.local_day(clash.begins)
    return Window(clash.begins, clash.ends).meets(Window(visit.instant(day, FIRST), visit.instant(day, LAST)))


async def busy_of(
    task_id: int, at: datetime, days: tuple[date, date] | None = None
) -> tuple[tuple[Window, Clash], ...]:
    """As `busy_times`, for a task by its id."""
    return await busy_times(await Task.get(id=task_id), at, days)


async def busy_times(
    task: Task, at: datetime, days: tuple[date, date] | None = None
) -> tuple[tuple[Window, Clash], ...]:
    """Every visit and recheck to come of the team's members in other tasks, and when they cannot come, the soonest first:
    the hours to plan around. `days`: the first and last for which the team's working hours are held against them too."""
    members = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    people = [str(member) for member in members]
    fixed = await _clashes(
        task, Q(task__state__in=AT_THE_DOOR, task__visit_from__isnull=False), people, fixed=True
    )
    asked = Q(task__state__in=TO_VISIT, task__proposed_from__isnull=False)
    proposed = await _clashes(task, asked, people, fixed=False)
    known = {clash.number for clash in fixed}
    away = [
        Clash("", "", entry.begins, entry.ends, (entry.name,), fixed=False, away=True)
        for entry in await away_times.between(people, at, at + away_times.EVER)
    ]
    if days:
        span = visit.instant(days[0], FIRST), visit.instant(days[1], LAST)
        for off in (await away_times.off_hours(people, *span)).values():
            away += [clash for clash in _outside(off) if _by_day(clash)]
    rechecks = await _rechecks(task, None, people)
    clashes = (*fixed, *rechecks, *(clash for clash in proposed if clash.number not in known), *away)
    return tuple(
        sorted(((Window(clash.begins, clash.ends), clash) for clash in clashes), key=lambda pair: pair[0])
    )
