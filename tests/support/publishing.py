"""A reviewed result made public, by the real acts: the entity has nothing against it, there is no paper record."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.district import District
from models.procedure import archive, entry, publication, reply
from models.rules import bag
from models.rules.actor import Actor, Role
from models.tables import Event, Notice, PlatformReceipt, Task
from tests.support import district as sample

HOLDER = Actor(Role.PUBLIC, "link")
DOSSIER = b"PK\x05\x06" + bytes(18)  # a ZIP that holds nothing
NO_RECORD = "示例:未带平板"


async def entered(task: Task, types: list[str], head: Actor, at: datetime) -> None:
    """Entered by the leader, agreed to by the head: the entity is to be told."""
    await sample.entered(task, types, at)
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


async def dossier(events: int) -> archive.Sealed:
    """As if a dossier had been written that holds so many events: its object is kept."""
    return archive.Sealed(await store.objects.put(DOSSIER), bag.sm3(DOSSIER), len(DOSSIER), 1, events)


async def archived(task: Task, head: Actor, at: datetime, place: District | None = None) -> None:
    """Sealed, its receipt being there and the term of objection over."""
    if not await PlatformReceipt.filter(task=task).exists():
        await publication.record(task.number, f"示例-{task.number}", by=head, at=at)
    events = await Event.filter(chain=f"task:{task.number}").count()
    await archive.seal(
        task.number, await dossier(events), by=head, at=at, district=place or sample.district()
    )
