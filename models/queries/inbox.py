"""我的任务: what an officer has to do, today and this week first (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models import store
from models.fields import instant
from models.queries import publication, recheck_times
from models.rules import text
from models.rules.visit import local_day
from models.states import ENTERED, ENTRY_OWED, PUBLIC
from models.states import TaskState as T

SEATS = """
SELECT t.id, t.number, t.state, t.visit_from, t.entry_due, g.name AS target, s.accepted_at, s.leader,
       EXISTS (
           SELECT 1 FROM revision r WHERE r.task_id = t.id AND r.outcome = '' AND r.result_id IS NULL
       ) AS asked,
       EXISTS (SELECT 1 FROM recheck k WHERE k.task_id = t.id AND k.settled_at IS NULL) AS rechecked,
       t.proposed_from IS NULL AND t.visit_from IS NULL AS untimed,
       t.state IN ('reviewed', 'recorded') AND EXISTS (
           SELECT 1 FROM answer a JOIN question q ON q.id = a.question_id
           WHERE a.task_id = t.id AND a.verdict = 'fail' AND q.department = s.department AND NOT EXISTS (
               SELECT 1 FROM answer n
               WHERE n.task_id = a.task_id AND n.question_id = a.question_id AND n.version > a.version
           )
       ) AND NOT EXISTS (
           SELECT 1 FROM rectification o
           WHERE o.task_id = t.id AND o.department = s.department AND o.state <> 'revoked'
       ) AS to_order,
       EXISTS (
           SELECT 1 FROM rectification o
           WHERE o.task_id = t.id AND o.department = s.department AND o.state NOT IN ('verified', 'revoked', 'filed')
       ) AS ordered,
       s.leader AND t.platform_receipt = '' AND t.state IN ('reviewed', 'published') AS unrecorded
FROM assignment s JOIN task t ON t.id = s.task_id JOIN target g ON g.code = t.target_id
WHERE s.inspector_id = ? AND s.until IS NULL"""


AFTERWARDS = ("asked", "unrecorded", "to_order", "ordered", "rechecked")
"""What an entered result still waits for from this officer."""


class When(StrEnum):
    """Which heading a task stands under."""

    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    OPEN = "open"  # no time fixed yet
    ENTRY = "entry"  # visited; the result is still to be entered
    RECTIFY = "rectify"  # found wanting by the own department: to be ordered, an order is open, or a recheck is theirs
    RECEIPT = "receipt"  # its leader still has to enter the provincial platform's receipt


@dataclass(frozen=True, slots=True)
class InboxLine:
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
    untimed: bool = False  # neither fixed nor proposed


async def tasks_of(officer: str, at: datetime) -> tuple[InboxLine, ...]:
    """The open tasks of an officer: today's first, then this week's, then by time, then those without one."""
    rows = await _afterwards_own(await store.run_one(SEATS, officer), officer)
    waiting = [row for row in rows if row["state"] not in ENTERED or any(row[name] for name in AFTERWARDS)]
    lines = [_line(row, local_day(at)) for row in waiting]
    order = list(When)
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return tuple(
        sorted(lines, key=lambda line: (order.index(line.when), line.visit_from or far, line.number))
    )


async def _afterwards_own(rows: Iterable[Any], officer: str) -> list[dict[str, Any]]:
    """The rows as they concern this officer: of corrections asked for those of the own department, or as the leader; of
    rechecks those to be held or signed."""
    mine = [dict(row) for row in rows]
    asked = [row["id"] for row in mine if row["asked"] and not row["leader"]]
    own = await publication.asked_of(asked, officer) if asked else ()
    held = [row["id"] for row in mine if row["rechecked"]]
    waits = {due.task.id for due in await recheck_times.due(held) if officer in due.officers} if held else ()
    for row in mine:
        row["asked"] = bool(row["asked"]) and (bool(row["leader"]) or row["id"] in own)
        row["rechecked"] = row["id"] in waits
    return mine


def _line(row: Any, today: date) -> InboxLine:
    state, visit_from, due = T(row["state"]), instant(row["visit_from"]), row["entry_due"]
    return InboxLine(
        row["id"],
        row["number"],
        text.name(row["target"]),
        state,
        _afterwards(row) or _when(state, visit_from, today),
        visit_from,
        date.fromisoformat(due) if isinstance(due, str) else due,
        row["accepted_at"] is not None,
        bool(row["leader"]),
        bool(row["untimed"]),
    )


def _afterwards(row: Any) -> When | None:
    if row["asked"] or row["state"] not in ENTERED:
        return None
    to_rectify = any(row[name] for name in ("to_order", "ordered", "rechecked"))
    return When.RECTIFY if to_rectify else When.RECEIPT if row["unrecorded"] else None


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
