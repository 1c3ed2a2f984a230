"""Which terms of which tasks have passed: the rows gathered for `rules.overdue` (Art. 11, 15, 16, 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tortoise.queryset import QuerySet

from models.queries import department_result, orders_due, signing, terms_due
from models.rules import overdue as rules
from models.rules.follow_up import SENT
from models.rules.overdue import Facts, Passed, Terms
from models.rules.workdays import Calendar
from models.states import HINDERED, NOT_ARCHIVED, TO_VISIT, TOLD_OR_WITHHELD, BatchState
from models.states import TaskState as T
from models.tables import (
    Absence,
    Assignment,
    Batch,
    Correction,
    Event,
    FollowUp,
    NonCooperation,
    Notice,
    Objection,
    PlatformReceipt,
    Postponement,
    Publication,
    RectificationStep,
    RecusalRequest,
    Revision,
    Sample,
    Substitution,
    Task,
)

TOGETHER = 500


async def passed(
    seen: QuerySet[Task], at: datetime, calendar: Calendar, terms: Terms = rules.DEFAULT
) -> dict[int, tuple[Passed, ...]]:
    """By task the terms that have passed; tasks that are in time are not in it."""
    ids = sorted(await terms_due.ids_of_the_day(at, calendar, terms))
    tasks = [
        task
        for start in range(0, len(ids), TOGETHER)
        for task in await seen.filter(id__in=ids[start : start + TOGETHER], state__in=NOT_ARCHIVED)
    ]
    return await passed_of(tasks, at, calendar, terms)


async def passed_of(
    tasks: Sequence[Task], at: datetime, calendar: Calendar, terms: Terms = rules.DEFAULT
) -> dict[int, tuple[Passed, ...]]:
    """The same of these tasks."""
    tasks = [task for task in tasks if task.state in NOT_ARCHIVED]
    if not tasks:
        return {}
    facts = await facts_of_each(tasks)
    result = {task.id: rules.passed(facts[task.id], calendar, at, terms) for task in tasks}
    return {id: terms for id, terms in result.items() if terms}


async def facts_of(task: Task) -> Facts:
    """What the terms of one task hang on."""
    return (await facts_of_each([task]))[task.id]


async def facts_of_each(tasks: Sequence[Task], *, with_orders: bool = True) -> dict[int, Facts]:
    """By task what its rows say of its terms, in a bounded number of statements.

    `with_orders`: False for those who weigh each order to rectify by itself.
    """
    ids = [task.id for task in tasks]
    batches = {batch.code: batch for batch in await Batch.filter(code__in={task.batch_id for task in tasks})}
    unaccepted, reached = await _unaccepted(tasks), await _reached(ids)
    receipts = {
        row.task_id: row.day for row in await PlatformReceipt.filter(task_id__in=ids, replaced_at=None)
    }
    vain, waiting = await _in_vain(tasks), await _waiting(tasks)
    entries = await _entries(tasks)
    unanswered = await _unanswered(tasks)
    unsigned, over = await signing.unsigned(tasks), await _over(tasks, receipts)
    orders = await orders_due.of_tasks(ids) if with_orders else {}
    return {
        task.id: Facts(
            T(task.state), batches[str(task.batch_id)].closes, tuple(unaccepted[task.id]), task.visit_from,
            task.visit_until, task.proposed_from, task.id in reached, task.started_at, task.ended_at,
            task.entry_due, task.entered_at, receipts.get(task.id), task.published_at is not None,
            vain.get(task.id), tuple(waiting[task.id]), unsigned.get(task.id),
            *entries.get(task.id, (True, None)), None if waiting[task.id] else over.get(task.id), unanswered.get(task.id),
            tuple((term.kind, term.day) for term in orders.get(task.id, ())),
            batches[str(task.batch_id)].state == BatchState.CLOSED,
        )
        for task in tasks
    }  # fmt: skip


async def _unaccepted(tasks: Sequence[Task]) -> dict[int, list[datetime]]:
    result: dict[int, list[datetime]] = defaultdict(list)
    ids = [task.id for task in tasks if task.state in TO_VISIT]
    for seat in await Assignment.filter(task_id__in=ids, until=None, accepted_at=None):
        result[seat.task_id].append(seat.since)
    return result


async def _unanswered(tasks: Sequence[Task]) -> dict[int, datetime]:
    """Since when each task's members are asked about a time, where one of them has not answered."""
    asked = {task.id: task for task in tasks if is_asked(task)}
    silent = {
        seat.task_id
        for seat in (await Assignment.filter(task_id__in=list(asked), until=None) if asked else ())
        if asked[seat.task_id].proposed_from not in (seat.agreed_from, seat.declined_from)
    }
    return {id: task.proposed_at for id, task in asked.items() if id in silent and task.proposed_at}


def is_asked(task: Task) -> bool:
    """True while a time stands proposed that is not the fixed one."""
    open_ = task.proposed_from != task.visit_from or task.state != T.SCHEDULED
    return task.state in TO_VISIT and task.proposed_from is not None and open_


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
    result = {row.task_id: row.confirmed_at for row in
             await Absence.filter(task_id__in=ids, confirmed_at__not_isnull=True).order_by("id")}  # fmt: skip
    rows = NonCooperation.filter(task_id__in=ids, decided_at__not_isnull=True).order_by("id")
    result |= {row.task_id: row.decided_at for row in await rows}
    return {id: at for id, at in result.items() if at is not None}


async def _entries(tasks: Sequence[Task]) -> dict[int, tuple[bool, datetime | None]]:
    """Of visits that are over: whether a department still owes its result, and when the last one entered."""
    rows = await department_result.standings_of(
        [task for task in tasks if task.state == T.CONCLUDED], date.min
    )
    return {
        id: (
            any(line.entry is None for line in lines),
            max((line.entry.at for line in lines if line.entry), default=None),
        )
        for id, lines in rows.items()
    }


async def _over(tasks: Sequence[Task], receipts: Collection[int]) -> dict[int, datetime]:
    """Since when a published task with its receipt has nothing open: the last thing that was done in it."""
    ids = [task.id for task in tasks if task.state == T.PUBLISHED and task.id in receipts]
    if not ids:
        return {}
    open_ = {row.task_id for row in await Revision.filter(task_id__in=ids, outcome="")}
    open_ |= set(await orders_due.of_tasks(ids))
    open_ |= {row.task_id for row in await FollowUp.filter(task_id__in=ids, ended_at=None)}
    done: dict[int, list[datetime]] = {id: [] for id in ids if id not in open_}
    asked: list[tuple[Any, str]] = [
        (Publication, "at"), (PlatformReceipt, "at"), (Objection, "decided_at"), (Correction, "decided_at"),
        (Revision, "decided_at"), (Sample, "reported_at"), (RectificationStep, "at"),
        (FollowUp, "ended_at"),
    ]  # fmt: skip
    for table, when in asked:
        for id, at in await table.filter(task_id__in=list(done)).values_list("task_id", when):
            done[id] += [at] if at else []
    return {id: max(moments) for id, moments in done.items() if moments}


async def _waiting(tasks: Sequence[Task]) -> dict[int, list[tuple[str, datetime]]]:
    """What somebody is asked to decide and has not."""
    ids = [task.id for task in tasks]
    waiting: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
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
        ("referral", FollowUp.filter(task_id__in=ids, kind__in=SENT, ended_at=None), "at"),
    ]
    for kind, rows, since in asked:
        for id, at in await rows.values_list("task_id", since):
            waiting[id].append((kind, at))
    wishes = Postponement.filter(notice__task_id__in=ids, granted=None)
    for id, at in await wishes.values_list("notice__task_id", "asked_at"):
        waiting[id].append(("wish", at))
    for id, kind, begun in await _revisions(tasks):
        waiting[id].append((kind, begun))
    _substitutions(waiting, tasks, await Substitution.filter(consented=None))
    return waiting


async def _revisions(tasks: Sequence[Task]) -> list[tuple[int, str, datetime]]:
    """By task whose turn a correction of its public result is, and since when: of those who enter what is right, from
    the asking or from the day it came back; of the head, from the proposal on."""
    number = {task.id: task.number for task in tasks if task.state == T.PUBLISHED}
    rows = await Revision.filter(task_id__in=list(number), outcome="").select_related("result")
    chains = [f"task:{number[row.task_id]}" for row in rows if row.said]
    returns = Event.filter(chain__in=chains, kind="revision.returned").order_by("id") if chains else None
    back = {row.data["revision"]: row.at for row in await returns} if returns else {}
    return [
        (row.task_id, "revised", row.result.at) if row.result
        else (row.task_id, "revision", back.get(row.id, row.at)) for row in rows
    ]  # fmt: skip


def _substitutions(
    result: dict[int, list[tuple[str, datetime]]], tasks: Sequence[Task], rows: Sequence[Substitution]
) -> None:
    by_team: Mapping[int, list[Substitution]] = defaultdict(list)
    for row in rows:
        by_team[row.team_id].append(row)
    for task in tasks:
        mine = (
            row for row in by_team.get(task.team_id, ()) if not row.targets or task.pool_id in row.targets
        )
        if task.state in TO_VISIT:
            result[task.id] += [("substitution", row.asked_at) for row in mine]
