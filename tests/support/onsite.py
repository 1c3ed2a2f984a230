"""A visit at its door, for the tests of what happens there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from models import store
from models.district import District
from models.procedure import absence, arrival, cooperation, enrolment, inspection, photo, suspension
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Photo, Task
from tests.support import district as sample
from tests.support.district import VISIT, account, district
from tests.support.snapshots import remembered

AT = VISIT + timedelta(minutes=5)


@dataclass
class Door:
    """A task on the day of its visit. `first`, `second`: two officers of one department; `head`: of the leader's."""

    task: Task
    leader: Actor
    first: Actor
    second: Actor
    head: Actor

    @property
    def number(self) -> str:
        return self.task.number

    async def now(self) -> Task:
        self.task = await Task.get(id=self.task.id)
        return self.task

    async def begun(self, at: datetime = AT) -> None:
        people = await sample.team_of(self.task)
        there = [one.id for crew in people.values() for one in crew]
        await inspection.begin(self.number, there, by=self.leader, at=at, untold="示例:当面告知")

    async def photographed(self, about: str, at: datetime = AT) -> None:
        data = f"{about} {at}".encode()
        name = await store.objects.put(data)
        shot = await photo.take(
            self.number, None, about=about, by=self.first, at=at, sha256=name, size=len(data), format="JPEG",
            width=640, height=480, grade="C", labels=[], exif={},
        )  # fmt: skip
        assert (await Photo.get(id=shot.id)).sha256 == sha256(data).hexdigest()


@remembered
async def at_the_door() -> Door:
    """The first task of the draw: told, and its day has come."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    await sample.visit_fixed(task, district())
    leader, people = await sample.leader_of(task), await sample.team_of(task)
    head = enrolment.actor_of(await account(Role.HEAD, leader.department))
    for department in sample.CREW:
        await account(Role.HEAD, department)
    return Door(await Task.get(id=task.id), leader, *people["XF"], head)


async def refused(act) -> str:
    """The code of the refusal that this act ends in."""
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def stopped(task: Task, place: District) -> None:
    """A row of everything that can stop a visit, for the evidence: reported, broken off, not settled."""
    begins = VISIT + timedelta(hours=5)
    await sample.visit_fixed(task, place, begins=begins)
    leader, people = await sample.leader_of(task), await sample.team_of(task)
    door = Door(task, leader, *people["XF"], leader)
    await arrival.by_hand(task.number, "示例:对方不便扫码", by=door.first, at=begins)
    await cooperation.report(task.number, [4], "示例:材料不齐", by=door.first, at=begins)
    await door.begun(begins)
    await door.photographed("place", begins)
    await absence.report(task.number, "示例:负责人不在", by=door.second, at=begins)
    await suspension.suspend(task.number, "示例:次日继续", by=leader, at=begins)
