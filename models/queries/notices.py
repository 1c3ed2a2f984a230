"""A notice as it stands: its frozen facts, where it is, and everything that was tried (Art. 16 (2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.refusal import Refusal
from models.states import NoticeState
from models.tables import Attempt, Notice, Task


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to reach the entity."""

    channel: str
    outcome: str
    at: datetime
    by: str
    detail: str


@dataclass(frozen=True, slots=True)
class Told:
    """A version of the letter with its way through the channels."""

    id: int
    number: str
    task: str
    version: int
    state: NoticeState
    facts: dict[str, Any]
    check_code: str
    approved_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    basis: str
    tries: tuple[Try, ...]


async def told(notice_id: int) -> Told:
    """The notice with this id; refused when there is none."""
    row = await Notice.get_or_none(id=notice_id)
    if row is None:
        raise Refusal("notice.unknown", article="16(2)")
    return await _told(row)


async def trail(task_number: str) -> list[Told]:
    """Every version of a task's letter, the newest first."""
    rows = await Notice.filter(task__number=task_number).order_by("-version")
    return [await _told(row) for row in rows]


async def _told(row: Notice) -> Told:
    task = await Task.get(id=row.task_id)
    tries = await Attempt.filter(notice=row).order_by("at", "id")
    return Told(
        row.id,
        row.number,
        task.number,
        row.version,
        row.state,
        row.letter,
        row.check_code,
        row.approved_at,
        row.opened_at,
        row.acknowledged_at,
        row.acknowledged_by,
        row.withheld_basis,
        tuple(Try(one.channel, one.outcome, one.at, one.by, one.detail) for one in tries),
    )
