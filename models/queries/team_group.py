"""工作群: which teams a leader may bind, which groups are bound, and all that a group may ever be shown (Art. 15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.queryset import QuerySet

from models import store
from models.queries.person import departments
from models.rules.team_group import GroupEnd, GroupTrouble
from models.states import AT_THE_DOOR, ENTERED, NOT_ARCHIVED, REACHED, TO_VISIT, UNSCHEDULED
from models.tables import Assignment, Batch, GroupCode, Notice, Task, Team, TeamGroup

LISTED = 10
OPEN_CODE = """
SELECT c.id FROM group_code c JOIN account a ON a.id = c.account_id AND a.disabled_at IS NULL
JOIN binding b ON b.account_id = a.id AND b.ended_at IS NULL
WHERE b.telegram_id = ? AND c.used_at IS NULL AND c.expires_at > ? ORDER BY c.id DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """A group that shows, or showed, a team's status. `number`, `batch`: of the team; `bound_by`: the leader's name."""

    id: int
    team: int
    number: int
    batch: str
    chat: int
    topic: int | None
    title: str
    bound_by: str
    language: str
    bound_at: datetime
    pinned: int | None
    trouble: GroupTrouble | None
    ended_at: datetime | None
    end_reason: GroupEnd | None


@dataclass(frozen=True, slots=True)
class LedTeam:
    """A team that an officer leads at present, and its group if one is bound."""

    id: int
    number: int
    batch: str
    group: BoundGroup | None


@dataclass(frozen=True, slots=True)
class GroupVisit:
    """A visit that the entity has been told of."""

    number: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class TeamStatus:
    """What a group may know, whoever is in it: numbers, dates, departments; no entity, no person, no answer.

    A visit's time is named once a channel has taken the notice: `untold` counts the others, those without notice among
    them. `unaccepted`, `silent`: by department how many places are not accepted, and asked times not answered.
    """

    number: int
    batch: str
    opens: date
    closes: date
    tasks: int
    accepted: int
    fixed: int
    visited: int
    entered: int
    visits: tuple[GroupVisit, ...]
    more: int
    untold: int
    unaccepted: tuple[tuple[str, int], ...]
    silent: tuple[tuple[str, int], ...]


async def leads(team: int, officer: str) -> bool:
    """Whether this officer leads any task of the team that is not archived."""
    return await Assignment.exists(
        task__team_id=team, task__state__in=NOT_ARCHIVED, inspector_id=officer, leader=True, until=None
    )


async def led_by(officer: str) -> tuple[LedTeam, ...]:
    """The teams that an officer leads at present, the newest draw first."""
    seats = Assignment.filter(inspector_id=officer, leader=True, until=None, task__state__in=NOT_ARCHIVED)
    ids = set(await seats.values_list("task__team_id", flat=True))
    teams = await Team.filter(id__in=list(ids)).select_related("draw").order_by("-draw__held_at", "number")
    bound = {group.team: group for group in _read(await _standing().filter(team_id__in=list(ids)))}
    return tuple(LedTeam(team.id, team.number, str(team.draw.batch_id), bound.get(team.id)) for team in teams)


async def bound(officer: str | None = None) -> tuple[BoundGroup, ...]:
    """The groups that are bound: of the teams that an officer leads, or all of the district."""
    if officer is not None:
        return tuple(team.group for team in await led_by(officer) if team.group)
    return _read(await _standing().order_by("-bound_at", "id"))


async def in_chat(chat: int) -> tuple[BoundGroup, ...]:
    """What is bound to a Telegram group or its topics."""
    return _read(await _standing().filter(chat_id=chat).order_by("id"))


async def find(group: int) -> BoundGroup:
    """One of them, ended or not."""
    return _read([await TeamGroup.get(id=group).select_related("team__draw", "account")])[0]


async def open_code(telegram_id: int, at: datetime) -> int | None:
    """The newest code of this person that is good still."""
    rows = await store.run_one(OPEN_CODE, telegram_id, at)
    return rows[0]["id"] if rows else None


async def awaited(chat: int, at: datetime) -> bool:
    """Whether a leader who brought the bot into this group may still bind it."""
    return await GroupCode.exists(chat_id=chat, used_at=None, expires_at__gt=at)


async def status(team: int) -> TeamStatus:
    """Everything that a team's group is shown."""
    row = await Team.get(id=team).select_related("draw")
    batch = await Batch.get(code=row.draw.batch_id)
    tasks = await Task.filter(team_id=team).order_by("visit_from", "number")
    seats = await Assignment.filter(task__team_id=team, until=None)
    open_ = {seat.task_id for seat in seats if seat.accepted_at is None}
    fixed = [task for task in tasks if task.state in AT_THE_DOOR and task.visit_from and task.visit_until]
    told = await _told(task.id for task in fixed)
    visits = [
        GroupVisit(task.number, task.visit_from, task.visit_until)
        for task in fixed
        if task.id in told and task.visit_from and task.visit_until
    ]
    names, asked = await departments(), {task.id: task for task in tasks if task.state in TO_VISIT}
    return TeamStatus(
        row.number, str(batch.code), batch.opens, batch.closes, len(tasks),
        sum(task.id not in open_ for task in tasks), sum(task.state not in UNSCHEDULED for task in tasks),
        sum(task.ended_at is not None for task in tasks), sum(task.state in ENTERED for task in tasks),
        tuple(visits[:LISTED]), max(0, len(visits) - LISTED), len(fixed) - len(visits),
        _counted((seat for seat in seats if seat.accepted_at is None and seat.task_id in asked), names),
        _counted((seat for seat in seats if _is_silent(seat, asked.get(seat.task_id))), names),
    )  # fmt: skip


def _is_silent(seat: Assignment, task: Task | None) -> bool:
    """Asked about a time that is not fixed, and no answer to it."""
    wanted = task.proposed_from if task else None
    return wanted is not None and wanted not in (seat.agreed_from, seat.declined_from)


def _counted(seats: Iterable[Assignment], names: dict[str, str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(seat.department for seat in seats)
    return tuple((names.get(code, code), n) for code, n in sorted(counts.items()))


async def _told(tasks: Iterable[int]) -> set[int]:
    """Those of these tasks whose standing letter a channel has taken."""
    rows = Notice.filter(task_id__in=list(tasks), state__in=REACHED)
    return {row.task_id for row in await rows}


def _standing() -> QuerySet[TeamGroup]:
    return TeamGroup.filter(ended_at=None).select_related("team__draw", "account")


def _read(rows: Iterable[TeamGroup]) -> tuple[BoundGroup, ...]:
    return tuple(
        BoundGroup(
            row.id, row.team_id, row.team.number, str(row.team.draw.batch_id), row.chat_id, row.topic_id, row.title,
            row.account.name, row.account.language, row.bound_at, row.pinned_id,
            GroupTrouble(row.trouble) if row.trouble else None, row.ended_at,
            GroupEnd(row.end_reason) if row.end_reason else None,
        )
        for row in rows
    )  # fmt: skip
