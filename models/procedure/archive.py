"""归档: a task that is over is sealed into its dossier; nothing is done in it afterwards (Art. 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import store
from models.district import District
from models.operations import event
from models.procedure import task as tasks
from models.procedure.publication import of_the_head
from models.queries import archive as queries
from models.refusal import Refusal
from models.rules.actor import Actor
from models.states import TaskState as T
from models.tables import Dossier, Event


@dataclass(frozen=True, slots=True)
class Sealed:
    """A dossier as it was written and kept: the object and its hashes. `events`: as many as it holds."""

    sha256: str
    sm3: str
    size: int
    files: int
    events: int


@store.transactional
async def seal(
    number: str, sealed: Sealed, *, by: Actor, at: datetime, district: District, key: str | None = None
) -> None:
    """Close a published task whose receipt is there, whose term of objection is over and in which nothing waits.

    Refused when something happened since the dossier was written. By the head of the initiating department.
    """
    task = await tasks.find(number)
    await of_the_head(task, by)
    if await event.find_by_key(key) or task.state == T.ARCHIVED:
        return
    if why_not := await queries.hindrance(task, at, district.calendar):
        raise why_not
    if sealed.events != await Event.filter(chain=f"task:{number}").count():
        raise Refusal("archive.changed", article="20", task=number)
    dossier = await Dossier.create(
        task=task, sha256=sealed.sha256, sm3=sealed.sm3, size=sealed.size, files=sealed.files, events=sealed.events,
        by=by.mark, at=at,
    )  # fmt: skip
    await tasks.to(task, T.ARCHIVED, "20")
    await tasks.note(
        task, tasks.ARCHIVED, by=by, at=at, key=key, rows=[dossier], dossier=sealed.sha256, sm3=sealed.sm3,
    )  # fmt: skip
