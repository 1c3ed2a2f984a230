"""A reviewed result made public, by the real acts: the entity has nothing against it, there is no paper record."""

from __future__ import annotations

from datetime import datetime

from models.district import District
from models.procedure import entry, publication, reply
from models.rules.actor import Actor, Role
from models.tables import Notice, Task
from tests.support import district as sample

HOLDER = Actor(Role.PUBLIC, "link")
NO_RECORD = "示例:未带平板"


async def entered(task: Task, types: list[str], head: Actor, at: datetime) -> None:
    """Entered by the leader, agreed to by the head: the entity is to be told."""
    await entry.enter(task.number, types, "", by=await sample.leader_of(task), at=at)
    await entry.review(task.number, True, by=head, at=at)


async def agreed(task: Task, at: datetime) -> None:
    """无异议."""
    letter = await Notice.filter(task=task).order_by("-version").first()
    assert letter
    await reply.agree(letter.number, by=HOLDER, at=at)


async def published(task: Task, head: Actor, at: datetime, place: District | None = None) -> Task:
    """Open to all, at once since nothing is said against it."""
    await agreed(task, at)
    await publication.publish(
        task.number, by=head, at=at, district=place or sample.district(), unsigned=NO_RECORD
    )
    return await Task.get(id=task.id)
