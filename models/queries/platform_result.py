"""抽查结果，来源：省级平台: a file of theirs looked at before anything is written, and what stands beside ours (Art. 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.expressions import Q

from models.queries import department_result
from models.queries.draws import entry_of, find_batch
from models.queries.plans import names as department_names
from models.queries.platform_draw import file_of
from models.refusal import Refusal
from models.rules import text
from models.rules.draw.files import normal
from models.rules.platform import Values
from models.rules.platform_result import (
    KnownTasks,
    ListedTask,
    PlatformResultRow,
    PlatformResults,
    ResultNames,
    StandingResult,
    in_order,
    names_in,
    read_results,
    table_of,
)
from models.rules.registry.table import Table
from models.rules.visit import local_day
from models.states import TaskState
from models.tables import Assignment, PlatformFile, PlatformReceipt, PlatformResult, Result, Target, Task


@dataclass(frozen=True, slots=True)
class PlatformResultFile:
    """A file of results as it would be taken. `refused`: why it cannot be read at all; `taken`: rows that stand out of it."""

    id: int
    batch: str
    name: str
    sha256: str
    at: datetime
    data: bytes
    read: PlatformResults
    taken: int = 0
    refused: Refusal | None = None

    @property
    def takeable(self) -> bool:
        """Whether it may be taken as it is."""
        return bool(self.read.new) and not self.read.bad


@dataclass(frozen=True, slots=True)
class PlatformResultLine:
    """A row of theirs beside what we hold. `ours`: by field, None while we hold no result for it. `file`: its name."""

    department: str
    name: str  # of the department
    types: tuple[str, ...]
    measures: tuple[str, ...]
    note: str
    day: date
    receipt: str
    file: str
    at: datetime
    theirs: Values
    ours: Values | None


@dataclass(frozen=True, slots=True)
class TakenPlatformFile:
    """A kept file of which `rows` stand. `id`: of what is kept."""

    id: int
    name: str
    at: datetime
    rows: int


async def taken_files(batch: str) -> tuple[TakenPlatformFile, ...]:
    """The kept files of a batch that stand, the newest first; of the same bytes brought twice the last."""
    by_hash = {
        row.sha256: row for row in await PlatformFile.filter(batch_id=batch, draw_id=None).order_by("id")
    }
    standing = PlatformResult.filter(sha256__in=list(by_hash), taken_back_at=None)
    rows = Counter([str(sha256) for sha256 in await standing.values_list("sha256", flat=True)])
    files = [TakenPlatformFile(row.id, row.name, row.at, rows[sha256]) for sha256, row in by_hash.items()]
    return tuple(sorted((file for file in files if file.rows), key=lambda file: -file.id))


async def page(id: int, names: ResultNames, at: datetime) -> PlatformResultFile:
    """What the file would do; nothing is written. One that is kept with several batches is read for all of them."""
    row = await file_of(id)
    others = PlatformFile.filter(sha256=row.sha256, draw_id=None).exclude(batch_id=row.batch_id)
    batch = "" if await others.exists() else row.batch_id
    facts = (row.id, row.batch_id, row.name, row.sha256, row.at, row.data)
    entry = await entry_of(await find_batch(row.batch_id))
    try:
        read = await looked_at(row.data, batch, entry.plan.department, names, local_day(at))
    except Refusal as no:
        return PlatformResultFile(*facts, PlatformResults(), refused=no)
    return PlatformResultFile(
        *facts, read, await PlatformResult.filter(sha256=row.sha256, taken_back_at=None).count()
    )


async def looked_at(
    data: bytes, batch: str, initiating: str, names: ResultNames, today: date
) -> PlatformResults:
    """The file's rows. `batch`: where it is of one batch alone; `initiating`: tasks of this department alone, "" of all."""
    table = table_of(data)
    return read_results(table, await known(table, batch, initiating), names, today)


async def known(table: Table, batch: str, initiating: str = "") -> KnownTasks:
    """The tasks that the file may mean, and what stands in them already."""
    numbers, codes, receipts = names_in(table)
    own = Q(credit_code__in=codes) | Q(code__in=codes) | Q(registration__in=codes)
    targets = await Target.filter(own).values_list("code", flat=True) if codes else []
    asked = Task.filter(Q(number__in=numbers) | Q(target_id__in=list(targets)))
    if initiating:
        asked = asked.filter(batch__scheme__entry__plan__department=initiating)
    rows = await asked.select_related("target").order_by("number")
    ids = [row.id for row in rows]
    seats = await Assignment.filter(task_id__in=ids, until=None).values_list("task_id", "department")
    called, held = await department_names(), PlatformResult.filter(task_id__in=ids, taken_back_at=None)
    by_task: dict[int, set[str]] = {}
    for task, department in seats:
        by_task.setdefault(task, set()).add(department)
    listed = tuple(
        _listed(row, {code: called.get(code, code) for code in by_task.get(row.id, ())}) for row in rows
    )
    stands = {
        (row.task.number, row.department): StandingResult(content_of(row), row.file)
        for row in await held.select_related("task")
    }
    return KnownTasks(listed, await _receipts(receipts), stands, batch)


def _listed(row: Task, departments: Mapping[str, str]) -> ListedTask:
    target = row.target
    codes = (target.code, target.credit_code, target.registration)
    return ListedTask(
        row.number, str(row.batch_id), frozenset(normal(code) for code in codes if code), text.name(target.name),
        row.state == TaskState.ARCHIVED, local_day(row.ended_at) if row.ended_at else None, departments,
    )  # fmt: skip


async def _receipts(numbers: Collection[str]) -> dict[str, str]:
    """Of these receipts the task that has each already, entered by us or taken from there."""
    ours = PlatformReceipt.filter(number__in=numbers, replaced_at=None).values_list("number", "task__number")
    theirs = PlatformResult.filter(receipt__in=numbers, taken_back_at=None).values_list(
        "receipt", "task__number"
    )
    return {str(number): str(task) for number, task in [*await theirs, *await ours]}


def content_of(row: PlatformResult) -> tuple[object, ...]:
    """As `PlatformResultRow.content` says it."""
    return tuple(row.types), tuple(row.measures), row.note, row.day, row.receipt


async def tasks_of(sha256: str) -> tuple[str, ...]:
    """The tasks in which rows of this file stand, by number."""
    numbers = await PlatformResult.filter(sha256=sha256, taken_back_at=None).values_list(
        "task__number", flat=True
    )
    return tuple(sorted({str(number) for number in numbers}))


async def beside(number: str) -> tuple[PlatformResultLine, ...]:
    """What stands on the provincial platform for this task, each row beside what we hold."""
    rows = await PlatformResult.filter(task__number=number, taken_back_at=None).order_by("department", "id")
    if not rows:
        return ()
    held, called = (await _held([number]))[number], await department_names()
    return tuple(_line(number, row, held, called) for row in rows)


async def compared(
    rows: Collection[PlatformResultRow],
) -> dict[tuple[str, str], tuple[Values, Values | None]]:
    """Of each of these rows what they say and what we hold, by task and department; None where we hold no result."""
    called, held = await department_names(), await _held({row.task for row in rows})
    return {row.key: (_values(row.task, row, called), held[row.task].get(row.department)) for row in rows}


def _line(
    number: str, row: PlatformResult, held: Mapping[str, Values], called: Mapping[str, str]
) -> PlatformResultLine:
    return PlatformResultLine(
        row.department, called.get(row.department, row.department), tuple(row.types), tuple(row.measures), row.note,
        row.day, row.receipt, row.file, row.at, _values(number, row, called), held.get(row.department),
    )  # fmt: skip


def _values(number: str, row: PlatformResult | PlatformResultRow, called: Mapping[str, str]) -> Values:
    return {
        "number": (number,), "department": (called.get(row.department, row.department),) if row.department else (),
        "types": tuple(row.types), "measures": tuple(row.measures), "note": (row.note,) if row.note else (),
        "receipt": (row.receipt,), "receipt_day": (row.day.isoformat(),),
    }  # fmt: skip


async def _held(numbers: Collection[str]) -> dict[str, dict[str, Values]]:
    """By task what our own officers entered: by department, and under "" the whole; nothing where nothing stands."""
    tasks = await Task.filter(number__in=list(numbers))
    ids = [task.id for task in tasks]
    newest = {row.task_id: row for row in await Result.filter(task_id__in=ids).order_by("version")}
    results = {task: row for task, row in newest.items() if not row.returned}
    parts = await department_result.parts_of([row.id for row in results.values()])
    entries, called = await department_result.newest(ids), await department_names()
    receipts = {row.task_id: row for row in await PlatformReceipt.filter(task_id__in=ids, replaced_at=None)}
    held: dict[str, dict[str, Values]] = {}
    for task in tasks:
        result, receipt = results.get(task.id), receipts.get(task.id)
        whole = parts[result.id] if result else ()
        entered = {
            part.department: _said(part.types, part.measures, part.note) for part in whole if part.entered
        }
        if result:
            measures = {measure for part in whole for measure in part.measures}
            entered[""] = _said(result.types, measures, text.visible(result.note))
        else:
            entered = {
                code: _said(entry.types, entry.measures, text.visible(entry.note))
                for code, entry in entries[task.id].items()
                if not entry.returned
            }
        common: dict[str, tuple[str, ...]] = {
            "number": (task.number,), "receipt": (receipt.number,) if receipt else (),
            "receipt_day": (receipt.day.isoformat(),) if receipt else (),
        }  # fmt: skip
        held[task.number] = {
            code: common | {"department": (called.get(code, code),) if code else ()} | values
            for code, values in entered.items()
        }
    return held


def _said(types: Collection[str], measures: Collection[Any], note: str) -> dict[str, tuple[str, ...]]:
    return {"types": tuple(sorted(types)), "measures": in_order(measures), "note": (note,) if note else ()}
