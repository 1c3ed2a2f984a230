"""更换: which tasks a substitution is about, who is not fit to go, and which seats nobody fills (Art. 10, 14 (2))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tortoise.expressions import Q

from models.queries import board
from models.queries.draws import certificate_in, officer_in
from models.rules import fitness, text
from models.rules.draw.substitution import NOBODY, hands_over
from models.rules.registry.rows import InspectorStatus
from models.rules.visit import local_day
from models.states import NOT_PUBLIC, TO_VISIT
from models.tables import Assignment, Inspector, Item, Substitution, Task, Team

SOON = timedelta(days=60)  # a visit further off than that is looked at with everybody, once a day


async def concerned(row: Substitution) -> list[Task]:
    """The tasks that this substitution hands over, in order: as decided, or as it stands now.

    The question, the answer and the trail all name this list.
    """
    if row.tasks is not None:
        return await Task.filter(number__in=list(row.tasks)).order_by("rank").select_related("target")
    tasks = Task.filter(team_id=row.team_id, state__in=NOT_PUBLIC).order_by("rank").select_related("target")
    rows = await (tasks.filter(pool_id__in=row.targets) if row.targets else tasks)
    team = await Team.get(id=row.team_id)
    officer = await officer_in(team.draw_id, row.outgoing)
    left = officer is not None and officer.status == InspectorStatus.LEFT
    serving = await _served_by(row, officer)
    return [
        task
        for task in rows
        if task.id in serving and hands_over(task.state, asked_here=task.number == row.asked_in, left=left)
    ]


async def _served_by(row: Substitution, officer: Inspector | None) -> set[int]:
    """The team's tasks in which the officer serves, or left a seat that nobody fills."""
    if officer is None:
        return set()
    seats = await Assignment.filter(inspector_id=officer.code, until=None, task__team_id=row.team_id)
    empty = await vacancies(await Task.filter(team_id=row.team_id))
    vacated = {
        id for id, results in empty.items() if any(vacancy.officer == officer.code for vacancy in results)
    }
    return {seat.task_id for seat in seats} | vacated


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat of a task that nobody fills: no ticket was left when its officer went."""

    officer: str
    name: str
    department: str
    leader: bool


async def vacancies(tasks: Iterable[Task]) -> Mapping[int, tuple[Vacancy, ...]]:
    """By task the seats that are empty now."""
    tasks = list(tasks)
    by_number = {task.number: task for task in tasks}
    last: dict[tuple[int, str], tuple[str, Task]] = {}
    rows = Substitution.filter(team_id__in={task.team_id for task in tasks}, consented=True)
    for row in await rows.order_by("decided_at", "id"):
        for number in row.tasks or ():
            if number in by_number:
                last[by_number[number].id, row.outgoing] = (row.incoming, by_number[number])
    empty = [(task, out) for (_, out), (incoming, task) in last.items() if incoming == NOBODY]
    officers = {out: await officer_in(task.draw_id, out) for task, out in empty}
    seats = await Assignment.filter(task_id__in=[task.id for task, _ in empty]).order_by("id")
    left = {(seat.task_id, str(seat.inspector_id)): seat for seat in seats}
    result: dict[int, list[Vacancy]] = defaultdict(list)
    for task, out in empty:
        officer = officers.get(out)
        seat = left.get((task.id, officer.code)) if officer else None
        if officer and seat and seat.until is not None:
            result[task.id].append(
                Vacancy(officer.code, text.name(officer.name), seat.department, seat.leader)
            )
    return {id: tuple(empty) for id, empty in result.items()}


@dataclass(frozen=True, slots=True)
class Unfit:
    """An officer who serves in a task and, by the register, may not go there. `asked`: the head has been asked."""

    officer: str
    name: str
    department: str
    leader: bool
    why: str  # left leave expired area items
    asked: int | None  # the substitution that is open


async def unfit(tasks: Iterable[Task], at: datetime) -> Mapping[int, tuple[Unfit, ...]]:
    """By task its officers whom the register rules out now, or on the day of the visit."""
    by_id = {task.id: task for task in tasks}
    if not by_id:
        return {}
    facts = await fitness_facts(by_id.values())
    seats = Assignment.filter(task_id__in=list(by_id), until=None, task__state__in=NOT_PUBLIC)
    pending = await _pending(by_id.values())
    officers: dict[int, list[Unfit]] = defaultdict(list)
    for seat in await seats.select_related("inspector").order_by("-leader", "id"):
        task, officer = by_id[seat.task_id], seat.inspector
        if why := fitness.unfit(officer, facts[task.id], day_of_visit(task, at)):
            asked = pending.get((task.team_id, await certificate_in(task.draw_id, officer)))
            officers[task.id].append(
                Unfit(officer.code, text.name(officer.name), seat.department, seat.leader, why, asked)
            )
    return {id: tuple(people) for id, people in officers.items()}


async def fitness_facts(tasks: Iterable[Task]) -> dict[int, fitness.Place]:
    """By task where it lies and, for each department of its batch, the items that are its to check."""
    ids = [task.id for task in tasks]
    result = Task.filter(id__in=ids).select_related("target", "batch__scheme__entry")
    places: dict[int, fitness.Place] = {}
    items = await departments_of_items()
    for task in await result:
        wanted = task.batch.scheme.entry.items
        places[task.id] = fitness.Place(
            task.target.street, task.state in TO_VISIT,
            {department: items_of(department, wanted, items) for department in task.batch.crew},
            frozenset(filter(None, (task.target.code, task.target.credit_code))), task.visit_from is not None,
        )  # fmt: skip
    return places


def items_of(department: str, wanted: Iterable[str], items: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The items in which a department takes part; all of them where the list names it in none (Art. 9)."""
    mine = frozenset(code for code in wanted if department in items.get(code, ()))
    return mine or frozenset(wanted)


async def departments_of_items() -> dict[str, frozenset[str]]:
    """By item the departments that take part in it."""
    return {
        item.code: frozenset({item.initiating, *item.participating.split(";")})
        for item in await Item.all().only("code", "initiating", "participating")
    }


async def _pending(tasks: Iterable[Task]) -> dict[tuple[int, str], int]:
    rows = Substitution.filter(team_id__in={task.team_id for task in tasks}, consented=None)
    return {(row.team_id, row.outgoing): row.id for row in await rows.order_by("-id")}


def day_of_visit(task: Task, at: datetime) -> date:
    """The day on which a certificate must still hold: the visit's, if that is to come."""
    today = local_day(at)
    return max(today, local_day(task.visit_from)) if task.visit_from and task.state in TO_VISIT else today


@dataclass(frozen=True, slots=True)
class TeamSeat:
    """A place in a task that somebody may be asked to give up, or that stands empty."""

    id: int  # of the assignment
    task: int
    number: str
    target: str
    officer: str
    name: str
    department: str
    leader: bool
    why: str  # what the register says against it; "vacant" where nobody fills it; "" for nothing
    asked: int | None
    batch: str = ""


async def seats_of(tasks: Iterable[Task], at: datetime) -> tuple[TeamSeat, ...]:
    """The seats of these tasks (with their targets), the troubled ones first."""
    by_id = {task.id: task for task in tasks}
    ruled_out, empty = await unfit(by_id.values(), at), await vacancies(by_id.values())
    why = {(id, officer.officer): officer for id, officers in ruled_out.items() for officer in officers}
    gone = {(id, vacancy.officer) for id, results in empty.items() for vacancy in results}
    rows = (
        Assignment.filter(task_id__in=list(by_id))
        .select_related("inspector")
        .order_by("task_id", "-leader", "id")
    )
    seats: dict[tuple[int, str], TeamSeat] = {}
    for row in await rows:
        key = (row.task_id, str(row.inspector_id))
        vacant = key in gone and row.until is not None
        if row.until is not None and not vacant:
            continue
        task, ground = by_id[row.task_id], why.get(key)
        seats[key] = TeamSeat(
            row.id, task.id, task.number, text.name(task.target.name), key[1], text.name(row.inspector.name),
            row.department, row.leader, "vacant" if vacant else ground.why if ground else "",
            ground.asked if ground else None, str(task.batch_id),
        )  # fmt: skip
    return tuple(sorted(seats.values(), key=lambda team_seat: not team_seat.why))


async def seat(assignment_id: int, at: datetime) -> TeamSeat | None:
    """One seat, if it can still be asked about."""
    row = await Assignment.get_or_none(id=assignment_id)
    if row is None:
        return None
    task = await Task.get(id=row.task_id).select_related("target")
    return next(
        (team_seat for team_seat in await seats_of([task], at) if team_seat.id == assignment_id), None
    )


async def in_doubt(day: date, until: date | None = None) -> list[int]:
    """Tasks of officers who are or will be away, or whose certificate ends soon, or by `until`, or is not known."""
    ends = max(day + SOON, until or day)
    officers = Inspector.filter(
        Q(status__not=InspectorStatus.IN_POST) | Q(leave_from__isnull=False) | Q(leave_until__isnull=False)
        | Q(certificate_until__lt=ends) | Q(certificate__isnull=True, expert=False)
    )  # fmt: skip
    codes = await officers.values_list("code", flat=True)
    seats = Assignment.filter(inspector_id__in=list(codes), until=None)
    return sorted({seat.task_id for seat in await seats.only("id", "task_id")}) if codes else []


async def _asked_for() -> list[int]:
    """Open tasks of teams in which somebody was asked to be replaced and was not, or nobody was left to come. Whoever the
    register rules out has been asked for: by the act that changed it, or by the clock."""
    waiting = Substitution.filter(Q(consented__isnull=True) | Q(consented=False) | Q(incoming=NOBODY))
    teams = {row.team_id for row in await waiting.only("id", "team_id")}
    tasks = Task.filter(team_id__in=sorted(teams), state__in=NOT_PUBLIC).only("id")
    return [task.id for task in await tasks] if teams else []


async def troubled(sight: board.Sight, at: datetime) -> tuple[TeamSeat, ...]:
    """The seats of open tasks that are empty or whose officer the register rules out, of the department's own people."""
    ids = {*await in_doubt(local_day(at)), *await _asked_for()}
    seen = board.visible(sight).filter(id__in=sorted(ids), state__in=NOT_PUBLIC)
    tasks = await seen.order_by("number").select_related("target") if ids else []
    seats = [team_seat for team_seat in await seats_of(tasks, at) if team_seat.why]
    return tuple(
        team_seat
        for team_seat in seats
        if sight.department is None or team_seat.department == sight.department
    )


async def staff(department: str, at: datetime) -> tuple[TeamSeat, ...]:
    """One seat for each officer of a department who serves in an open task, the troubled first."""
    serving = Assignment.filter(department=department, until=None, task__state__in=TO_VISIT)
    ids = {seat.task_id for seat in await serving}
    tasks = await Task.filter(id__in=list(ids)).order_by("number").select_related("target")
    seats: dict[str, TeamSeat] = {}
    for team_seat in (*await troubled(board.Sight(department), at), *await seats_of(tasks, at)):
        if team_seat.department == department:
            seats.setdefault(team_seat.officer, team_seat)
    return tuple(seats.values())


async def seats_of_task(task_id: int, at: datetime) -> tuple[TeamSeat, ...]:
    """The seats of one task by its id."""
    return await seats_of([await Task.get(id=task_id).select_related("target")], at)


async def leads(task_id: int, officer: str) -> bool:
    """Whether this officer leads the task now."""
    return await Assignment.exists(task_id=task_id, inspector_id=officer, leader=True, until=None)


async def seats_of_number(number: str, at: datetime) -> tuple[TeamSeat, ...]:
    """The seats of one task by its number."""
    return await seats_of([await Task.get(number=number).select_related("target")], at)
