"""What the phone companion shows beside a task's card: its photos, and what is new (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import text
from models.rules.checklist import ChecklistSheet
from models.tables import Assignment, Event, Inspector, NetworkFinding, Photo, Postponement, Task


@dataclass(frozen=True, slots=True)
class CompanionPhoto:
    """A photo of a task; `question` is its number on the sheet."""

    id: int
    question: int | None
    about: str
    sha256: str
    size: int
    format: str
    grade: str
    labels: tuple[str, ...]
    by: str
    at: datetime
    thumbnail: str
    stamped: str
    unprintable: str  # why no copy can be made
    plain: str  # the stamped copy before anything was drawn on it
    marks: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ChainNews:
    """An act in the chain of a task."""

    id: int
    task: str
    kind: str
    by: str
    question: int | None


@dataclass(frozen=True, slots=True)
class CompanionWish:
    """The entity's wish for another time, which the leader has to decide."""

    id: int
    reason: str
    wanted: str
    begins: datetime | None  # one of the team's free windows
    ends: datetime | None


async def pictures(task_id: int, sheet: ChecklistSheet | None = None) -> tuple[CompanionPhoto, ...]:
    """The photos of a task that count, oldest first. `sheet`: the task's, if it is known already."""
    asks = (sheet or await sheet_of(await Task.get(id=task_id))).every
    numbers = {ask.id: ask.number for ask in asks}
    rows = await Photo.filter(task_id=task_id, removed_at=None).order_by("id")
    return tuple(_picture(row, numbers.get(row.question_id or 0)) for row in rows)


async def picture_for(photo_id: int, officer: str) -> CompanionPhoto:
    """A photo, for an officer who serves in its task; unknown to everybody else (D60)."""
    row = await Photo.get_or_none(id=photo_id)
    if row is None or not await Assignment.exists(task_id=row.task_id, inspector_id=officer, until=None):
        raise Refusal("photo.unknown", article="16")
    return _picture(row, None)


async def screenshot_for(finding_id: int, officer: str) -> str:
    """The object of a network finding's screenshot, for an officer who serves in its task (D60)."""
    row = await NetworkFinding.get_or_none(id=finding_id)
    seat = row and await Assignment.exists(task_id=row.task_id, inspector_id=officer, until=None)
    if row is None or not seat or not row.screenshot:
        raise Refusal("photo.unknown", article="16(1)")
    return row.screenshot


def _picture(row: Photo, number: int | None) -> CompanionPhoto:
    return CompanionPhoto(
        row.id, number, row.about, row.sha256, row.size, row.format, row.grade, tuple(row.labels), row.by, row.at,
        row.thumbnail, row.marked if row.marks else row.stamped, row.unprintable, row.stamped, tuple(row.marks),
    )  # fmt: skip


async def task_id(number: str) -> int:
    """The id of the task of this number."""
    task = await Task.get_or_none(number=number)
    if task is None:
        raise Refusal("task.unknown", article="15", task=number)
    return task.id


async def load(number: str, officer: str) -> tuple[int, int]:
    """How many photos a task of this officer's holds, and their bytes together (D51)."""
    seat = await Assignment.get_or_none(task__number=number, inspector_id=officer, until=None)
    if seat is None:
        raise Refusal("task.unknown", article="15", task=number)
    sizes = await Photo.filter(task_id=seat.task_id, removed_at=None).values_list("size", flat=True)
    return len(sizes), sum(int(str(size)) for size in sizes)


async def wish(task_id: int) -> CompanionWish | None:
    """The wish for another time that is not decided yet."""
    row = await Postponement.filter(notice__task_id=task_id, granted=None).order_by("-id").first()
    if row is None:
        return None
    return CompanionWish(
        row.id, text.visible(row.reason), text.visible(row.wanted), row.wanted_from, row.wanted_until
    )


async def tail(officer: str) -> str:
    """The last four characters of an officer's certificate."""
    inspector = await Inspector.get_or_none(code=officer)
    return text.tail(inspector.certificate or "") if inspector else ""


async def stamp() -> tuple[int, int]:
    """The number of the last act of the house, and how many prints are owed: the one thing of a photo that changes
    without an act.
    """
    [last], [owed] = await store.run(
        store.query("SELECT COALESCE(MAX(id), 0) AS n FROM event"),
        store.query("SELECT COUNT(*) AS n FROM photo WHERE thumbnail = ''"),
    )
    return last["n"], owed["n"]


async def newest() -> int:
    """The number of the last act of the house."""
    last = await Event.all().order_by("-id").limit(1).values_list("id", flat=True)
    return int(str(last[0])) if last else 0


async def news(after: int, limit: int = 500) -> Sequence[ChainNews]:
    """The acts in tasks' chains after the act of this number."""
    rows = await Event.filter(id__gt=after, chain__startswith="task:").order_by("id").limit(limit)
    return [
        ChainNews(row.id, row.chain.removeprefix("task:"), row.kind, row.by, _number(row.data))
        for row in rows
    ]


def _number(data: dict[str, Any]) -> int | None:
    question = data.get("question")
    return question if isinstance(question, int) else None


async def serves(officer: str, numbers: Sequence[str]) -> set[str]:
    """Those of these tasks in which the officer serves now."""
    assignments = await Assignment.filter(
        inspector_id=officer, until=None, task__number__in=list(numbers)
    ).values_list("task__number", flat=True)
    return {str(number) for number in assignments}
