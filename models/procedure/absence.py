"""无法联系: nobody can be found at the registered place; two officers and photos of it say so (Art. 16 (2))."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import task as tasks
from models.procedure.cooperation import ask_a_second, at_the_door
from models.queries import onsite
from models.queries.onsite import UnreachableReport
from models.refusal import Refusal
from models.rules import cooperation as rules
from models.rules.actor import Actor
from models.rules.text import visible
from models.states import TaskState as T
from models.tables import Absence, Photo, Task

EVIDENCE = "place"  # what the photos are about


@store.transactional
async def report(number: str, facts: str, *, by: Actor, at: datetime, key: str | None = None) -> int:
    """An officer at the place writes down what was found there, with a photo of it taken before. The report's id."""
    task = await tasks.find(number)
    await tasks.serving(task, by)
    if done := await event.find_by_key(key):
        return int(done.data["report"])
    at_the_door(task, at, "16(2)")
    if not visible(facts).strip():
        raise Refusal("absence.no_facts", article="16(2)", task=number)
    before = await Absence.filter(task=task).order_by("-id").first()
    if before and before.confirmed_at is None:
        raise Refusal("absence.reported_already", article="16(2)", task=number)
    photos = Photo.filter(task=task, about=EVIDENCE, removed_at=None)
    if not await (photos.filter(at__gt=before.at) if before else photos).exists():
        raise Refusal("absence.no_photo", article="16(2)", task=number)
    row = await Absence.create(task=task, facts=facts.strip(), by=by.id, at=at)
    await tasks.note(
        task, "absence.reported", by=by, at=at, key=key, rows=[row], report=row.id, note=row.facts
    )
    await ask_a_second(task, "absence.reported", row.id, by=by, at=at)
    return row.id


@store.transactional
async def confirm(report_id: int, *, by: Actor, at: datetime) -> UnreachableReport:
    """A second officer of the team was there too: another day is settled, or the visit ends with R04."""
    row = await _find(report_id)
    task = await Task.get(id=row.task_id)
    await tasks.serving(task, by)
    key = f"absence:{row.id}:confirmed"
    if await event.find_by_key(key):
        return await onsite.missed(report_id)
    rules.second(row.by, by.id, "16(2)")
    at_the_door(task, at, "16(2)")
    row.confirmed_by, row.confirmed_at = by.id, at
    await row.save(update_fields=["confirmed_by", "confirmed_at"])
    await tasks.to(task, T.UNREACHABLE, "16(2)", proposed_from=None, proposed_until=None)
    await tasks.note(task, "absence.confirmed", by=by, at=at, key=key, rows=[row], report=row.id)
    await outbox.enqueue_follow_up([f"absence:{row.id}"], at=at)
    return await onsite.missed_of(row)


async def _find(report_id: int) -> Absence:
    row = await Absence.get_or_none(id=report_id)
    if row is None:
        raise Refusal("absence.unknown", article="16(2)")
    return row
