"""What the darkroom prints onto a photo, and where the photo should have been taken (Art. 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import board
from models.queries.sheet import sheet_of
from models.rules import text
from models.rules.datum import Point, read_datum
from models.states import TaskState
from models.tables import Assignment, Department, Inspector, Photo, Task


@dataclass(frozen=True, slots=True)
class StampedPhoto:
    """A photo with the facts of its stamp."""

    id: int
    sha256: str
    format: str
    grade: str
    task: str
    target: str
    question: int | None
    asked: str
    officer: str
    department: str
    at: datetime
    developed: bool
    unprintable: str
    marks: list[dict[str, Any]]


async def picture(photo_id: int) -> StampedPhoto | None:
    """The photo of this id."""
    photo = await Photo.get_or_none(id=photo_id).select_related("task__target", "question")
    if photo is None:
        return None
    sheet = await sheet_of(photo.task)
    number = next((a.number for a in sheet.every if a.id == photo.question_id), None)
    officer = await Inspector.get_or_none(code=photo.by)
    unit = await Department.get_or_none(code=officer.department) if officer else None
    return StampedPhoto(
        photo.id,
        photo.sha256,
        photo.format,
        photo.grade,
        photo.task.number,
        text.name(photo.task.target.name),
        number,
        text.name(photo.question.text) if photo.question else "",
        text.name(officer.name) if officer else photo.by,
        unit.name if unit else "",
        photo.at,
        bool(photo.stamped and photo.thumbnail),
        photo.unprintable,
        list(photo.marks),
    )


async def where(task_id: int) -> Point | None:
    """The registered place of the target, if the register knows it; `Datum.UNKNOWN` where it does not say in which
    datum, and then no distance can be counted from it."""
    task = await Task.get(id=task_id).select_related("target")
    target = task.target
    if target.latitude_e6 is None or target.longitude_e6 is None:
        return None
    return Point(target.latitude_e6 / 1e6, target.longitude_e6 / 1e6, read_datum(target.datum))


async def on_site(officer: str) -> int | None:
    """The task at whose place this officer is just now."""
    seats = await Assignment.filter(
        inspector_id=officer, until=None, task__state=TaskState.ON_SITE
    ).select_related("task")
    there = max(seats, key=lambda seat: seat.task.started_at, default=None)
    return there.task.id if there else None


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """The object of the original and of each copy; "" for a copy that is not there. `stamped`: the copy that is shown."""

    sha256: str
    format: str
    thumbnail: str
    stamped: str


async def file_of(task_number: str, photo_id: int, *, sight: board.Sight) -> PhotoFile | None:
    """A photo of a task, for those who see the task (D60)."""
    task = await board.visible(sight).filter(number=task_number).first()
    row = await Photo.get_or_none(id=photo_id, task=task) if task else None
    if row is None:
        return None
    return PhotoFile(row.sha256, row.format, row.thumbnail, row.marked if row.marks else row.stamped)
