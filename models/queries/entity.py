"""What the entity said and handed in, for those who serve and decide (Art. 16 (2), 17).

Never a request for recusal beside a task: those are read by the head of the officer's department alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import RawSQL, Subquery

from models.queries import board
from models.queries.sheet import sheet_of
from models.rules import text
from models.states import TO_VISIT_OR_ON_SITE
from models.tables import (
    Correction,
    Inspector,
    Notice,
    Objection,
    Paper,
    Postponement,
    Preparation,
    Rating,
    RecusalRequest,
    Statement,
    Task,
)

AT_LEAST = 5
DECIDED_WITH = ("task__target", "task__batch__scheme__entry__plan")


@dataclass(frozen=True, slots=True)
class EntityPaper:
    """A paper; `about` is the line or row that it belongs to."""

    id: int
    purpose: str
    about: int | None
    name: str
    format: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReadyLine:
    number: int
    text: str
    ready: bool
    papers: tuple[EntityPaper, ...]


@dataclass(frozen=True, slots=True)
class SubmittedCorrection:
    """A point that the entity put right; `accepted` None while nobody verified it."""

    id: int
    task: str
    number: int
    question: str
    department: str
    stage: str
    text: str
    at: datetime
    accepted: bool | None
    said: str
    papers: tuple[EntityPaper, ...]


@dataclass(frozen=True, slots=True)
class TimeWish:
    """Another time that the leader has to decide; `begins`: a window in which the whole team was free."""

    id: int
    reason: str
    wanted: str
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Objected:
    id: int
    task: str
    target: str
    department: str  # whose head decides
    text: str
    at: datetime
    upheld: bool | None
    said: str
    papers: tuple[EntityPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityReply:
    text: str
    at: datetime
    papers: tuple[EntityPaper, ...]


@dataclass(frozen=True, slots=True)
class EntityStatements:
    """Everything the entity said about one task."""

    lines: tuple[ReadyLine, ...]
    corrections: tuple[SubmittedCorrection, ...]
    replies: tuple[EntityReply, ...]
    objections: tuple[Objected, ...]
    wish: TimeWish | None

    @property
    def ready(self) -> int:
        return sum(line.ready for line in self.lines)

    @property
    def anything(self) -> bool:
        started = any(line.ready or line.papers for line in self.lines)
        return bool(started or self.corrections or self.replies or self.objections or self.wish)

    @property
    def verified(self) -> Mapping[int, str]:
        """Question number to what was put right and verified."""
        return {correction.number: correction.text for correction in self.corrections if correction.accepted}


async def heard(task_number: str) -> EntityStatements:
    """What the entity of this task said so far."""
    task = await Task.get(number=task_number).select_related("target", "batch__scheme__entry__plan")
    papers = await _papers(task)
    statements = await Statement.filter(task=task, kind="reply").order_by("id")
    objections = await Objection.filter(task=task).order_by("id")
    return EntityStatements(
        await _lines(task, papers),
        await _corrections(task, papers),
        tuple(
            EntityReply(text.visible(statement.text), statement.at, tuple(papers["statement", statement.id]))
            for statement in statements
        ),
        tuple(
            _objected(objection, task, tuple(papers["objection", objection.id])) for objection in objections
        ),
        await _wish(task),
    )


async def _papers(task: Task) -> dict[tuple[str, int | None], list[EntityPaper]]:
    papers = defaultdict(list)
    for row in await Paper.filter(task=task).order_by("id"):
        name = text.name(row.name) or row.format
        document = EntityPaper(row.id, row.purpose, row.subject, name, row.format, row.size, row.at)
        papers[row.purpose, row.subject].append(document)
    return papers


async def _lines(
    task: Task, papers: Mapping[tuple[str, int | None], list[EntityPaper]]
) -> tuple[ReadyLine, ...]:
    letter = await Notice.filter(task=task).exclude(letter={}).order_by("-version").first()
    ready = {
        (preparation.number, preparation.text)
        for preparation in await Preparation.filter(task=task, ready=True)
    }
    facts = letter.letter if letter else {}
    materials: list[str] = facts.get("materials", [])[: facts.get("papers")]
    return tuple(
        ReadyLine(number, material, (number, material) in ready, tuple(papers.get(("prepare", number), ())))
        for number, material in enumerate(materials, 1)
    )


async def _corrections(
    task: Task, papers: Mapping[tuple[str, int | None], list[EntityPaper]]
) -> tuple[SubmittedCorrection, ...]:
    rows = await Correction.filter(task=task).order_by("id")
    asks = {ask.id: ask for ask in (await sheet_of(task)).every} if rows else {}
    return tuple(
        SubmittedCorrection(
            row.id, task.number, asks[row.question_id].number, asks[row.question_id].text,
            asks[row.question_id].department, row.stage, text.visible(row.text), row.at, row.accepted,
            text.visible(row.said), tuple(papers.get(("correction", row.id), ())),
        )
        for row in rows
    )  # fmt: skip


async def _wish(task: Task) -> TimeWish | None:
    row = await Postponement.filter(notice__task_id=task.id, granted=None).order_by("-id").first()
    if row is None:
        return None
    return TimeWish(
        row.id, text.visible(row.reason), text.visible(row.wanted), row.wanted_from, row.wanted_until
    )


def objected_of(row: Objection) -> Objected:
    """A row that was read `DECIDED_WITH` its task."""
    return _objected(row, row.task)


def _objected(row: Objection, task: Task, papers: tuple[EntityPaper, ...] = ()) -> Objected:
    return Objected(
        row.id, task.number, text.name(task.target.name), task.batch.scheme.entry.plan.department,
        text.visible(row.text), row.at, row.upheld, text.visible(row.said), papers,
    )  # fmt: skip


async def notice_of(task_number: str) -> int | None:
    """The newest notice of a task that has a letter."""
    notice = await Notice.filter(task__number=task_number).exclude(letter={}).order_by("-version").first()
    return notice.id if notice else None


async def verified(task_id: int) -> dict[int, str]:
    """Question (its id) to what was put right before the visit and verified."""
    rows = await Correction.filter(task_id=task_id, stage="before", accepted=True).order_by("id")
    return {row.question_id: text.visible(row.text) for row in rows}


async def mended(correction_id: int) -> SubmittedCorrection | None:
    """A correction with the facts to decide by."""
    row = await Correction.get_or_none(id=correction_id)
    if row is None:
        return None
    number = (await Task.get(id=row.task_id)).number
    return next(
        correction for correction in (await heard(number)).corrections if correction.id == correction_id
    )


async def objected(objection_id: int) -> Objected | None:
    """An objection with the facts to decide by."""
    row = await Objection.get_or_none(id=objection_id).select_related(*DECIDED_WITH)
    return objected_of(row) if row else None


async def objections(department: str) -> tuple[Objected, ...]:
    """Objections that the head of this department still has to decide."""
    rows = Objection.filter(upheld=None, task__batch__scheme__entry__plan__department=department)
    return tuple(objected_of(row) for row in await rows.order_by("id").select_related(*DECIDED_WITH))


@dataclass(frozen=True, slots=True)
class PaperFile:
    """Under which name the bytes of a paper are, and what they are."""

    sha256: str
    format: str


async def paper(task_number: str, paper_id: int, *, sight: board.Sight) -> PaperFile | None:
    """A paper of a task, for those who see the task (D60)."""
    task = await board.visible(sight).filter(number=task_number).first()
    row = await Paper.get_or_none(id=paper_id, task=task) if task else None
    return PaperFile(row.sha256, row.format) if row else None


async def paper_for(paper_id: int, officer: str) -> PaperFile | None:
    """A paper, for an officer who serves in its task (D60)."""
    row = await Paper.get_or_none(
        id=paper_id, task__assignments__inspector_id=officer, task__assignments__until=None
    )
    return PaperFile(row.sha256, row.format) if row else None


@dataclass(frozen=True, slots=True)
class RecusalToDecide:
    """A request for recusal, for the head who decides it."""

    id: int
    department: str
    officer: str
    target: str
    task: str
    reason: str
    granted: bool | None
    in_time: bool  # the visit is not over: somebody else can still come


async def recusal(request_id: int) -> RecusalToDecide | None:
    row = await RecusalRequest.get_or_none(id=request_id).select_related("inspector", "task__target")
    return recusal_of(row) if row else None


async def recusals(department: str) -> tuple[RecusalToDecide, ...]:
    """The requests that the head of this department still has to decide."""
    rows = RecusalRequest.filter(granted=None, inspector__department=department).order_by("id")
    return tuple(recusal_of(row) for row in await rows.select_related("inspector", "task__target"))


def recusal_of(row: RecusalRequest) -> RecusalToDecide:
    """A row that was read with its officer, its task and the target."""
    officer: Inspector = row.inspector
    return RecusalToDecide(
        row.id, officer.department, text.name(officer.name), text.name(row.task.target.name), row.task.number,
        text.visible(row.reason), row.granted,
        row.task.state in TO_VISIT_OR_ON_SITE,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ratings:
    """Averages of five ratings or more; the notes in no order that tells whose they are."""

    count: int
    manner: float
    clarity: float
    burden: float
    notes: tuple[str, ...]


async def ratings(sight: board.Sight) -> Ratings | None:
    """Of the tasks that somebody sees. Fewer than five are not shown at all."""
    rated = Rating.all()
    if sight.department is not None:
        seen = board.visible(sight).filter(id=RawSQL('"rating"."task_id"'))
        rated = rated.filter(task_id__in=Subquery(seen.values("id")))
    rows = await rated
    if len(rows) < AT_LEAST:
        return None
    manner, clarity, burden = (
        sum(getattr(row, name) for row in rows) / len(rows) for name in ("manner", "clarity", "burden")
    )
    notes = tuple(sorted(text.visible(row.note) for row in rows if row.note))
    return Ratings(len(rows), manner, clarity, burden, notes)
