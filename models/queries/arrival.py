"""Who came to the door, for the team; and whose code this is, for whoever opens it (Art. 16 (2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.rules import arrival as rules
from models.rules import text
from models.rules.visit import local_day
from models.tables import Arrival, Assignment, Department, Inspector, Notice, Target, Task


class Worth(StrEnum):
    """What a code of ours is worth at the moment it is looked at."""

    VALID = "valid"
    EXPIRED = "expired"  # of another half minute: a picture of the phone, or a page left open
    ENDED = "ended"  # the officer has no visit to make there now


@dataclass(frozen=True, slots=True)
class CodePage:
    """An officer at the door, for the entity's own phone; of a code that is not valid, nobody's name."""

    worth: Worth
    officer: str
    unit: str
    tail: str
    leader: bool
    target: str
    place: str
    number: str
    departments: tuple[str, ...]
    at: datetime

    @property
    def valid(self) -> bool:
        return self.worth == Worth.VALID


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """An officer of the team who looks at the notice on the day. `done`: their arrival is noted."""

    done: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """One officer's coming, and how it is known. `distance` and `accuracy` in metres."""

    id: int
    officer: str
    name: str
    how: str
    at: datetime
    reason: str
    distance: int | None
    accuracy: int | None
    far: bool


@dataclass(frozen=True, slots=True)
class CodeKey:
    """What an officer's phone makes codes with. `day`: the only one they are good for."""

    assignment: int
    day: date
    key: bytes


async def code_page(secret: bytes, code: str, at: datetime) -> CodePage | None:
    """What this code says now; None for one that is nobody's."""
    door_code = rules.genuine(secret, code)
    seat = await Assignment.get_or_none(id=door_code.assignment) if door_code else None
    if door_code is None or seat is None:
        return None
    task = await Task.get(id=seat.task_id)
    if not rules.fresh(door_code, at):
        return _nobody(Worth.EXPIRED, at)
    if seat.until is not None or not rules.at_the_door(task.state, task.visit_from, at):
        return _nobody(Worth.ENDED, at)
    officer = await Inspector.get(code=seat.inspector_id)
    target = await Target.get(code=task.target_id)
    units = {department.code: department.unit for department in await Department.all()}
    crew = await Assignment.filter(task=task, until=None).order_by("-leader", "id")
    return CodePage(
        Worth.VALID, text.masked(officer.name), units.get(seat.department, seat.department),
        text.tail(officer.certificate or ""), seat.leader, text.name(target.name),
        text.name(target.address), task.number,
        tuple(dict.fromkeys(units.get(assignment.department, assignment.department) for assignment in crew)), at,
    )  # fmt: skip


def _nobody(worth: Worth, at: datetime) -> CodePage:
    return CodePage(worth, "", "", "", False, "", "", "", (), at)


async def code_key(secret: bytes, task_id: int, officer: str, at: datetime) -> CodeKey | None:
    """The key for this officer's phone; None while no visit is to come."""
    seat = await Assignment.get_or_none(task_id=task_id, inspector_id=officer, until=None)
    task = await Task.get(id=task_id)
    day = rules.key_day(task.state, task.visit_from, at) if seat else None
    return CodeKey(seat.id, day, rules.day_key(secret, seat.id, day)) if seat and day else None


async def arrivals(task_id: int) -> tuple[Arrived, ...]:
    """Everybody who came, in order, each day and way apart."""
    rows = await Arrival.filter(task_id=task_id).order_by("id").select_related("inspector")
    return tuple(arrived(row) for row in rows)


def arrived(row: Arrival) -> Arrived:
    """A row that was read with its officer."""
    return Arrived(
        row.id, row.inspector_id, text.name(row.inspector.name), row.how, row.at, text.visible(row.reason),
        row.distance, row.accuracy, rules.far(row.distance, row.accuracy),
    )  # fmt: skip


async def here(task_id: int, at: datetime) -> tuple[str, ...]:
    """The officers who came today."""
    today = [arrival.officer for arrival in await arrivals(task_id) if local_day(arrival.at) == local_day(at)]
    return tuple(dict.fromkeys(today))


async def at_notice(notice_id: int, officer: str, at: datetime) -> AtTheDoor | None:
    """What the page of a notice offers an officer; None to who cannot arrive here now."""
    notice = await Notice.get(id=notice_id).select_related("task")
    task = notice.task
    seat = await Assignment.exists(task=task, inspector_id=officer, until=None)
    if not seat or not rules.at_the_door(task.state, task.visit_from, at):
        return None
    return AtTheDoor(officer in await here(task.id, at))
