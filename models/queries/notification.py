"""What an entity is told after the visit, with what it may do and until when; and how it was told (Art. 16 (3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import Subquery

from models.district import District
from models.queries import board
from models.refusal import Refusal
from models.rules import objection as objections
from models.rules import text
from models.rules.visit import local_day, without_visit
from models.states import NO_LONGER_READ, OVERTAKEN
from models.tables import (
    Assignment,
    Notice,
    Notification,
    NotificationAttempt,
    Publication,
    Record,
    Result,
    Target,
    Task,
)


@dataclass(frozen=True, slots=True)
class Told:
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


@dataclass(frozen=True, slots=True)
class Try:
    channel: str
    outcome: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
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
    tries: tuple[Try, ...]


async def told(notification_id: int, at: datetime, district: District) -> Told:
    """What is to be told at this step; refused when there is none."""
    row = await Notification.get_or_none(id=notification_id).select_related("task__target")
    if row is None:
        raise Refusal("notification.unknown", article="16(3)")
    task, types, reason, version, until = row.task, (), "", 0, None
    begins = row.told_at or at
    if row.kind == "result":
        types = tuple((await Result.get(id=row.subject)).types)
        until = reply_until(district, begins)
    elif row.kind == "record":
        version = (await Record.get(id=row.subject)).version
    elif row.kind != "concluded":
        public = await Publication.get(id=row.subject).select_related("result")
        types, reason = tuple(public.result.types) if public.result else (), text.visible(public.reason)
        until = objections.last_day(district.calendar, public.at) if public.result else None
    notice = await notice_of(task)
    return Told(
        row.id, row.kind, task.number, text.name(task.target.name), notice.number if notice else "",
        notice.id if notice else None, task.started_at is not None, local_day(task.ended_at or row.at), types, reason,
        version, until, row.overtaken_at is not None,
    )  # fmt: skip


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


async def steps(number: str) -> tuple[Step, ...]:
    """Every step of a task and every try, the newest first."""
    return await _steps(
        await Notification.filter(task__number=number).order_by("-id").select_related("task__target")
    )


async def by_hand(sight: board.Sight) -> tuple[Step, ...]:
    """What a person has still to tell, in the tasks that somebody sees."""
    seen = Subquery(board.visible(sight).values("id"))
    rows = Notification.filter(task_id__in=seen, overtaken_at=None).exclude(by_hand="")
    return await _steps(await rows.order_by("id").select_related("task__target"))


async def to_tell(officer: str) -> tuple[Step, ...]:
    """What has still to be told in the tasks that this officer leads."""
    led = Assignment.filter(inspector_id=officer, leader=True, until=None)
    rows = Notification.filter(task_id__in=Subquery(led.values("task_id")), overtaken_at=None).exclude(
        by_hand=""
    )
    return await _steps(await rows.order_by("id").select_related("task__target"))


async def _steps(rows: list[Notification]) -> tuple[Step, ...]:
    tries = await NotificationAttempt.filter(notification_id__in=[row.id for row in rows]).order_by("id")
    return tuple(_step(row, [one for one in tries if one.notification_id == row.id]) for row in rows)


def _step(row: Notification, tries: list[NotificationAttempt]) -> Step:
    target: Target = row.task.target
    return Step(
        row.id, row.task.number, text.name(target.name), text.name(target.phone), row.kind, row.at, row.told_at,
        row.by_hand, row.overtaken_at is not None,
        tuple(Try(one.channel, one.outcome, text.visible(one.detail), one.at) for one in tries),
    )  # fmt: skip
