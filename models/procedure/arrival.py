"""到场登记: who came to the door, and how that is known (Art. 16 (2)).

Once for each officer, day and way: the key of the act is made of them, so that the second phone that scans, and
the second tap, change nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from models import store
from models.district import District
from models.operations import event
from models.procedure import task as tasks
from models.queries import photo
from models.queries.arrival import Arrived, arrived
from models.refusal import Refusal
from models.rules import arrival as rules
from models.rules.actor import Actor, Role
from models.rules.arrival import ArrivalMeans
from models.rules.datum import Datum
from models.rules.photo import Point, distance_m
from models.rules.text import visible
from models.rules.visit import local_day
from models.states import AT_THE_DOOR
from models.states import TaskState as T
from models.tables import Arrival, Assignment, Notice, Task

SCANNER = Actor(Role.PUBLIC, "code")


@store.transactional
async def scanned(code: str, *, at: datetime, district: District) -> Arrived:
    """The entity's own phone read 亮码: the officer of this code is there at this moment."""
    shown = rules.genuine(district.secret, code)
    seat = (
        await Assignment.get_or_none(id=shown.assignment, until=None).select_related("inspector")
        if shown
        else None
    )
    if shown is None or seat is None:
        raise Refusal("arrival.unknown", article="16(2)")
    if not rules.fresh(shown, at):
        raise Refusal("arrival.expired", article="16(2)")
    return await _arrived(await Task.get(id=seat.task_id), seat, ArrivalMeans.CODE, by=SCANNER, at=at)


@store.transactional
async def by_notice(link: str, *, by: Actor, at: datetime) -> Arrived:
    """The officer opened the link of the notice that the entity has."""
    notice = await Notice.get_or_none(token_sha256=hashlib.sha256(link.encode()).hexdigest())
    if notice is None:
        raise Refusal("notice.unknown", article="16(2)")
    task = await Task.get(id=notice.task_id)
    return await _arrived(task, await tasks.serving(task, by), ArrivalMeans.NOTICE, by=by, at=at)


@store.transactional
async def located(
    number: str, place: Point, accuracy: int | None, *, by: Actor, at: datetime, said_at: str = ""
) -> Arrived:
    """The officer's phone says where it is; how far from the registered place is written down, never refused."""
    task = await tasks.find(number)
    seat = await tasks.serving(task, by)
    registered = await photo.where(task.id)
    known = registered is not None and registered.datum is not Datum.UNKNOWN
    distance = round(distance_m(place, registered)) if known and registered else None
    return await _arrived(
        task, seat, ArrivalMeans.LOCATION, by=by, at=at, said_at=said_at, latitude_e6=round(place.latitude * 1e6),
        longitude_e6=round(place.longitude * 1e6), accuracy=accuracy, distance=distance,
    )  # fmt: skip


@store.transactional
async def by_hand(number: str, reason: str, *, by: Actor, at: datetime, said_at: str = "") -> Arrived:
    """The officer says so, and why no other way served."""
    task = await tasks.find(number)
    seat = await tasks.serving(task, by)
    if not visible(reason).strip():
        raise Refusal("arrival.no_reason", article="16(2)", task=number)
    return await _arrived(task, seat, ArrivalMeans.HAND, by=by, at=at, said_at=said_at, reason=reason.strip())


async def _arrived(
    task: Task,
    seat: Assignment,
    how: ArrivalMeans,
    *,
    by: Actor,
    at: datetime,
    said_at: str = "",
    **known: Any,
) -> Arrived:
    key = f"arrival:{seat.id}:{local_day(at).isoformat()}:{how}"
    if done := await event.find_by_key(key):
        return arrived(await Arrival.get(id=done.data["arrival"]).select_related("inspector"))
    tasks.in_state(task, *AT_THE_DOOR, article="16(2)")
    if not rules.at_the_door(task.state, task.visit_from, at):
        raise Refusal("arrival.not_the_day", article="16(2)", task=task.number)
    arrival = await Arrival.create(task=task, inspector=seat.inspector, how=how, by=by.mark, at=at, **known)
    if task.state == T.ON_SITE and seat.arrived_at is None:
        seat.arrived_at = at
        await seat.save(update_fields=["arrived_at"])
    await tasks.note(
        task, "arrival.recorded", by=by, at=at, key=key, rows=[arrival, seat], arrival=arrival.id, how=str(how),
        officer=str(seat.inspector_id), reason=arrival.reason, **({"said_at": said_at} if said_at else {}),
    )  # fmt: skip
    return arrived(arrival)
