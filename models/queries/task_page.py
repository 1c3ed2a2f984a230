"""One task with everything that happened to it (全过程留痕, Art. 16 (3), 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import board, officers, result_version, substitution
from models.queries.plans import names
from models.queries.result_version import ResultVersion
from models.queries.sheet import again_names, sheet_of
from models.queries.unsent import Unsent, of_task
from models.rules import checklist, text
from models.rules.checklist import Gap
from models.rules.overdue import DEFAULT, Terms
from models.rules.target_number import NumberKind, number_of
from models.rules.workdays import Calendar
from models.states import GIVEN, NoticeState
from models.tables import (
    Assignment,
    Attempt,
    Batch,
    Event,
    Inspector,
    Notice,
    Photo,
    PlanEntry,
    Postponement,
    Scheme,
    Substitution,
    Task,
)


@dataclass(frozen=True, slots=True)
class TaskMember:
    code: str
    name: str
    department: str
    tail: str
    leader: bool
    accepted_at: datetime | None
    arrived_at: datetime | None
    until: datetime | None
    declined: bool


@dataclass(frozen=True, slots=True)
class TaskPhoto:
    """A photo: what it is worth, and under which hash its bytes are."""

    id: int
    question: int | None
    sha256: str
    size: int
    format: str
    grade: str
    labels: tuple[tuple[str, str], ...]  # doubt, measure
    caption: str
    by: str
    at: datetime
    thumbnail: str
    stamped: str
    unprintable: str
    marked: bool
    officer: str = ""  # code of who took it


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question with what stands as its answer, the gaps, the photos."""

    number: int
    text: str
    basis: str
    verdict: str
    value: str
    note: str
    by: str
    version: int
    method: str
    waiting: bool  # a sample is being tested
    gaps: tuple[Gap, ...]
    online: tuple[str, str, str, str, bool] | None  # verdict, source, finding, who, settles
    pictures: tuple[TaskPhoto, ...]


@dataclass(frozen=True, slots=True)
class SheetPart:
    section: board.BoardSection
    answers: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class TaskAttempt:
    """One attempt to reach the entity."""

    channel: str
    outcome: str
    at: datetime
    by: str
    detail: str
    text_sha256: str
    id: int
    proof: str


@dataclass(frozen=True, slots=True)
class NoticeTrail:
    id: int
    number: str
    version: int
    state: NoticeState
    created_at: datetime
    approved_by: str
    withheld_basis: str
    opened_at: datetime | None
    acknowledged_at: datetime | None
    check_code: str
    tries: tuple[TaskAttempt, ...]
    asked: tuple[tuple[int, str, str, datetime, bool | None], ...]  # id, reason, wanted, at, granted


@dataclass(frozen=True, slots=True)
class Happened:
    """A row of the task's chain."""

    seq: int
    kind: str
    by: str
    role: str
    at: datetime
    data: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    id: int
    line: board.BoardLine
    batch: str
    title: str
    draw: str
    initiating: str  # department code
    code: tuple[str, NumberKind]  # the number that names the target, and what it is
    contact: str
    phone: str
    pool_id: str
    started_at: datetime | None
    started_short: str
    started_untold: str
    ended_at: datetime | None
    short_notice: str
    receipt: str
    published_at: datetime | None
    members: tuple[TaskMember, ...]
    sheet: tuple[SheetPart, ...]
    loose: tuple[TaskPhoto, ...]  # photos that belong to no question yet
    voided: tuple[tuple[TaskPhoto, str, datetime], ...]  # off the record: why and when
    notices: tuple[NoticeTrail, ...]
    results: tuple[ResultVersion, ...]
    events: tuple[Happened, ...]
    unsent: tuple[Unsent, ...]  # what waits on the team's phones

    @property
    def serving(self) -> frozenset[str]:
        return frozenset(member.code for member in self.members if member.until is None)

    @property
    def leader(self) -> str:
        """The officer who leads now, "" when nobody does."""
        return next((member.code for member in self.members if member.leader and member.until is None), "")

    again: tuple[str, ...] = ()  # the key items for which alone it is inspected a second time in the year

    @property
    def notice(self) -> NoticeTrail | None:
        """The version that stands."""
        return next((notice for notice in reversed(self.notices) if notice.state in GIVEN), None)


async def task_page(
    number: str, *, sight: board.Sight, at: datetime, calendar: Calendar, terms: Terms = DEFAULT
) -> TaskPage | None:
    """The task of this number, for those who may see it."""
    task = await board.visible(sight).filter(number=number).select_related("target", "team").first()
    if task is None:
        return None
    called, people = await names(), await officers.people(task)
    (line,) = await board.lines([task], at, calendar, called, terms=terms)
    batch = await Batch.get(code=task.batch_id)
    entry = await PlanEntry.get(code=(await Scheme.get(code=batch.scheme_id)).entry_id).select_related("plan")
    target, pictures = task.target, await _pictures(task, people)
    return TaskPage(
        task.id, line, task.batch_id, entry.title, task.draw_id, entry.plan.department,
        number_of(target), target.contact, target.phone, task.pool_id,
        task.started_at, task.started_short, task.started_untold, task.ended_at, task.short_notice, task.platform_receipt,
        task.published_at,
        await _members(task, called), await _sheet(task, line, pictures, people),
        tuple(photo for photo in pictures if photo.question is None), await _voided(task, people), await _notices(task, people),
        await result_version.versions(task, people), await _events(task, people), await of_task(number), await again_names(task),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PendingSubstitution:
    """A substitution that waits for the head: who, why, and the tasks that it would hand over, with their targets."""

    id: int
    name: str
    reason: str
    note: str
    asked_by: str
    tasks: tuple[tuple[str, str], ...]


async def decisions(department: str) -> tuple[PendingSubstitution, ...]:
    """What waits for this department's head: officers to be replaced, with every task concerned."""
    substitutions = []
    for row in await Substitution.filter(department=department, consented=None).order_by("id"):
        officer = await Inspector.get_or_none(certificate=row.outgoing)
        tasks = await substitution.concerned(row)
        substitutions.append(
            PendingSubstitution(
                row.id, officer.name if officer else row.outgoing, row.reason, row.note,
                row.asked_by.partition(":")[0], tuple((task.number, task.target.name) for task in tasks),
            )
        )  # fmt: skip
    return tuple(substitutions)


@dataclass(frozen=True, slots=True)
class Withholding:
    """A notice that a leader wants to withhold, on this legal basis."""

    id: int
    basis: str
    task: str
    target: str


async def withholdings(department: str) -> tuple[Withholding, ...]:
    """What leaders of this department want to withhold."""
    results = []
    asked = Notice.filter(state=NoticeState.DRAFTED).exclude(withheld_basis="")
    for row in sorted(await asked.select_related("task__target"), key=lambda row: row.id):
        if await Assignment.exists(task=row.task, leader=True, until=None, department=department):
            results.append(Withholding(row.id, row.withheld_basis, row.task.number, row.task.target.name))
    return tuple(results)


async def _members(task: Task, called: Mapping[str, str]) -> tuple[TaskMember, ...]:
    rows = (
        await Assignment.filter(task=task).select_related("inspector").order_by("-leader", "department", "id")
    )
    return tuple(
        TaskMember(
            row.inspector_id, row.inspector.name, called.get(row.department, row.department),
            text.tail(row.inspector.certificate or ""), row.leader, row.accepted_at, row.arrived_at,
            row.until,
            row.declined_from is not None and row.declined_from == task.proposed_from,
        )
        for row in rows
    )  # fmt: skip


async def _pictures(task: Task, people: Mapping[str, str]) -> list[TaskPhoto]:
    numbers = {ask.id: ask.number for ask in (await sheet_of(task)).every}
    rows = await Photo.filter(task=task, removed_at=None).order_by("id")
    return [_picture(row, numbers, people) for row in rows]


async def _voided(task: Task, people: Mapping[str, str]) -> tuple[tuple[TaskPhoto, str, datetime], ...]:
    """作废: kept with the reason."""
    rows = await Photo.filter(task=task, removed_at__not_isnull=True).order_by("id")
    if not rows:
        return ()
    numbers = {ask.id: ask.number for ask in (await sheet_of(task)).every}
    return tuple(
        (_picture(row, numbers, people), row.removed_why, row.removed_at) for row in rows if row.removed_at
    )


def _picture(row: Photo, numbers: Mapping[int, int], people: Mapping[str, str]) -> TaskPhoto:
    return TaskPhoto(
        row.id, numbers.get(row.question_id or 0), row.sha256, row.size, row.format, row.grade,
        tuple(_label(str(label)) for label in row.labels), row.caption,
        people.get(f"inspector:{row.by}", row.by), row.at,
        row.thumbnail, row.marked if row.marks else row.stamped, row.unprintable, bool(row.marks), row.by,
    )  # fmt: skip


def _label(label: str) -> tuple[str, str]:
    """A doubt and its measure: `far:1200` is far by 1,200 m."""
    doubt, _, amount = label.partition(":")
    return doubt, amount


async def _sheet(
    task: Task, line: board.BoardLine, pictures: Sequence[TaskPhoto], people: Mapping[str, str]
) -> tuple[SheetPart, ...]:
    sheet = await sheet_of(task)
    at_question = defaultdict(list)
    for picture in pictures:
        at_question[picture.question].append(picture)
    parts = []
    for section in line.sections:
        answers = tuple(
            _answer(sheet, ask, tuple(at_question[ask.number]), people)
            for ask in sheet.of(section.department)
        )
        parts.append(SheetPart(section, answers))
    return tuple(parts)


def _answer(
    sheet: checklist.ChecklistSheet,
    ask: checklist.Ask,
    pictures: tuple[TaskPhoto, ...],
    people: Mapping[str, str],
) -> AnswerLine:
    given, network = sheet.given.get(ask.number), sheet.network.get(ask.number)
    online = None
    if network:
        who = people.get(f"inspector:{network.by}", network.by)
        online = (network.verdict, network.source, network.finding, who, network.settles)
    standing = given or checklist.GivenAnswer()
    gaps = () if network and network.settles else checklist.lacking(sheet, ask)
    return AnswerLine(
        ask.number, ask.text, ask.basis, standing.verdict, standing.value, standing.note,
        people.get(f"inspector:{standing.by}", standing.by), standing.version, standing.method,
        ask.number in sheet.waiting, gaps, online, pictures,
    )  # fmt: skip


async def _notices(task: Task, people: Mapping[str, str]) -> tuple[NoticeTrail, ...]:
    rows = await Notice.filter(task=task).order_by("version")
    tries: dict[int, list[TaskAttempt]] = defaultdict(list)
    for row in await Attempt.filter(notice_id__in=[row.id for row in rows]).order_by("id"):
        who = people.get(row.by, row.by)
        told = (row.channel, row.outcome, row.at, who, row.detail, row.text_sha256, row.id, row.proof)
        tries[row.notice_id].append(TaskAttempt(*told))
    asked = defaultdict(list)
    for wish in await Postponement.filter(notice_id__in=[row.id for row in rows]).order_by("id"):
        asked[wish.notice_id].append((wish.id, wish.reason, wish.wanted, wish.asked_at, wish.granted))
    return tuple(
        NoticeTrail(
            row.id, row.number, row.version, row.state, row.created_at,
            people.get(row.approved_by, row.approved_by),
            row.withheld_basis, row.opened_at, row.acknowledged_at, row.check_code, tuple(tries[row.id]),
            tuple(asked[row.id]),
        )
        for row in rows
    )  # fmt: skip


def _named(data: Mapping[str, Any], people: Mapping[str, str]) -> Mapping[str, Any]:
    """The data of an event, whoever opened the session called by name."""
    return {**data, "through": people.get(data["through"], data["through"])} if "through" in data else data


async def _events(task: Task, people: Mapping[str, str]) -> tuple[Happened, ...]:
    return tuple(
        Happened(
            row.seq,
            row.kind,
            people.get(row.by, ""),
            row.by.partition(":")[0],
            row.at,
            _named(row.data, people),
            row.sha256,
        )
        for row in await Event.filter(chain=f"task:{task.number}").order_by("seq")
    )
