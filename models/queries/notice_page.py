"""What whoever holds a notice's link sees: the visit, its own papers and requests, its rights (Art. 16 (2), 17)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from models.district import District
from models.queries import free_times as windows
from models.queries import public, publication
from models.queries.letter import outdated
from models.queries.sheet import sheet_of
from models.rules import checklist, text
from models.rules import objection as objections
from models.rules import publication as rules
from models.rules.free_times import Window
from models.rules.hearing import CORRECTIONS, REPLIES
from models.rules.public.result import PublicResult
from models.rules.visit import local_day, without_visit
from models.states import NoticeState
from models.states import TaskState as T
from models.tables import (
    Assignment,
    Binding,
    Correction,
    Department,
    Notice,
    Objection,
    Paper,
    Postponement,
    Preparation,
    Rating,
    Record,
    RecusalRequest,
    Result,
    Statement,
    Task,
)

BEFORE = (T.ASSIGNED, T.NETWORK_CHECKED, T.SCHEDULED)
OPEN = (*BEFORE, T.ON_SITE)
HEARD = (T.CONCLUDED, T.ENTERED, T.REVIEWED, T.RECORDED)
PUBLISHED = (T.PUBLISHED, T.ARCHIVED)
KEPT = timedelta(days=366)


class Standing(StrEnum):
    """What a notice is worth at the moment it is looked at."""

    TODAY = "today"  # genuine, and the visit is today
    EARLY = "early"  # genuine, but the visit is on a later day
    ON_SITE = "on_site"  # genuine, and the visit has begun
    OVER = "over"  # the visit is over, or its day has passed
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Officer:
    """Who comes, name masked. `seat`: what a request for recusal names."""

    seat: int
    name: str
    unit: str
    tail: str
    leader: bool
    asked: bool = False  # to stay away, by this entity


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list of materials, with what the entity did about it."""

    number: int
    text: str
    ready: bool
    papers: int
    paper: bool = True  # to be had ready; else a point that is looked at on site


@dataclass(frozen=True, slots=True)
class Wish:
    """Another time that was asked for; `begins` is one of the team's free windows."""

    reason: str
    begins: datetime | None
    ends: datetime | None
    granted: bool | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request or report of the entity, and what became of it (None: not decided yet)."""

    what: str
    text: str
    decided: bool | None
    said: str
    papers: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The record of the visit in its newest version."""

    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What the entity can do once the visit is over."""

    replies: tuple[str, ...]
    may_reply: bool
    wanting: tuple[tuple[int, str], ...]  # questions found wanting that still need proof
    until: date | None  # last day for an objection
    may_object: bool
    objections: tuple[Asked, ...]
    rated: bool
    types: tuple[str, ...]  # the reviewed result, before it is public
    reply_until: date | None
    agreed: bool
    result: PublicResult | None  # what is public


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice for whoever holds its link; names masked, certificates by their tails."""

    id: int
    number: str
    task: str
    version: int
    standing: Standing
    planned: bool  # the visit has not begun
    target: str
    place: str
    begins: datetime
    ends: datetime
    issued: datetime
    departments: tuple[str, ...]
    officers: tuple[Officer, ...]
    others_come: bool  # than the letter names; a new letter is not out yet
    items: tuple[str, ...]
    lines: tuple[Line, ...]
    check_code: str
    complaint_phone: str
    phone: str  # of the department that leads the visit; empty where none is registered
    acknowledged_at: datetime | None
    wish: Wish | None
    windows: tuple[Window, ...]
    recusals: tuple[Asked, ...]
    corrections: tuple[Asked, ...]
    bound: bool
    record: Sheet | None
    after: Afterwards | None

    @property
    def standing_now(self) -> bool:
        return self.standing in (Standing.TODAY, Standing.EARLY, Standing.ON_SITE)

    @property
    def to_prepare(self) -> tuple[Line, ...]:
        """The papers to have ready; the other lines are points that are looked at on site."""
        return tuple(line for line in self.lines if line.paper)

    @property
    def ready(self) -> int:
        return sum(line.ready for line in self.to_prepare)


async def newest(task: str) -> str:
    """The number of the letter whose page the entity of a task would use; "" where there is none."""
    rows = await Notice.filter(task__number=task).exclude(token_sha256="").order_by("-version")
    return str(rows[0].number) if rows else ""


async def notice_page(token: str, at: datetime, district: District) -> NoticePage | None:
    """The notice of this link; None for a token that is nobody's and, as late, for one a year old (D68)."""
    notice = await Notice.get_or_none(token_sha256=hashlib.sha256(token.encode()).hexdigest())
    if notice is None or not notice.letter or notice.created_at + KEPT < at:
        return None
    letter = notice.letter
    task = await Task.get(id=notice.task_id)
    begins, ends = (datetime.fromisoformat(letter[name]) for name in ("begins", "ends"))
    standing = _standing(notice, task, begins, at)
    alive = standing not in (Standing.REPLACED, Standing.REVOKED)
    wish = await _wish(task) if alive else None
    planned = alive and task.state in BEFORE and standing != Standing.OVER
    return NoticePage(
        notice.id, notice.number, task.number, notice.version, standing, planned, letter["target"], letter["place"], begins,
        ends, notice.created_at, tuple(letter["departments"]), await _officers(task),
        planned and bool(await outdated([task], {task.id: letter})),
        tuple(name for _, name, _ in letter["items"]), await _lines(task, letter), notice.check_code,
        letter["complaint_phone"], letter.get("phone", ""), notice.acknowledged_at, wish,
        await windows.free(task, at, district) if planned and wish is None else (),
        await _recusals(task) if alive else (), await _corrections(task) if alive else (),
        await Binding.exists(account__target_id=task.target_id, ended_at=None),
        await _sheet(task) if alive else None,
        await _afterwards(task, at, district) if alive else None,
    )  # fmt: skip


def _standing(notice: Notice, task: Task, begins: datetime, at: datetime) -> Standing:
    if notice.state == NoticeState.REPLACED:
        return Standing.REPLACED
    online = notice.state == NoticeState.REVOKED and without_visit(
        task.ended_at, task.started_at, task.visit_from
    )
    if online or (notice.state == NoticeState.WITHHELD and task.ended_at):
        return Standing.OVER  # not told beforehand; this is its page for what comes now
    if notice.state in (NoticeState.REVOKED, NoticeState.DRAFTED, NoticeState.WITHHELD):
        return Standing.REVOKED
    if task.state == T.ON_SITE:
        return Standing.ON_SITE
    if task.state not in OPEN or local_day(at) > local_day(begins):
        return Standing.OVER
    return Standing.TODAY if local_day(at) == local_day(begins) else Standing.EARLY


async def _officers(task: Task) -> tuple[Officer, ...]:
    """The team as it is now: after a substitution the letter names somebody who will not come."""
    units = {one.code: one.unit for one in await Department.all()}
    asked = {str(one.inspector_id) for one in await RecusalRequest.filter(task=task)}
    seats = Assignment.filter(task=task, until=None).select_related("inspector")
    return tuple(
        Officer(
            one.id, text.masked(one.inspector.name), units.get(one.department, one.department),
            "".join(filter(str.isalnum, one.inspector.certificate or ""))[-4:], one.leader, one.inspector_id in asked,
        )
        for one in await seats.order_by("-leader", "department", "id")
    )  # fmt: skip


async def _lines(task: Task, letter: Mapping[str, Any]) -> tuple[Line, ...]:
    materials = letter["materials"]
    to_prepare = letter.get("papers", len(materials))
    ready = {(one.number, one.text) for one in await Preparation.filter(task=task, ready=True)}
    papers = await _papers(task, "prepare")
    return tuple(
        Line(number, said, (number, said) in ready, papers[number], number <= to_prepare)
        for number, said in enumerate(materials, 1)
    )


async def _papers(task: Task, purpose: str) -> Counter[int | None]:
    """How many papers each line or row has."""
    return Counter(one.subject for one in await Paper.filter(task=task, purpose=purpose))


async def _wish(task: Task) -> Wish | None:
    row = await Postponement.filter(notice__task_id=task.id).order_by("-id").first()
    return Wish(row.reason, row.wanted_from, row.wanted_until, row.granted) if row else None


async def _recusals(task: Task) -> tuple[Asked, ...]:
    """What came of them; the reasons are not shown again, even here."""
    rows = await RecusalRequest.filter(task=task).order_by("id").select_related("inspector")
    return tuple(Asked(text.masked(row.inspector.name), "", row.granted, row.said) for row in rows)


async def _corrections(task: Task) -> tuple[Asked, ...]:
    rows = await Correction.filter(task=task).order_by("id").select_related("question")
    papers = await _papers(task, "correction")
    return tuple(Asked(row.question.text, row.text, row.accepted, row.said, papers[row.id]) for row in rows)


async def _afterwards(task: Task, at: datetime, district: District) -> Afterwards | None:
    if task.state not in (*HEARD, *PUBLISHED):
        return None
    result = await public.of_task(task)
    raised = await Objection.filter(task=task).order_by("id")
    until = objections.last_day(district.calendar, result.since) if result and not result.withdrawn else None
    full = result is not None and sum(one.at >= result.since for one in raised) >= objections.MOST
    types, reply_until, agreed = await _result(task, district)
    replies = await Statement.filter(task=task, kind="reply").order_by("id")
    return Afterwards(
        tuple(text.visible(one.text) for one in replies), task.state in HEARD and len(replies) < REPLIES,
        await _wanting(task), until,
        until is not None and not full and local_day(at) <= until,
        tuple(Asked("", one.text, one.upheld, one.said) for one in raised), await Rating.exists(task=task),
        types, reply_until, agreed, result,
    )  # fmt: skip


async def _result(task: Task, district: District) -> tuple[tuple[str, ...], date | None, bool]:
    """The result that the head agreed to and that is not public yet; until when it may be answered; 无异议."""
    if task.state not in (T.REVIEWED, T.RECORDED):
        return (), None, False
    result = await Result.filter(task=task).order_by("-version").first()
    standing = await publication.standing(task)
    until = rules.open_until(district.calendar, district.reply_days, standing) if standing.told else None
    return tuple(result.types) if result else (), until, standing.agreed


async def _sheet(task: Task) -> Sheet | None:
    row = await Record.filter(task=task).order_by("-version").first()
    return Sheet(row.version, row.sha256) if row else None


async def _wanting(task: Task) -> tuple[tuple[int, str], ...]:
    sheet = await sheet_of(task)
    sent = await Correction.filter(task=task, stage="after")
    done = {row.question_id for row in sent if row.accepted is not False}
    done |= {id for id, n in Counter(row.question_id for row in sent).items() if n >= CORRECTIONS}
    asks = [sheet.ask(number) for number in checklist.failures(sheet)]
    return tuple((ask.number, ask.text) for ask in asks if ask.id not in done)
