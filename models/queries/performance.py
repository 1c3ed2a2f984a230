"""履职情况 from the event log, of the tasks that somebody sees (Art. 5, 6, 21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.queryset import QuerySet

from models import store
from models.fields import json_value
from models.queries import grown_batches, person
from models.queries.board import ALL, Sight, visible
from models.queries.grown_batches import BatchMark
from models.queries.sheet import asks_in
from models.read_once import ReadOnce
from models.rules import performance as rules
from models.rules.draw.rows import IN_EARNEST
from models.rules.performance import LoggedTask, Performance
from models.rules.performance import PerformanceAct as A
from models.rules.visit import local_day
from models.tables import Inspector, Item, Task

AT_ONCE = 400  # tasks asked about together
TRIED = ("accepted", "delivered", "failed", "bounced", "handed", "not_handed", "posted", "telephoned")
"""Of a notice; a report of delay says nothing yet of whether it arrived, and is not read."""
KINDS = {
    "task.accepted": A.ACCEPTED, "notice.approved": A.APPROVED, "visit.concluded": A.ENDED, "network.ended": A.ENDED,
    "department_result.entered": A.ENTERED_PART, "result.entered": A.ENTERED, "result.returned": A.SENT_BACK,
    "team.substituted": A.REPLACED, "answer.given": A.ANSWERED, "network.found": A.LOOKED_UP,
} | {f"notice.{how}": A.TRIED for how in TRIED}  # fmt: skip
"""Kinds of events that the figures are counted from."""

TaskKey = tuple[int, str]  # its id and number
_counted, _months = ReadOnce(), ReadOnce()

Acts = list[tuple[A, str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class CountedBatch:
    """The figures of a batch in one month, as one sight shows it. `mark`: of the batch when it was counted; they hold from
    `since` until `until`, on the day after which a term runs out."""

    mark: BatchMark
    since: date
    until: date
    tasks: int
    figures: Performance

    def holds(self, mark: BatchMark, today: date) -> bool:
        return self.mark == mark and self.since <= today <= self.until


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
    """Of one month (2026-11), of one batch, or of all; official draws that stand. A head's figures are the own department's.

    A batch is not counted again while nothing was done in it and no term of its tasks has run out.
    """
    today, seen = (
        local_day(at),
        visible(sight).filter(draw__voided_at=None, draw__mode__in=[str(mode) for mode in IN_EARNEST]),
    )
    marks, known = await grown_batches.marks(), _counted.known
    months = {
        (code, of) for code, several in (await _months_of(seen, sight, marks)).items() for of in several
    }
    chosen = sorted(pair for pair in months if batch in ("", pair[0]) and month in ("", pair[1]))
    counts = []
    for code, of in chosen:
        key = (code, of, sight)
        if (counted := known.get(key)) is None or not counted.holds(marks[code], today):
            rows = seen.filter(batch_id=code).order_by("number").values_list("id", "number", "assigned_at")
            tasks = [(id, str(number)) for id, number, since in await rows if _month(since) == of]
            counted = known.get((code, of, ALL))
            if counted is None or counted.tasks != len(tasks) or not counted.holds(marks[code], today):
                counted = await _count(code, tasks, today, marks[code])
            known[key] = counted
        counts.append(counted)
    figures = rules.together([counted.figures for counted in counts])
    if sight.department is not None:
        own = {code: row for code, row in figures.departments.items() if code == sight.department}
        figures = Performance(own, figures.channels, figures.items)
    names = await Item.filter(code__in=list(figures.items)).values_list("code", "name")
    return PerformanceReport(
        figures, sum(counted.tasks for counted in counts), tuple(sorted({of for _, of in months}, reverse=True)),
        tuple(sorted({code for code, _ in months})), await person.departments(),
        {str(code): str(name) for code, name in names},
    )  # fmt: skip


def _month(at: datetime) -> str:
    return local_day(at).strftime("%Y-%m")


async def _months_of(
    seen: QuerySet[Task], sight: Sight, marks: Mapping[str, BatchMark]
) -> dict[str, frozenset[str]]:
    """By batch the months in which those of its tasks that are seen were assigned."""
    known = _months.known
    new = [code for code, mark in marks.items() if known.get((code, sight), (None,))[0] != mark]
    for start in range(0, len(new), AT_ONCE):
        codes = new[start : start + AT_ONCE]
        months: dict[str, set[str]] = {code: set() for code in codes}
        pairs = seen.filter(batch_id__in=codes).distinct().values_list("batch_id", "assigned_at")
        for code, assigned in await pairs:
            months[str(code)].add(_month(assigned))
        known.update({(code, sight): (marks[code], frozenset(several)) for code, several in months.items()})
    return {code: known[code, sight][1] for code in marks}


async def _count(batch: str, tasks: Sequence[TaskKey], today: date, mark: BatchMark) -> CountedBatch:
    figures, until = [], date.max
    for start in range(0, len(tasks), AT_ONCE):
        logged = await _logged(batch, tasks[start : start + AT_ONCE])
        figures.append(rules.performance(logged, today))
        until = min(until, rules.holds_until(logged, today))
    return CountedBatch(mark, today, until, len(tasks), rules.together(figures))


async def _logged(batch: str, tasks: Sequence[TaskKey]) -> list[LoggedTask]:
    """What the log and the seats say of these tasks, as plain rows: there are eight seats and dozens of events a task."""
    chains, ids = [f"task:{number}" for _, number in tasks], [id for id, _ in tasks]
    log, seated = await store.run(
        store.query(
            f"""SELECT chain, kind, "by", data FROM event WHERE chain IN ({store.marks(chains)})
            AND kind IN ({store.marks([*KINDS])}) ORDER BY chain, seq""",  # noqa: S608
            *chains, *KINDS,
        ),
        store.query(
            f"""SELECT task_id, inspector_id, department, leader FROM assignment
            WHERE task_id IN ({store.marks(ids)}) ORDER BY id""",  # noqa: S608
            *ids,
        ),
    )  # fmt: skip
    acts: dict[str, Acts] = defaultdict(list)
    for row in log:
        acts[row["chain"]].append(logged_act(row["kind"], row["by"], json_value(row["data"])))
    seats: dict[int, dict[str, str]] = defaultdict(dict)
    leads: dict[int, str] = {}
    for task, officer, department, leader in seated:
        seats[task][officer] = department
        if leader:
            leads[task] = department
    left = {data["out"] for each in acts.values() for kind, _, data in each if kind == A.REPLACED}
    known = await Inspector.filter(certificate__in=list(left)).values_list("certificate", "department")
    departments = {str(paper): str(code) for paper, code in known}
    asks = (await asks_in({batch}))[batch]
    return [
        LoggedTask(number, leads.get(id, ""), seats[id], departments, asks, acts[f"task:{number}"])
        for id, number in tasks
    ]


def logged_act(kind: str, by: str, data: Mapping[str, Any]) -> tuple[A, str, Mapping[str, Any]]:
    """An event of one of KINDS as it is counted; of a try to tell somebody: its channel and outcome."""
    if KINDS[kind] != A.TRIED:
        return KINDS[kind], by, data
    if kind == "notice.telephoned":
        return A.TRIED, by, {"channel": "phone", "outcome": "told" if data["reached"] else "no_answer"}
    outcome = data.get("outcome") or kind.removeprefix("notice.")
    return A.TRIED, by, {"channel": data["channel"], "outcome": outcome}
