"""A result as the head who reviews it reads it first: what failed, what is missing, who signed (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.queries import department_result
from models.queries import record as records
from models.queries.department_result import DepartmentPart
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, text
from models.states import TaskState
from models.tables import Publication, Result, Revision, Task


@dataclass(frozen=True, slots=True)
class ReviewedDepartment:
    """A department's part of the result beside what it found: numbers of questions, how many photos."""

    part: DepartmentPart
    failed: tuple[int, ...]
    gaps: tuple[int, ...]
    photos: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`department` reviews and publishes; `failed`, `gaps`: numbers of questions; `signed`: so many of all.

    `needless`: the correction under way that its head may end; 0 where there is none.
    """

    id: int
    number: str
    target: str
    state: TaskState
    department: str
    types: tuple[str, ...]
    note: str
    late: bool
    failed: tuple[int, ...]
    gaps: tuple[int, ...]
    signed: tuple[int, int]
    needless: int = 0
    correcting: bool = False  # a correction waits, whoever asked for it
    withdrawn: bool = False  # nothing is public any more
    receipt: str = ""  # the platform's, if it is there
    departments: tuple[
        ReviewedDepartment, ...
    ] = ()  # with failed points first, then with gaps, then the others


@dataclass(frozen=True, slots=True)
class Awaited:
    """A result that waits for its review."""

    id: int
    target: str


async def awaited(departments: list[str], limit: int = 6) -> tuple[Awaited, ...]:
    """The results that these departments have still to review, the oldest first."""
    waiting = Task.filter(
        state=TaskState.ENTERED, batch__scheme__entry__plan__department__in=departments
    ).order_by("entered_at", "id")
    rows = await waiting.limit(limit).select_related("target") if departments else []
    return tuple(Awaited(row.id, text.name(row.target.name)) for row in rows)


async def reviewed(task: int | str) -> Reviewed:
    """The result entered last (by the task's id or number); the task is unknown while there is none."""
    which = {"number": task} if isinstance(task, str) else {"id": task}
    row = await Task.get_or_none(**which).select_related("target", "batch__scheme__entry__plan")
    result = await Result.filter(task_id=row.id).order_by("-version").first() if row else None
    if row is None or result is None:
        raise Refusal("task.unknown", article="16(3)", task=str(task))
    open_ = await Revision.filter(task=row, outcome="").order_by("-id").first()
    public = await Publication.filter(task=row).order_by("-id").first()
    sheet, papers = await sheet_of(row), await records.papers(row.id)
    by_department = {code: _gaps(sheet, code) for code in checklist.departments(sheet.asks)}
    gaps = [number for numbers in by_department.values() for number in numbers]
    parts = await department_result.parts(result)
    return Reviewed(
        row.id, row.number, text.name(row.target.name), row.state, row.batch.scheme.entry.plan.department,
        tuple(result.types), text.visible(result.note), result.late, tuple(checklist.failures(sheet)), tuple(gaps),
        papers.count if papers.versions else (0, 0), open_.id if open_ and not open_.objection_id else 0, open_ is not None,
        public is not None and public.kind == "withdrawn", row.platform_receipt,
        _sorted(ReviewedDepartment(
            part, tuple(checklist.failures(sheet, part.department)), by_department.get(part.department, ()),
            sum(given.photos for number, given in sheet.given.items() if sheet.ask(number).department == part.department),
        ) for part in parts),
    )  # fmt: skip


def _gaps(sheet: checklist.ChecklistSheet, department: str) -> tuple[int, ...]:
    return tuple(ask.number for ask, _ in checklist.open_gaps(sheet, department))


def _sorted(rows: Iterable[ReviewedDepartment]) -> tuple[ReviewedDepartment, ...]:
    """What has to be looked at first stands first: failed points, a part that is missing or late, gaps."""
    return tuple(
        sorted(rows, key=lambda row: (not row.failed, not row.part.silent, not row.part.late, not row.gaps))
    )
