"""各部门结果 as they stand: who has entered, who still owes, and what a result was put together from (Art. 16 (3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.queries.sheet import sheets_of
from models.rules import department_result as rules
from models.rules import text
from models.rules.department_result import DepartmentEntry, DepartmentStanding
from models.rules.visit import local_day
from models.states import TaskState
from models.tables import Assignment, Department, DepartmentResult, Inspector, Result, ResultPart, Task


@dataclass(frozen=True, slots=True)
class DepartmentPart:
    """A department's part of a result as a screen shows it. `silent`: 视为未完成; neither it nor entered: awaited."""

    department: str
    name: str
    types: tuple[str, ...]
    measures: tuple[str, ...]
    note: str
    officer: str  # name
    at: datetime | None
    late: bool
    returned: str
    silent: bool
    version: int = 0

    @property
    def entered(self) -> bool:
        return self.at is not None and not self.returned


@dataclass(frozen=True, slots=True)
class DepartmentEntered:
    """What came of an entry. `result`: the version of the whole; 0 while it is not made. `waiting`: departments by name
    that have not entered; where none is left, the leader confirms."""

    department: str
    version: int
    late: bool
    result: int
    waiting: tuple[str, ...]


async def standings(task: Task, today: date) -> tuple[DepartmentStanding, ...]:
    """Every department that owes a row of this task, and where it stands."""
    return (await standings_of([task], today))[task.id]


async def standings_of(tasks: Sequence[Task], today: date) -> dict[int, tuple[DepartmentStanding, ...]]:
    """The same of many tasks, asked of the database together."""
    if not tasks:
        return {}
    ids = [task.id for task in tasks]
    sheets, entries = await sheets_of(tasks), await newest(ids)
    led = await Assignment.filter(task_id__in=ids, leader=True, until=None).values_list(
        "task_id", "department"
    )
    leading = {int(str(id)): str(department) for id, department in led}
    return {
        task.id: rules.standings(
            rules.inspected(sheets[task.id], leading.get(task.id, "")),
            entries[task.id],
            task.entry_due,
            today,
        )
        for task in tasks
    }


async def newest(ids: Collection[int]) -> Mapping[int, dict[str, DepartmentEntry]]:
    """By task and department the version entered last."""
    entries: dict[int, dict[str, DepartmentEntry]] = defaultdict(dict)
    for row in await DepartmentResult.filter(task_id__in=list(ids)).order_by("version"):
        entries[row.task_id][row.department] = entry_of(row)
    return entries


def entry_of(row: DepartmentResult) -> DepartmentEntry:
    """The row as the rules read it."""
    return DepartmentEntry(
        row.id,
        row.version,
        tuple(row.types),
        tuple(row.measures),
        row.note,
        row.by,
        row.at,
        row.late,
        row.returned,
    )


async def lines(task: Task, today: date) -> tuple[DepartmentPart, ...]:
    """The departments of a task whose result is being written down; what was sent back is shown with its reason."""
    standing, last = await standings(task, today), (await newest([task.id]))[task.id]
    rows = [(line.department, last.get(line.department), line.silent) for line in standing]
    return await _shown(rows)


async def parts(result: Result) -> tuple[DepartmentPart, ...]:
    """What a result was put together from; nothing where it was entered as one, before departments entered apart."""
    return (await parts_of([result.id]))[result.id]


async def of_number(number: str, at: datetime) -> tuple[DepartmentPart, ...]:
    """How far the departments of a task are, until the leader has confirmed; nothing before the visit is over."""
    task = await Task.get(number=number)
    return await lines(task, local_day(at)) if task.state == TaskState.CONCLUDED else ()


async def parts_of(ids: Collection[int]) -> dict[int, tuple[DepartmentPart, ...]]:
    """By result what it was put together from."""
    rows = await ResultPart.filter(result_id__in=list(ids)).order_by("id").select_related("entry")
    shown = await _shown(
        [(row.department, entry_of(row.entry) if row.entry else None, row.entry is None) for row in rows]
    )
    of_results: dict[int, tuple[DepartmentPart, ...]] = dict.fromkeys(ids, ())
    for row, part in zip(rows, shown, strict=True):
        of_results[row.result_id] += (part,)
    return of_results


async def standings_in(result: Result | None) -> tuple[DepartmentStanding, ...]:
    """The departments as a result names them; nothing where it was entered as one."""
    return (await standings_by([result.id])).get(result.id, ()) if result else ()


async def standings_by(results: Collection[int]) -> dict[int, tuple[DepartmentStanding, ...]]:
    """The same of many results, by their rows."""
    standing: dict[int, tuple[DepartmentStanding, ...]] = defaultdict(tuple)
    for row in await ResultPart.filter(result_id__in=list(results)).order_by("id").select_related("entry"):
        entry = entry_of(row.entry) if row.entry else None
        standing[row.result_id] += (DepartmentStanding(row.department, entry, entry is None),)
    return dict(standing)


async def shown(task: Task, result: Result | None, today: date) -> tuple[DepartmentPart, ...]:
    """Of a result that stands its parts, else how far the departments are."""
    return await parts(result) if result and not result.returned else await lines(task, today)


async def _shown(rows: Sequence[tuple[str, DepartmentEntry | None, bool]]) -> tuple[DepartmentPart, ...]:
    codes = [entry.by for _, entry, _ in rows if entry]
    officers = (
        {row.code: text.name(row.name) for row in await Inspector.filter(code__in=codes)} if codes else {}
    )
    called = await names([department for department, _, _ in rows])
    return tuple(_line(row, called, officers) for row in rows)


def _line(
    row: tuple[str, DepartmentEntry | None, bool], called: Mapping[str, str], officers: Mapping[str, str]
) -> DepartmentPart:
    department, entry, silent = row
    name = called.get(department, department)
    if entry is None:
        return DepartmentPart(department, name, (), (), "", "", None, False, "", silent)
    return DepartmentPart(
        department, name, entry.types, entry.measures, text.visible(entry.note), officers.get(entry.by, entry.by),
        entry.at, entry.late, text.visible(entry.returned), silent, entry.version,
    )  # fmt: skip


async def names(departments: Collection[str]) -> dict[str, str]:
    """What the departments are called."""
    rows = await Department.filter(code__in=list(departments)) if departments else []
    return {row.code: row.name for row in rows}


async def missing(result: Result) -> tuple[str, ...]:
    """Departments that count as 视为未完成 in this result."""
    rows = ResultPart.filter(result=result, entry_id=None).order_by("id")
    return tuple(str(code) for code in await rows.values_list("department", flat=True))
