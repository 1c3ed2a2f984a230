"""履职情况 from the event log, of the tasks that somebody sees (Art. 5, 6, 21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import person
from models.queries.board import Sight, visible
from models.queries.sheet import asks_in
from models.rules import performance as rules
from models.rules.performance import LoggedTask, Performance
from models.rules.performance import PerformanceAct as A
from models.rules.visit import local_day
from models.tables import Assignment, Event, Inspector, Item, Task

AT_ONCE = 400  # tasks asked about together
TRIED = ("accepted", "delivered", "failed", "bounced", "handed", "not_handed", "posted", "telephoned")
"""Of a notice; a report of delay says nothing yet of whether it arrived, and is not read."""
KINDS = {
    "task.accepted": A.ACCEPTED, "notice.approved": A.APPROVED, "visit.concluded": A.ENDED, "network.ended": A.ENDED,
    "department_result.entered": A.ENTERED_PART, "result.entered": A.ENTERED, "result.returned": A.SENT_BACK,
    "team.substituted": A.REPLACED, "answer.given": A.ANSWERED, "network.found": A.LOOKED_UP,
} | {f"notice.{how}": A.TRIED for how in TRIED}  # fmt: skip
"""Kinds of events that the figures are counted from."""

Acts = list[tuple[A, str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """The figures, what may be asked for, and what the codes in them are called. `tasks`: so many were counted."""

    figures: Performance
    tasks: int
    months: tuple[str, ...]
    batches: tuple[str, ...]
    departments: Mapping[str, str]
    items: Mapping[str, str]


async def performance(sight: Sight, at: datetime, *, month: str = "", batch: str = "") -> PerformanceReport:
    """Of one month (2026-11), of one batch, or of all; official draws that stand. A head's figures are the own department's."""
    seen = visible(sight).filter(draw__voided_at=None, draw__mode="official")
    rows = await seen.order_by("number")
    chosen = [
        row for row in rows if (not month or _month(row) == month) and (not batch or row.batch_id == batch)
    ]
    logged = [task for part in _parts(chosen) for task in await _logged(part)]
    figures = rules.performance(logged, local_day(at))
    if sight.department is not None:
        own = {code: row for code, row in figures.departments.items() if code == sight.department}
        figures = Performance(own, figures.channels, figures.items)
    names = await Item.filter(code__in=list(figures.items)).values_list("code", "name")
    return PerformanceReport(
        figures, len(chosen), tuple(sorted({_month(row) for row in rows}, reverse=True)),
        tuple(sorted({str(row.batch_id) for row in rows})), await person.departments(),
        {str(code): str(name) for code, name in names},
    )  # fmt: skip


def _month(task: Task) -> str:
    return local_day(task.assigned_at).strftime("%Y-%m")


def _parts(rows: Sequence[Task]) -> Iterator[Sequence[Task]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


async def _logged(tasks: Sequence[Task]) -> list[LoggedTask]:
    acts: dict[str, Acts] = defaultdict(list)
    log = Event.filter(chain__in=[f"task:{task.number}" for task in tasks], kind__in=list(KINDS))
    for row in await log.order_by("chain", "seq"):
        acts[row.chain].append(logged_act(row.kind, row.by, row.data))
    seats: dict[int, dict[str, str]] = defaultdict(dict)
    leads: dict[int, str] = {}
    for seat in await Assignment.filter(task_id__in=[task.id for task in tasks]).order_by("id"):
        seats[seat.task_id][str(seat.inspector_id)] = seat.department
        if seat.leader:
            leads[seat.task_id] = seat.department
    left = {data["out"] for each in acts.values() for kind, _, data in each if kind == A.REPLACED}
    known = await Inspector.filter(certificate__in=list(left)).values_list("certificate", "department")
    asks = await asks_in({str(task.batch_id) for task in tasks})
    return [
        LoggedTask(
            task.number, leads.get(task.id, ""), seats[task.id],
            {str(paper): str(code) for paper, code in known}, asks[str(task.batch_id)], acts[f"task:{task.number}"],
        )
        for task in tasks
    ]  # fmt: skip


def logged_act(kind: str, by: str, data: Mapping[str, Any]) -> tuple[A, str, Mapping[str, Any]]:
    """An event of one of KINDS as it is counted; of a try to tell somebody: its channel and outcome."""
    if KINDS[kind] != A.TRIED:
        return KINDS[kind], by, data
    if kind == "notice.telephoned":
        return A.TRIED, by, {"channel": "phone", "outcome": "told" if data["reached"] else "no_answer"}
    outcome = data.get("outcome") or kind.removeprefix("notice.")
    return A.TRIED, by, {"channel": data["channel"], "outcome": outcome}
