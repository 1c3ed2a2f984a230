"""后续处理 of a task: what is open, what came of it; of 移送司法 only that it is there (Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.queries import publication
from models.queries.entity import EntityPaper, PaperFile
from models.rules import text, tokens
from models.rules.follow_up import NOTHING, SENT, FollowUpKind
from models.rules.target_number import NumberKind, number_of
from models.tables import Assignment, Batch, Department, Event, FollowUp, Paper, Result, Task


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """`text`, `outcome`: empty where they are confidential and this is no look at them. `linked`: acknowledged by link."""

    id: int
    task: str
    department: str
    kind: FollowUpKind
    day: date
    reference: str
    authority: str
    text: str
    papers: tuple[EntityPaper, ...]
    begun_at: datetime
    ended_on: date | None
    outcome: str
    confidential: bool
    looks: int

    @property
    def sent(self) -> bool:
        return self.kind in SENT


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """What the authority that holds the link sees. Nobody's name; of 移送司法 not what it is about."""

    line: FollowUpLine
    department: str
    target: str
    code: tuple[str, NumberKind]


@dataclass(frozen=True, slots=True)
class OpenFollowUp:
    id: int
    task: str
    target: str
    kind: str
    reference: str
    day: date


def chain(id: int) -> str:
    return f"follow_up:{id}"


async def departments(task: Task) -> set[str]:
    """Those that inspected: of the team's officers, and the one that initiated it."""
    inspecting = await Assignment.filter(task=task, until=None).values_list("department", flat=True)
    batch = await Batch.get(code=task.batch_id).select_related("scheme__entry__plan")
    return {*map(str, inspecting), batch.scheme.entry.plan.department}


async def types(task: Task) -> tuple[str, ...] | None:
    """Of the result that stands: what is public, before that the newest; None where it was withdrawn."""
    public = await publication.current(task)
    if public is not None:
        result = await Result.get_or_none(id=public.result_id)
    else:
        result = await Result.filter(task=task).order_by("-version").first()
    return tuple(result.types) if result else None


async def line(id: int, *, whole: bool = False) -> FollowUpLine:
    return await _line(await FollowUp.get(id=id).select_related("task"), whole)


async def _line(row: FollowUp, whole: bool = False) -> FollowUpLine:
    confidential = row.kind == FollowUpKind.JUDICIAL
    shown = whole or not confidential
    papers = await Paper.filter(task=row.task, purpose="follow_up", subject=row.id).order_by("id")
    return FollowUpLine(
        row.id, row.task.number, row.department, FollowUpKind(row.kind), row.day, row.reference,
        text.visible(row.authority), text.visible(row.text) if shown else "",
        tuple(
            EntityPaper(paper.id, paper.purpose, paper.subject, paper.name, paper.format, paper.size, paper.at)
            for paper in papers
        ),
        row.at, row.ended_on, text.visible(row.outcome) if shown else "", confidential,
        await Event.filter(chain=chain(row.id), kind="follow_up.looked").count() if confidential else 0,
    )  # fmt: skip


async def of_task(number: str) -> tuple[FollowUpLine, ...]:
    rows = await FollowUp.filter(task__number=number).order_by("id").select_related("task")
    return tuple([await _line(row) for row in rows])


async def of_department(number: str, id: int, department: str) -> FollowUpLine | None:
    """One of this task and this department; None where there is none."""
    row = FollowUp.get_or_none(id=id, task__number=number, department=department)
    result = await row.select_related("task")
    return await _line(result) if result else None


async def may_begin(number: str, department: str) -> bool:
    """Whether this department inspected in this task, and its result leaves something to follow."""
    task = await Task.get(number=number)
    standing = await types(task)
    return standing is not None and not set(standing) <= NOTHING and department in await departments(task)


async def page(token: str) -> FollowUpPage | None:
    """The letter of this link; None for a token that is nobody's."""
    hashed = tokens.hashed(token)
    row = await FollowUp.get_or_none(token_sha256=hashed).select_related("task__target")
    return await _page(row) if row else None


async def _page(row: FollowUp) -> FollowUpPage:
    department = await Department.get_or_none(code=row.department)
    return FollowUpPage(
        await _line(row), department.name if department else row.department, text.name(row.task.target.name),
        number_of(row.task.target),
    )  # fmt: skip


async def paper(token: str, id: int) -> PaperFile | None:
    """A paper of the letter of this link."""
    hashed = tokens.hashed(token)
    row = await FollowUp.get_or_none(token_sha256=hashed)
    own = Paper.get_or_none(id=id, task_id=row.task_id, purpose="follow_up", subject=row.id) if row else None
    result = await own if own else None
    return PaperFile(result.sha256, result.format) if result else None


async def letter(id: int) -> FollowUpPage | None:
    """The same for the department that sends it; None for what goes to no other authority."""
    row = await FollowUp.get_or_none(id=id, kind__in=SENT).select_related("task__target")
    return await _page(row) if row else None


async def open_for(department: str) -> tuple[OpenFollowUp, ...]:
    """What this department began and nobody ended, the oldest first."""
    rows = FollowUp.filter(department=department, ended_at=None).order_by("id").select_related("task__target")
    return tuple(
        OpenFollowUp(
            row.id, row.task.number, text.name(row.task.target.name), row.kind, row.reference, row.day
        )
        for row in await rows
    )
