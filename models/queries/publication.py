"""公示与更正: what is public of a task, what is being corrected, what publication waits for (Art. 8, 16 (3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from models.queries import department_result, onsite
from models.queries import record as records
from models.rules import text
from models.rules.entry import OTHER, PROBLEMS
from models.rules.publication import ResultStanding
from models.rules.visit import local_day
from models.states import PUBLIC
from models.states import TaskState as T
from models.tables import (
    Assignment,
    Inspector,
    Notification,
    PlatformReceipt,
    Publication,
    Result,
    Revision,
    Statement,
    Task,
)


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A row of what was public from `at` on; `types` are empty when it was withdrawn."""

    id: int
    kind: str
    types: tuple[str, ...]
    reason: str
    at: datetime
    version: int | None
    unsigned: str
    untold: str
    result: int | None = None  # its row


@dataclass(frozen=True, slots=True)
class Revising:
    """A correction under way. `proposed`: the types that the leader enters, empty while nothing is proposed."""

    id: int
    task: str
    target: str
    department: str  # whose head decides
    reason: str
    at: datetime
    objected: bool  # an objection was upheld: something must come of it
    proposed: tuple[str, ...]
    note: str
    aside: tuple[int, ...]
    by: str
    outcome: str
    said: str


@dataclass(frozen=True, slots=True)
class PlatformReceiptFacts:
    number: str
    day: date
    at: datetime
    replaced: bool


async def published(ids: Collection[int]) -> dict[int, tuple[PublishedVersion, ...]]:
    """By task everything that was ever public of it, the oldest first."""
    versions: dict[int, list[PublishedVersion]] = defaultdict(list)
    for row in await Publication.filter(task_id__in=list(ids)).order_by("id").select_related("result"):
        types = tuple(row.result.types) if row.result else ()
        versions[row.task_id].append(
            PublishedVersion(row.id, row.kind, types, text.visible(row.reason), row.at,
                      row.result.version if row.result else None, text.visible(row.unsigned), text.visible(row.untold),
                      row.result_id)
        )  # fmt: skip
    for task, only in (await _before_rows_were_kept(set(ids) - set(versions))).items():
        versions[task].append(only)
    return {task: tuple(rows) for task, rows in versions.items()}


async def _before_rows_were_kept(ids: set[int]) -> dict[int, PublishedVersion]:
    """Results published by an earlier version of the program: the last one entered is what was public."""
    rows = (
        await Result.filter(task_id__in=list(ids), task__state__in=PUBLIC)
        .order_by("version")
        .select_related("task")
    )
    return {
        row.task_id: PublishedVersion(
            0, "published", tuple(row.types), "", row.task.published_at, row.version, "", "", row.id
        )
        for row in rows
    }


async def current(task: Task) -> Publication | None:
    """The row that counts."""
    return await Publication.filter(task=task).order_by("-id").first()


async def withdrawn(task: Task) -> bool:
    """Whether the result was taken back and no right one has come since."""
    row = await current(task)
    return row is not None and row.kind == "withdrawn"


async def public_since(task: Task) -> datetime:
    """Since when what is public now is public: its term runs from there."""
    row = await current(task)
    since = row.at if row else task.published_at
    assert since
    return since


async def standing(task: Task) -> ResultStanding:
    """Where the reviewed result of this task stands with the entity."""
    result = await Result.filter(task=task).order_by("-version").first()
    told = await Notification.get_or_none(task=task, kind="result", subject=result.id) if result else None
    owed = told.at if told else (task.reviewed_at or task.entered_at or task.ended_at)
    assert owed
    last = await Statement.filter(task=task, kind__in=["reply", "agreed"]).order_by("-id").first()
    agreed = last is not None and last.kind == "agreed" and last.at >= owed
    nobody_there = task.started_at is None or bool(await onsite.established(task.id))
    signed = nobody_there or (await records.papers(task.id)).heard
    return ResultStanding(
        local_day(owed), local_day(told.told_at) if told and told.told_at else None, agreed, signed
    )


async def standing_of(number: str) -> ResultStanding:
    """The same by the task's number, for those who publish."""
    return await standing(await Task.get(number=number))


async def published_of(number: str) -> tuple[PublishedVersion, ...]:
    """Everything that was ever public of a task, the oldest first."""
    task = await Task.get(number=number)
    return (await published([task.id])).get(task.id, ())


async def next_to_review(department: str, after: str) -> str:
    """The next task whose result this head has to review, by the day until which it had to be entered."""
    waiting = Task.filter(state=T.ENTERED, batch__scheme__entry__plan__department=department).exclude(
        number=after
    )
    row = await waiting.order_by("entry_due", "number").first()
    return row.number if row else ""


async def receipts(number: str) -> tuple[PlatformReceiptFacts, ...]:
    """Every receipt that was entered, the newest first."""
    rows = await PlatformReceipt.filter(task__number=number).order_by("-id")
    return tuple(
        PlatformReceiptFacts(row.number, row.day, row.at, row.replaced_at is not None) for row in rows
    )


@dataclass(frozen=True, slots=True)
class Correcting:
    """What a department's correction begins with. `reason`: why one is asked for; `returned`: why the last proposal came
    back."""

    reason: str
    returned: str
    types: tuple[str, ...]
    measures: tuple[str, ...]


async def correcting(task_id: int, department: str) -> Correcting:
    """What stands of this department in what is public, or in what is proposed already; of a result that was entered as
    one, of all."""
    task = await Task.get(id=task_id)
    row = await under_way(task)
    stands = await to_correct(task, row)
    lines = await department_result.standings_in(stands)
    own = next((line.entry for line in lines if line.department == department), None)
    reason, returned = (text.visible(row.reason), text.visible(row.said)) if row else ("", "")
    if lines:
        return Correcting(reason, returned, own.types if own else (), tuple(own.measures) if own else ())
    return Correcting(reason, returned, tuple(stands.types) if stands else (), ())


async def to_correct(task: Task, row: Revision | None) -> Result | None:
    """What a correction begins with: what was proposed already, else what is public, else what was public last."""
    public = await current(task)
    known = (row.result_id if row else None) or (public.result_id if public else None)
    if known:
        return await Result.get(id=known)
    return await Result.filter(task=task, returned="").order_by("-version").first()


async def asked_to_correct(task: Task, row: Revision) -> tuple[str, ...]:
    """The departments that named a problem: with the leader they are asked for what is right."""
    lines = await department_result.standings_in(await to_correct(task, row))
    return tuple(
        line.department for line in lines if line.entry and set(line.entry.types) & (PROBLEMS | {OTHER})
    )


async def asked_of(tasks: Collection[int], officer: str) -> frozenset[int]:
    """Those of these tasks in which this officer's department is asked for what is right."""
    rows = _revisions(task_id__in=list(tasks), outcome="", result_id=None).order_by("id")
    seats = Assignment.filter(task_id__in=list(tasks), inspector_id=officer, until=None)
    department = {seat.task_id: seat.department for seat in await seats}
    return frozenset(
        [
            row.task_id
            for row in await rows
            if department.get(row.task_id) in await asked_to_correct(row.task, row)
        ]
    )


async def under_way(task: Task) -> Revision | None:
    """The correction that nobody has decided yet, with its task and what is proposed."""
    row: Revision | None = await _revisions(task=task, outcome="").order_by("-id").first()
    return row


async def revision(revision_id: int) -> Revising | None:
    row = await _revisions(id=revision_id).first()
    return await revising(row) if row else None


async def revised(revision_id: int) -> Revising:
    """A correction that is known to be there."""
    return await revising(await _revisions(id=revision_id).get())


async def revisions(number: str) -> tuple[Revising, ...]:
    """Every correction of a task, the newest first."""
    return tuple([await revising(row) for row in await _revisions(task__number=number).order_by("-id")])


async def to_decide(department: str) -> tuple[Revising, ...]:
    """Proposals that the head of this department still has to decide."""
    rows = _revisions(
        outcome="", result_id__not_isnull=True, task__batch__scheme__entry__plan__department=department
    )
    return tuple([await revising(row) for row in await rows.order_by("id")])


def _revisions(**which: object):  # type: ignore[no-untyped-def]
    return Revision.filter(**which).select_related(
        "task__target", "task__batch__scheme__entry__plan", "result"
    )


async def revising(row: Revision) -> Revising:
    """A row of `under_way` as the head reads it."""
    task, result = row.task, row.result
    officer = await Inspector.get_or_none(code=result.by) if result else None
    return Revising(
        row.id, task.number, text.name(task.target.name), task.batch.scheme.entry.plan.department,
        text.visible(row.reason), row.at, row.objection_id is not None, tuple(result.types) if result else (),
        text.visible(result.note) if result else "", tuple(row.aside), text.name(officer.name) if officer else "",
        row.outcome, text.visible(row.said),
    )  # fmt: skip
