"""One situation of a task: what stands there, when, and who is there to act (Art. 14-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.models import Model

from models.queries import sheet as sheets
from models.rules.actor import Actor, Role
from models.states import FOLLOWED_UP_IN
from models.tables import Task
from tests.support import district as place

LINK = Actor(Role.PUBLIC, "link")
DAY = timedelta(days=1)
LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class Situation:
    """`name`: what stands there now. `about`: the things besides the task that are in a state of their own."""

    name: str
    task: Task
    at: datetime
    leader: Actor
    people: tuple[Actor, ...]  # of the team, the leader first
    member: (
        Actor  # who is not the leader; once something may be ordered, of the department that found it wanting
    )

    @property
    def number(self) -> str:
        return self.task.number


async def last(kind: type[Model], **which: object) -> int:
    """The id of the newest row of its kind."""
    found = await kind.filter(**which).order_by("-id").first()
    assert found
    return int(found.pk)


async def now(name: str, task: Task, at: datetime) -> Situation:
    leader, crew = await place.leader_of(task), await place.team_of(task)
    others = [one for people in crew.values() for one in people if one.id != leader.id]
    task = await Task.get(id=task.id)
    orders = await wanting_of(task) if task.state in FOLLOWED_UP_IN else others[-1].department
    member = next(one for one in reversed(others) if one.department == orders)
    return Situation(name, task, at, leader, (leader, *others), member)


async def wanting(task: Task) -> int:
    """The point that the check finds wanting: one that needs no photo."""
    return next(
        ask.number
        for ask in (await sheets.sheet_of(task)).asks
        if ask.photo == "no" and ask.kind == "TRI" and ask.department != "XF"
    )


async def wanting_of(task: Task) -> str:
    """The department whose point was found wanting."""
    number = await wanting(task)
    return next(ask.department for ask in (await sheets.sheet_of(task)).asks if ask.number == number)
