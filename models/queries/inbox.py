"""我的任务: what an officer has to do, today and this week first (Art. 15, 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models import store
from models.fields import instant
from models.rules import text
from models.rules.visit import local_day
from models.states import ENTERED, ENTRY_OWED, PUBLIC
from models.states import TaskState as T

SEATS = """
SELECT t.id, t.number, t.state, t.visit_from, t.entry_due, g.name AS target, s.accepted_at, s.leader,
       s.leader AND EXISTS (
           SELECT 1 FROM revision r WHERE r.task_id = t.id AND r.outcome = '' AND r.result_id IS NULL
       ) AS asked
FROM assignment s JOIN task t ON t.id = s.task_id JOIN target g ON g.code = t.target_id
WHERE s.inspector_id = ? AND s.until IS NULL"""


class When(StrEnum):
    """Which heading a task stands under."""

    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    OPEN = "open"  # no time fixed yet
    ENTRY = "entry"  # visited; the result is still to be entered


@dataclass(frozen=True, slots=True)
class Line:
    """A task in the list."""

    id: int
    number: str
    target: str
    state: T
    when: When
    visit_from: datetime | None
    due: date | None
    accepted: bool
    leader: bool


async def tasks_of(officer: str, at: datetime) -> tuple[Line, ...]:
    """The open tasks of an officer: today's first, then this week's, then by time, then those without one."""
    rows = await store.run_one(SEATS, officer)
    lines = [_line(row, local_day(at)) for row in rows if row["state"] not in ENTERED or row["asked"]]
    order = list(When)
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return tuple(
        sorted(lines, key=lambda line: (order.index(line.when), line.visit_from or far, line.number))
    )


def _line(row: Any, today: date) -> Line:
    state, visit_from, due = T(row["state"]), instant(row["visit_from"]), row["entry_due"]
    return Line(
        row["id"],
        row["number"],
        text.name(row["target"]),
        state,
        _when(state, visit_from, today),
        visit_from,
        date.fromisoformat(due) if isinstance(due, str) else due,
        row["accepted_at"] is not None,
        bool(row["leader"]),
    )


def _when(state: T, visit_from: datetime | None, today: date) -> When:
    if state in ENTRY_OWED or state in PUBLIC:
        return When.ENTRY
    if state == T.ON_SITE:
        return When.TODAY
    if visit_from is None or state != T.SCHEDULED:
        return When.OPEN
    day = local_day(visit_from)
    if day <= today:
        return When.TODAY
    return When.WEEK if day.isocalendar()[:2] == today.isocalendar()[:2] else When.LATER
