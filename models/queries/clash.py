"""Whether somebody of a team would have to be in two places at one hour (Art. 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.rules import text
from models.rules.free_times import Window
from models.states import AT_THE_DOOR, TO_VISIT, TO_VISIT_OR_ON_SITE
from models.states import TaskState as T
from models.tables import Assignment, Finalised, Task


@dataclass(frozen=True, slots=True)
class Clash:
    """Another visit at that hour, and who would be in both. `fixed`: settled; else only proposed. `target`: "" where
    not everybody of this team serves there too: whom others inspect is theirs to know (D60)."""

    number: str
    target: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    fixed: bool


async def with_fixed(
    task: Task, begins: datetime, ends: datetime, people: Iterable[str] | None = None
) -> tuple[Clash, ...]:
    """The fixed visits of other tasks that this time meets. `people`: of these officers, else of the team."""
    at_once = Q(task__state__in=AT_THE_DOOR, task__visit_from__lt=ends, task__visit_until__gt=begins)
    return await _clashes(task, at_once, people, fixed=True)


async def with_any(task: Task, begins: datetime, ends: datetime) -> tuple[Clash, ...]:
    """Fixed visits first, then those whose time is only proposed: to be warned of while planning."""
    fixed = await with_fixed(task, begins, ends)
    at_once = Q(task__state__in=TO_VISIT, task__proposed_from__lt=ends, task__proposed_until__gt=begins)
    proposed = await _clashes(task, at_once, None, fixed=False)
    known = {one.number for one in fixed}
    return fixed + tuple(one for one in proposed if one.number not in known)


async def at_other_visits(task: Task, people: Iterable[str]) -> frozenset[str]:
    """Who of these arrived at another visit that is still open and has their own department's section still open."""
    seats = Assignment.filter(
        inspector_id__in=list(people), until=None, arrived_at__isnull=False, task__state=T.ON_SITE
    ).exclude(task_id=task.id)
    there = await seats
    closed = Finalised.filter(task_id__in=[seat.task_id for seat in there])
    final = set(await closed.values_list("task_id", "department")) if there else set()
    return frozenset(str(seat.inspector_id) for seat in there if (seat.task_id, seat.department) not in final)


async def _clashes(task: Task, at_once: Q, people: Iterable[str] | None, *, fixed: bool) -> tuple[Clash, ...]:
    if people is None:
        members = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
        people = [str(member) for member in members]
    seats = Assignment.filter(at_once, inspector_id__in=list(people), until=None).exclude(task_id=task.id)
    names: dict[int, list[str]] = defaultdict(list)
    tasks: dict[int, Task] = {}
    for seat in await seats.select_related("inspector", "task__target").order_by("task__number", "id"):
        names[seat.task_id].append(text.name(seat.inspector.name))
        tasks[seat.task_id] = seat.task
    teams = await _teams([task.id, *tasks]) if tasks else {}
    return tuple(_clash(tasks[id], tuple(names[id]), fixed, teams[task.id] <= teams[id]) for id in names)


async def _teams(ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {id: set() for id in ids}
    for id, officer in await Assignment.filter(task_id__in=list(ids), until=None).values_list(
        "task_id", "inspector_id"
    ):
        found[id].add(str(officer))
    return found


def _clash(task: Task, names: tuple[str, ...], fixed: bool, known: bool) -> Clash:
    begins, ends = (task.visit_from, task.visit_until) if fixed else (task.proposed_from, task.proposed_until)
    assert begins
    assert ends
    return Clash(task.number, text.name(task.target.name) if known else "", begins, ends, names, fixed)


async def of_proposals(tasks: Sequence[Task]) -> dict[int, tuple[Clash, ...]]:
    """By task what its proposed time meets; for a whole itinerary at once."""
    asked = {task.id: Window(task.proposed_from, task.proposed_until) for task in tasks
             if task.proposed_from and task.proposed_until}  # fmt: skip
    mine: dict[int, set[str]] = defaultdict(set)
    for seat in await Assignment.filter(task_id__in=list(asked), until=None):
        mine[seat.task_id].add(str(seat.inspector_id))
    people = set().union(*mine.values()) if mine else set()
    seats = Assignment.filter(inspector_id__in=list(people), until=None, task__state__in=TO_VISIT_OR_ON_SITE)
    there: dict[int, list[Assignment]] = defaultdict(list)
    for seat in await seats.select_related("inspector", "task__target").order_by("task__number", "id"):
        there[seat.task_id].append(seat)
    return {id: tuple(_met(id, window, mine[id], there)) for id, window in asked.items()}


def _met(id: int, window: Window, people: Set[str], there: Mapping[int, list[Assignment]]) -> Iterable[Clash]:
    for other, seats in there.items():
        task = seats[0].task
        names = tuple(text.name(seat.inspector.name) for seat in seats if str(seat.inspector_id) in people)
        if other == id or not names:
            continue
        for fixed, begins, ends in (
            (True, task.visit_from, task.visit_until), (False, task.proposed_from, task.proposed_until),
        ):  # fmt: skip
            counts = task.state in (AT_THE_DOOR if fixed else TO_VISIT)
            if counts and begins and ends and window.meets(Window(begins, ends)):
                known = people <= {str(seat.inspector_id) for seat in seats}
                yield Clash(
                    task.number, text.name(task.target.name) if known else "", begins, ends, names, fixed
                )
                break


async def busy_of(task_id: int) -> tuple[tuple[Window, Clash], ...]:
    """As `busy_times`, for a task by its id."""
    return await busy_times(await Task.get(id=task_id))


async def busy_times(task: Task) -> tuple[tuple[Window, Clash], ...]:
    """Every visit to come of the team's members in other tasks, the soonest first: the hours to plan around."""
    members = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    people = [str(member) for member in members]
    fixed = await _clashes(
        task, Q(task__state__in=AT_THE_DOOR, task__visit_from__isnull=False), people, fixed=True
    )
    asked = Q(task__state__in=TO_VISIT, task__proposed_from__isnull=False)
    proposed = await _clashes(task, asked, people, fixed=False)
    known = {one.number for one in fixed}
    found = (*fixed, *(one for one in proposed if one.number not in known))
    return tuple(sorted(((Window(one.begins, one.ends), one) for one in found), key=lambda pair: pair[0]))
