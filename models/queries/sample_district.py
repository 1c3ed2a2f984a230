"""What the making of a sample district asks: whether the database is empty, and who serves a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.tables import (
    Assignment,
    Batch,
    Checklist,
    Department,
    Inspector,
    Item,
    Notice,
    Plan,
    Scheme,
    Street,
    Target,
    Task,
)

REGISTERS = (Department, Item, Checklist, Street, Target, Inspector, Plan, Scheme, Batch, Task)


async def rows_there() -> int:
    """How many rows the registers, papers and tasks hold: none in a database that was only initialised."""
    return sum([await table.all().count() for table in REGISTERS])


@dataclass(frozen=True, slots=True)
class TaskTeam:
    """A task's number, its leader, and its officers in office by department."""

    number: str
    leader: Actor
    members: dict[str, tuple[str, ...]]

    @property
    def officers(self) -> Sequence[str]:
        return [code for codes in self.members.values() for code in codes]


async def teams_of(draw_code: str) -> list[TaskTeam]:
    """The tasks of a draw in the order in which they were drawn, each with its team."""
    numbers = await Task.filter(draw_id=draw_code).order_by("rank").values_list("id", "number")
    seats = await Assignment.filter(task__draw_id=draw_code, until=None).order_by("-leader", "id")
    by_task: dict[int, list[Assignment]] = {}
    for seat in seats:
        by_task.setdefault(seat.task_id, []).append(seat)
    return [_team(str(number), by_task[int(id)]) for id, number in numbers if id in by_task]


def _team(number: str, seats: list[Assignment]) -> TaskTeam:
    members: dict[str, tuple[str, ...]] = {}
    for seat in seats:
        members[seat.department] = (*members.get(seat.department, ()), str(seat.inspector_id))
    first = seats[0]
    return TaskTeam(number, Actor(Role.INSPECTOR, str(first.inspector_id), "", first.department), members)


async def last_letter(number: str) -> str:
    """The number of a task's newest letter."""
    letter = await Notice.filter(task__number=number).order_by("-version").first()
    if letter is None:
        raise LookupError(number)
    return str(letter.number)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of a task's checklist, whose officers answer it, and how."""

    number: int
    department: str
    kind: str
    may_not_apply: bool


async def questions_of(number: str) -> list[OpenQuestion]:
    """The questions of a task."""
    sheet = await sheet_of(await Task.get(number=number))
    return [OpenQuestion(ask.number, ask.department, str(ask.kind), ask.may_not_apply) for ask in sheet.asks]
