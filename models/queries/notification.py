"""What an entity is told after the visit, with what it may do and until when; and how it was told (Art. 16 (3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from models.district import District
from models.queries import board, rectification
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import objection as objections
from models.rules import text
from models.rules.credit import REPAIR
from models.rules.visit import local_day, without_visit
from models.states import NO_LONGER_READ, NOT_ARCHIVED, ORDER_ENDED, OVERTAKEN
from models.tables import (
    Assignment,
    Correction,
    CreditRepair,
    Notice,
    Notification,
    NotificationAttempt,
    Objection,
    Postponement,
    Publication,
    Record,
    RectificationStep,
    RecusalRequest,
    Result,
    Suspension,
    Target,
    Task,
)

ANSWERS: dict[str, type[Postponement | RecusalRequest | Correction | Objection | CreditRepair]] = {
    "postponed": Postponement, "recused": RecusalRequest, "mended": Correction, "objected": Objection, REPAIR: CreditRepair,
}  # fmt: skip
"""By step: the table of what the entity asked for, whose row is the step's subject."""
RECTIFYING = ("ordered", "order_step", "order_due")
YES_NO: dict[bool | None, str] = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True, slots=True)
class EntityNotification:
    """One step for the entity. `until`: the last day for what it may do; `notice`: whose page it is done on."""

    id: int
    kind: str
    task: str
    target: str
    notice: str
    notice_id: int | None
    visited: bool
    day: date
    types: tuple[str, ...]
    reason: str
    version: int
    until: date | None
    overtaken: bool
    answered: str = ""  # what the entity asked for: yes or no; what befell an order
    number: int = 0  # of the question
    order: str = ""  # the number of the order to rectify
    department: str = ""  # that gave it
    points: tuple[int, ...] = ()  # that are still to be put right


@dataclass(frozen=True, slots=True)
class NotificationTry:
    channel: str
    outcome: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NotificationStep:
    """One step as the team and the office see it."""

    id: int
    task: str
    target: str
    phone: str
    kind: str
    at: datetime
    told_at: datetime | None
    by_hand: str
    overtaken: bool
    tries: tuple[NotificationTry, ...]


async def told(notification_id: int, at: datetime, district: District) -> EntityNotification:
    """What is to be told at this step; refused when there is none."""
    row = await Notification.get_or_none(id=notification_id).select_related("task__target")
    if row is None:
        raise Refusal("notification.unknown", article="16(3)")
    task, types, reason, version, until = row.task, (), "", 0, None
    answered, number = "", 0
    begins = row.told_at or at
    if row.kind == "result":
        types = tuple((await Result.get(id=row.subject)).types)
        until = reply_until(district, begins)
    elif row.kind == "record":
        version = (await Record.get(id=row.subject)).version
    elif row.kind in ANSWERS:
        answered, reason, number = await _answer(row)
    elif row.kind in RECTIFYING:
        return await _of_order(row)
    elif row.kind == "suspended":
        reason = text.visible((await Suspension.get(id=row.subject)).reason)
    elif row.kind not in ("concluded", "time_gone", "no_visit"):
        public = await Publication.get(id=row.subject).select_related("result")
        types, reason = tuple(public.result.types) if public.result else (), text.visible(public.reason)
        until = objections.last_day(district.calendar, public.at) if public.result else None
    notice = await notice_of(task)
    return EntityNotification(
        row.id, row.kind, task.number, text.name(task.target.name), notice.number if notice else "",
        notice.id if notice else None, task.started_at is not None, local_day(task.ended_at or row.at), types, reason,
        version, until, row.overtaken_at is not None, answered, number,
    )  # fmt: skip


async def _of_order(row: Notification) -> EntityNotification:
    """An order to rectify, or what befell it."""
    step = None if row.kind == "ordered" else await RectificationStep.get(id=row.subject)
    order = await rectification.line(step.rectification_id if step else row.subject)
    notice = await notice_of(row.task)
    gone = row.overtaken_at is not None or not (order.provable or order.state in ORDER_ENDED)
    return EntityNotification(
        row.id, row.kind, order.task, order.target, notice.number if notice else "", notice.id if notice else None, True,
        local_day(row.at), (), text.visible(step.text) if step else "", 0, order.due,
        gone or (row.kind == "order_due" and not order.open), step.kind if step and row.kind == "order_step" else "", 0,
        order.number, order.called, tuple(point.number for point in order.left),
    )  # fmt: skip


async def _answer(row: Notification) -> tuple[str, str, int]:
    """What became of what the entity asked for or reported, why, and of which question."""
    asked = await ANSWERS[row.kind].get(id=row.subject)
    if isinstance(asked, Correction):
        sheet = await sheet_of(row.task)
        number = next((ask.number for ask in sheet.every if ask.id == asked.question_id), 0)
        return YES_NO[asked.accepted], text.visible(asked.said), number
    if isinstance(asked, Objection):
        return YES_NO[asked.upheld], text.visible(asked.said), 0
    return YES_NO[asked.granted], text.visible(asked.said) if isinstance(asked, CreditRepair) else "", 0


def reply_until(district: District, begins: datetime) -> date:
    """The last day on which the result may be answered before it is published."""
    day = local_day(begins)
    return district.calendar.nth_workday_after(day, district.reply_days).date if district.reply_days else day


async def notice_of(task: Task) -> Notice | None:
    """The letter on whose page the entity acts: the newest that has a link and still stands."""
    beforehand = not without_visit(task.ended_at, task.started_at, task.visit_from)
    gone = NO_LONGER_READ if beforehand else OVERTAKEN
    return (
        await Notice.filter(task=task)
        .exclude(token_sha256="")
        .exclude(state__in=gone)
        .order_by("-version")
        .first()
    )


async def steps(number: str) -> tuple[NotificationStep, ...]:
    """Every step of a task and every try, the newest first."""
    return await _steps(
        await Notification.filter(task__number=number).order_by("-id").select_related("task__target")
    )


def _owed() -> QuerySet[Notification]:
    """What a person may still tell: not overtaken, and of an archived task only what outlives it."""
    open_ = Q(task__state__in=NOT_ARCHIVED) | Q(kind=REPAIR)
    return Notification.filter(open_, overtaken_at=None).exclude(by_hand="")


async def by_hand(sight: board.Sight) -> tuple[NotificationStep, ...]:
    """What a person has still to tell, in the tasks that somebody sees."""
    rows = _owed()
    if sight != board.ALL:
        seen = board.visible(sight).filter(id=RawSQL('"notification"."task_id"'))
        rows = rows.filter(task_id__in=Subquery(seen.values("id")))
    return await _steps(await rows.order_by("id").select_related("task__target"))


async def to_tell(officer: str) -> tuple[NotificationStep, ...]:
    """What has still to be told in the tasks that this officer leads."""
    led = Assignment.filter(inspector_id=officer, leader=True, until=None)
    rows = _owed().filter(task_id__in=Subquery(led.values("task_id")))
    return await _steps(await rows.order_by("id").select_related("task__target"))


async def _steps(rows: list[Notification]) -> tuple[NotificationStep, ...]:
    tries = await NotificationAttempt.filter(notification_id__in=[row.id for row in rows]).order_by("id")
    return tuple(
        _step(row, [attempt for attempt in tries if attempt.notification_id == row.id]) for row in rows
    )


def _step(row: Notification, tries: list[NotificationAttempt]) -> NotificationStep:
    target: Target = row.task.target
    return NotificationStep(
        row.id, row.task.number, text.name(target.name), text.name(target.phone), row.kind, row.at, row.told_at,
        row.by_hand if row.task.state in NOT_ARCHIVED or row.kind == REPAIR else "", row.overtaken_at is not None,
        tuple(NotificationTry(attempt.channel, attempt.outcome, text.visible(attempt.detail), attempt.at) for attempt in tries),
    )  # fmt: skip
