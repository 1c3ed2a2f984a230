"""Which terms of which tasks have passed: the rows gathered for `rules.overdue` (Art. 11, 15, 16, 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from models.queries import signing
from models.rules import overdue as rules
from models.rules.overdue import Facts, Passed, Terms
from models.rules.workdays import Calendar
from models.states import HINDERED, NOT_ARCHIVED, TO_VISIT, TOLD_OR_WITHHELD
from models.states import TaskState as T
from models.tables import (
    Absence,
    Assignment,
    Batch,
    Correction,
    NonCooperation,
    Notice,
    Objection,
    PlatformReceipt,
    Postponement,
    Publication,
    RecusalRequest,
    Revision,
    Sample,
    Substitution,
    Task,
)


async def passed(
    seen: QuerySet[Task], at: datetime, calendar: Calendar, terms: Terms = rules.DEFAULT
) -> dict[int, tuple[Passed, ...]]:
    """By task the terms that have passed; tasks that are in time are not in it."""
    tasks = await seen.filter(state__in=NOT_ARCHIVED)
    facts = await _facts(tasks)
    found = {task.id: rules.passed(facts[task.id], calendar, at, terms) for task in tasks}
    return {id: terms for id, terms in found.items() if terms}


async def _facts(tasks: Sequence[Task]) -> dict[int, Facts]:
    ids = [task.id for task in tasks]
    closes = {
        batch.code: batch.closes for batch in await Batch.filter(code__in={task.batch_id for task in tasks})
    }
    unaccepted, reached = await _unaccepted(tasks), await _reached(ids)
    receipts = {
        row.task_id: row.day for row in await PlatformReceipt.filter(task_id__in=ids, replaced_at=None)
    }
    vain, waiting = await _in_vain(tasks), await _waiting(tasks)
    unsigned, over = await signing.unsigned(tasks), await _over(tasks, receipts)
    return {
        task.id: Facts(
            T(task.state), closes[str(task.batch_id)], tuple(unaccepted[task.id]), task.visit_from,
            task.visit_until, task.proposed_from, task.id in reached, task.started_at, task.ended_at,
            task.entry_due, task.entered_at, receipts.get(task.id), task.published_at is not None,
            vain.get(task.id), tuple(waiting[task.id]), unsigned.get(task.id),
            None if waiting[task.id] else over.get(task.id),
        )
        for task in tasks
    }  # fmt: skip


async def _unaccepted(tasks: Sequence[Task]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    ids = [task.id for task in tasks if task.state in TO_VISIT]
    for seat in await Assignment.filter(task_id__in=ids, until=None, accepted_at=None):
        found[seat.task_id].append(seat.since)
    return found


async def _reached(ids: Iterable[int]) -> set[int]:
    rows = await Notice.filter(task_id__in=list(ids), state__in=TOLD_OR_WITHHELD).values_list(
        "task_id", flat=True
    )
    return {int(str(id)) for id in rows}


async def _in_vain(tasks: Sequence[Task]) -> dict[int, datetime]:
    """Since when a visit that could not be held waits for its end."""
    ids = [task.id for task in tasks if task.state in HINDERED]
    if not ids:
        return {}
    found = {row.task_id: row.confirmed_at for row in
             await Absence.filter(task_id__in=ids, confirmed_at__not_isnull=True).order_by("id")}  # fmt: skip
    rows = NonCooperation.filter(task_id__in=ids, decided_at__not_isnull=True).order_by("id")
    found |= {row.task_id: row.decided_at for row in await rows}
    return {id: at for id, at in found.items() if at is not None}


async def _over(tasks: Sequence[Task], receipts: Collection[int]) -> dict[int, datetime]:
    """Since when a published task with its receipt has nothing open: the last thing that was done in it."""
    ids = [task.id for task in tasks if task.state == T.PUBLISHED and task.id in receipts]
    if not ids:
        return {}
    revising = {row.task_id for row in await Revision.filter(task_id__in=ids, outcome="")}
    done: dict[int, list[datetime]] = {id: [] for id in ids if id not in revising}
    asked: list[tuple[Any, str]] = [
        (Publication, "at"), (PlatformReceipt, "at"), (Objection, "decided_at"), (Correction, "decided_at"),
        (Revision, "decided_at"), (Sample, "reported_at"),
    ]  # fmt: skip
    for table, when in asked:
        for id, at in await table.filter(task_id__in=list(done)).values_list("task_id", when):
            done[id] += [at] if at else []
    return {id: max(moments) for id, moments in done.items() if moments}


async def _waiting(tasks: Sequence[Task]) -> dict[int, list[tuple[str, datetime]]]:
    """What somebody is asked to decide and has not."""
    ids = [task.id for task in tasks]
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    asked: list[tuple[str, Any, str]] = [
        ("sample", Sample.filter(task_id__in=ids, outcome=""), "at"),
        ("recusal", RecusalRequest.filter(task_id__in=ids, granted=None), "at"),
        ("correction", Correction.filter(task_id__in=ids, accepted=None), "at"),
        (
            "refusal",
            NonCooperation.filter(task_id__in=ids, agreed=None, confirmed_at__not_isnull=True),
            "confirmed_at",
        ),
        ("objection", Objection.filter(task_id__in=ids, upheld=None), "at"),
    ]
    for kind, rows, since in asked:
        for id, at in await rows.values_list("task_id", since):
            found[id].append((kind, at))
    wishes = Postponement.filter(notice__task_id__in=ids, granted=None)
    for id, at in await wishes.values_list("notice__task_id", "asked_at"):
        found[id].append(("wish", at))
    _substitutions(found, tasks, await Substitution.filter(consented=None))
    return found


def _substitutions(
    found: dict[int, list[tuple[str, datetime]]], tasks: Sequence[Task], rows: Sequence[Substitution]
) -> None:
    by_team: Mapping[int, list[Substitution]] = defaultdict(list)
    for row in rows:
        by_team[row.team_id].append(row)
    for task in tasks:
        mine = (
            row for row in by_team.get(task.team_id, ()) if not row.targets or task.pool_id in row.targets
        )
        if task.state in TO_VISIT:
            found[task.id] += [("substitution", row.asked_at) for row in mine]
