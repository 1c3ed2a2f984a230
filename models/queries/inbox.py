"""我的任务: what an officer has to do, today and this week first (Art. 15, 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.rules import text
from models.rules.visit import local_day
from models.states import TaskState as T
from models.tables import Assignment, Revision

OVER = (T.ENTERED, T.REVIEWED, T.RECORDED, T.PUBLISHED, T.ARCHIVED)


PUBLIC = (T.PUBLISHED, T.ARCHIVED)  # listed while a correction is asked of the leader


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
    seats = await Assignment.filter(inspector_id=officer, until=None).select_related("task__target")
    led = [seat.task_id for seat in seats if seat.leader]
    asked = {row.task_id for row in await Revision.filter(task_id__in=led, outcome="", result_id=None)}
    open_ = [seat for seat in seats if seat.task.state not in OVER or seat.task_id in asked]
    lines = [_line(seat, local_day(at)) for seat in open_]
    order = list(When)
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return tuple(
        sorted(lines, key=lambda line: (order.index(line.when), line.visit_from or far, line.number))
    )


def _line(seat: Assignment, today: date) -> Line:
    task = seat.task
    return Line(
        task.id,
        task.number,
        text.name(task.target.name),
        task.state,
        _when(task.state, task.visit_from, today),
        task.visit_from,
        task.entry_due,
        seat.accepted_at is not None,
        seat.leader,
    )


def _when(state: T, visit_from: datetime | None, today: date) -> When:
    if state in (T.CONCLUDED, T.REFUSED, T.UNREACHABLE, *PUBLIC):
        return When.ENTRY
    if state == T.ON_SITE:
        return When.TODAY
    if visit_from is None or state not in (T.SCHEDULED,):
        return When.OPEN
    day = local_day(visit_from)
    if day <= today:
        return When.TODAY
    return When.WEEK if day.isocalendar()[:2] == today.isocalendar()[:2] else When.LATER
