"""改派: which team of the area could take a task, what is proposed, who has agreed, and what became public (Art. 15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models.queries.answering_party import AnsweringParty, awaits, key_of, parties_of
from models.rules import text
from models.rules.actor import Actor, Role
from models.rules.draw.reassignment import Ground
from models.rules.visit import local_day
from models.states import TO_VISIT
from models.tables import Assignment, Inspector, Reassignment, Task, Team


@dataclass(frozen=True, slots=True)
class OtherTeam:
    """A team of the task's area that could take it. `visits`: how many of its own are to come."""

    number: int
    leader: str
    visits: int


@dataclass(frozen=True, slots=True)
class GivableTask:
    """A task that a leader could hand to another team."""

    number: str
    target: str
    teams: tuple[OtherTeam, ...]


@dataclass(frozen=True, slots=True)
class ReassignmentProposal:
    """`team`, `to`: numbers in their area; `to_come`: the visit has not begun or ended."""

    id: int
    task: int
    number: str
    target: str
    area: str
    team: int
    to: int
    ground: Ground
    parties: tuple[AnsweringParty, ...]
    done: datetime | None
    ended: datetime | None
    to_come: bool

    @property
    def open(self) -> bool:
        return self.done is None and self.ended is None and self.to_come

    def asks(self, by: Actor) -> bool:
        """True while this person's word is awaited."""
        return self.open and awaits(self.parties, by)


@dataclass(frozen=True, slots=True)
class ReassignedTask:
    """What everybody may read: from which team of an area to which, when and why; no person, no target."""

    area: str
    team: int
    to: int
    ground: Ground
    on: date


async def leader_of(team_id: int) -> Inspector | None:
    """Who leads most of a team's visits to come: for one target alone another may stand in."""
    seats = Assignment.filter(task__team_id=team_id, leader=True, until=None, task__state__in=TO_VISIT)
    counted = Counter(
        [str(code) for code in await seats.order_by("id").values_list("inspector_id", flat=True)]
    )
    return await Inspector.get(code=counted.most_common(1)[0][0]) if counted else None


async def teams_for(task: Task) -> tuple[OtherTeam, ...]:
    """The other teams of the task's area with a leader and visits of their own to come."""
    own = await Team.get(id=task.team_id)
    others = []
    for team in await Team.filter(draw_id=own.draw_id, area=own.area).exclude(id=own.id).order_by("number"):
        if leader := await leader_of(team.id):
            visits = await Task.filter(team_id=team.id, state__in=TO_VISIT).count()
            others.append(OtherTeam(team.number, text.name(leader.name), visits))
    return tuple(others)


async def givable(officer: str) -> tuple[GivableTask, ...]:
    """The visits to come that this officer leads, nothing proposed for them yet, and the teams that could take them."""
    seats = Assignment.filter(inspector_id=officer, leader=True, until=None, task__state__in=TO_VISIT)
    teams: dict[int, tuple[OtherTeam, ...]] = {}
    tasks = []
    for seat in await seats.select_related("task__target").order_by("task__number"):
        task = seat.task
        if task.team_id not in teams:
            teams[task.team_id] = await teams_for(task)
        if teams[task.team_id] and not await open_for(task):
            tasks.append(GivableTask(task.number, text.name(task.target.name), teams[task.team_id]))
    return tuple(tasks)


async def open_for(task: Task) -> Reassignment | None:
    """What is proposed for a task and not over."""
    return await Reassignment.filter(task_id=task.id, done_at=None, ended_at=None).first()


async def asked(row: Reassignment) -> tuple[str, ...]:
    """Whose word is needed: the leader who gives, the leader who takes, and the head of each one's department."""
    if row.done_at:
        return tuple(row.answers)
    giving = await Assignment.get_or_none(task_id=row.task_id, leader=True, until=None).select_related(
        "inspector"
    )
    leaders = [
        officer for officer in (giving and giving.inspector, await leader_of(row.to_team_id)) if officer
    ]
    keys = [f"{Role.INSPECTOR}:{officer.code}" for officer in leaders]
    return tuple(dict.fromkeys([*keys, *(f"{Role.HEAD}:{officer.department}" for officer in leaders)]))


async def find(reassignment_id: int) -> ReassignmentProposal | None:
    row = await Reassignment.get_or_none(id=reassignment_id)
    return await of_row(row) if row else None


async def of_row(row: Reassignment) -> ReassignmentProposal:
    task = await Task.get(id=row.task_id).select_related("target")
    giving, taking = await Team.get(id=row.from_team_id), await Team.get(id=row.to_team_id)
    parties = await parties_of(await asked(row), row.answers)
    return ReassignmentProposal(
        row.id, task.id, task.number, text.name(task.target.name), giving.area, giving.number, taking.number,
        Ground(row.ground), parties, row.done_at, row.ended_at, task.state in TO_VISIT,
    )  # fmt: skip


async def of_person(by: Actor) -> tuple[ReassignmentProposal, ...]:
    """The open proposals that concern a leader or a head, and all for the office, the newest first."""
    rows = await Reassignment.filter(done_at=None, ended_at=None, task__state__in=TO_VISIT).order_by("-id")
    return tuple(
        [await of_row(row) for row in rows if by.role == Role.OFFICE or key_of(by) in await asked(row)]
    )


async def to_accept(department: str) -> tuple[ReassignmentProposal, ...]:
    """Open proposals that wait for the word of this department's head."""
    head = Actor(Role.HEAD, department, department=department)
    return tuple(proposal for proposal in await of_person(head) if proposal.asks(head))


async def of_tasks(ids: Iterable[int]) -> dict[int, tuple[ReassignedTask, ...]]:
    """By task how it went from team to team."""
    lines: dict[int, tuple[ReassignedTask, ...]] = {}
    for task, line in await _lines(task_id__in=list(ids)):
        lines[task] = (*lines.get(task, ()), line)
    return lines


async def of_draw(draw: str) -> tuple[ReassignedTask, ...]:
    """Every task of a draw that went to another team, in order."""
    return tuple(line for _, line in await _lines(task__draw_id=draw))


async def _lines(**which: object) -> list[tuple[int, ReassignedTask]]:
    rows = Reassignment.filter(done_at__not_isnull=True, **which).order_by("done_at", "id")
    return [(row.task_id, _line(row)) for row in await rows.select_related("from_team", "to_team")]


def _line(row: Reassignment) -> ReassignedTask:
    giving, taking = row.from_team, row.to_team
    on = local_day(row.done_at or row.proposed_at)
    return ReassignedTask(giving.area, giving.number, taking.number, Ground(row.ground), on)
