"""The rows that a hold writes, made before its transaction; numbers that the database gives are put in there (Art. 14 (1))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.rules import draw as rules
from models.rules.draw.replay import DrawState
from models.rules.draw.substitution import NOBODY
from models.states import TaskState
from models.tables import Assignment, Batch, Draw, Inspector, Target, Task, Team

Crew = tuple[str, int]  # area and number of a team


@dataclass(frozen=True, slots=True)
class HoldRows:
    """`results`: the files of the result; `teams`: those that have a task; `tasks`: by id of the pool, in the order of
    ranks; `crews`, `seats`: by the same id the team of each task and its officers; `told`: by officer the tasks' numbers."""

    results: Mapping[str, str]
    results_sha256: str
    teams: Mapping[Crew, Team]
    crews: Mapping[str, Crew]
    tasks: Mapping[str, Task]
    seats: Mapping[str, Sequence[Assignment]]
    targets: Mapping[str, Target]
    told: Mapping[str, Sequence[str]]


def rows_of(
    batch: Batch, row: Draw, drawn: rules.Draw, stand: DrawState, targets: Mapping[str, Target],
    people: Mapping[str, Inspector], at: datetime,
) -> HoldRows:  # fmt: skip
    """Nothing of it is in the database yet. `targets`: by id whom it means; `people`: by certificate."""
    ids = sorted(stand.team_of, key=drawn.rank)
    tasks = {id: _task(batch, row, id, drawn.rank(id), targets[id], at) for id in ids}
    seats = {id: _seats(stand, id, people, at) for id in ids}
    told: dict[str, list[str]] = {}
    for id in ids:
        for seat in seats[id]:
            told.setdefault(seat.inspector_id, []).append(tasks[id].number)
    crews = {id: stand.team_of[id] for id in ids}
    teams = {crew: Team(draw_id=row.code, area=crew[0], number=crew[1]) for crew in crews.values()}
    files = {name: data.decode() for name, data in rules.result_files(drawn).items()}
    return HoldRows(files, rules.results_hash(drawn), teams, crews, tasks, seats, targets, told)


def _task(batch: Batch, row: Draw, id: str, rank: int, target: Target, at: datetime) -> Task:
    return Task(
        number=f"{batch.code}-{rank:03d}", batch_id=batch.code, draw_id=row.code, target_id=target.code,
        pool_id=id, rank=rank, state=TaskState.ASSIGNED, assigned_at=at,
    )  # fmt: skip


def _seats(stand: DrawState, id: str, people: Mapping[str, Inspector], at: datetime) -> list[Assignment]:
    return [
        Assignment(
            inspector_id=people[certificate].code, department=seat.department, leader=seat.leader, since=at
        )
        for seat, certificate in stand.members(id)
        if certificate != NOBODY
    ]
