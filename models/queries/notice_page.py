"""What whoever holds a notice's link sees: the visit, its own papers and requests, its rights (Art. 16 (2), 17)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from models.district import District
from models.queries import free_times as windows
from models.queries import public, publication
from models.queries.letter import letter_facts
from models.queries.sheet import sheet_of
from models.rules import checklist, text
from models.rules import objection as objections
from models.rules import publication as rules
from models.rules.free_times import Window
from models.rules.hearing import CORRECTIONS, REPLIES
from models.rules.public.letter import PublicLetter, decision, public_letter
from models.rules.public.result import PublicResult
from models.rules.visit import local_day
from models.states import AFTER_THE_VISIT, BEFORE_PUBLICATION, REVIEWED
from models.tables import (
    Binding,
    Correction,
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

KEPT = timedelta(days=366)


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

    @property
    def outcome(self) -> str:
        return decision(self.granted) or "open"

    @property
    def agreed(self) -> bool:
        return self.granted is True


@dataclass(frozen=True, slots=True)
class Asked:
    """A request or report of the entity, and what became of it (None: not decided yet)."""

    what: str
    text: str
    decided: bool | None
    said: str
    papers: int = 0

    @property
    def outcome(self) -> str:
        return decision(self.decided)


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
    letter: PublicLetter
    target: str
    place: str
    begins: datetime
    ends: datetime
    issued: datetime
    departments: tuple[str, ...]
    items: tuple[str, ...]
    lines: tuple[Line, ...]
    check_code: str
    complaint_phone: str
    phone: str  # of the department that leads the visit; empty where none is registered
    wish: Wish | None
    windows: tuple[Window, ...]
    recusals: tuple[Asked, ...]
    corrections: tuple[Asked, ...]
    bound: bool
    record: Sheet | None
    after: Afterwards | None

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
    letter, task = notice.letter, await Task.get(id=notice.task_id)
    standing = public_letter(await letter_facts(notice, task), at)
    begins, ends = (datetime.fromisoformat(letter[name]) for name in ("begins", "ends"))
    alive = not standing.void
    wish = await _wish(task) if alive else None
    return NoticePage(
        notice.id, notice.number, task.number, notice.version, standing, letter["target"], letter["place"], begins, ends,
        notice.created_at, tuple(letter["departments"]), tuple(name for _, name, _ in letter["items"]),
        await _lines(task, letter), notice.check_code, letter["complaint_phone"], letter.get("phone", ""), wish,
        await windows.free(task, at, district) if standing.planned and wish is None else (),
        await _recusals(task) if alive else (), await _corrections(task) if alive else (),
        await Binding.exists(account__target_id=task.target_id, ended_at=None),
        await _sheet(task) if alive else None,
        await _afterwards(task, at, district) if alive else None,
    )  # fmt: skip


async def _lines(task: Task, letter: Mapping[str, Any]) -> tuple[Line, ...]:
    materials = letter["materials"]
    to_prepare = letter.get("papers", len(materials))
    ready = {
        (preparation.number, preparation.text)
        for preparation in await Preparation.filter(task=task, ready=True)
    }
    papers = await _papers(task, "prepare")
    return tuple(
        Line(number, said, (number, said) in ready, papers[number], number <= to_prepare)
        for number, said in enumerate(materials, 1)
    )


async def _papers(task: Task, purpose: str) -> Counter[int | None]:
    """How many papers each line or row has."""
    return Counter(paper.subject for paper in await Paper.filter(task=task, purpose=purpose))


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
    if task.state not in AFTER_THE_VISIT:
        return None
    result = await public.of_task(task)
    raised = await Objection.filter(task=task).order_by("id")
    until = objections.last_day(district.calendar, result.since) if result and not result.withdrawn else None
    full = result is not None and sum(one.at >= result.since for one in raised) >= objections.MOST
    types, reply_until, agreed = await _result(task, district)
    replies = await Statement.filter(task=task, kind="reply").order_by("id")
    return Afterwards(
        tuple(text.visible(reply.text) for reply in replies), task.state in BEFORE_PUBLICATION and len(replies) < REPLIES,
        await _wanting(task), until,
        until is not None and not full and local_day(at) <= until,
        tuple(Asked("", one.text, one.upheld, one.said) for one in raised), await Rating.exists(task=task),
        types, reply_until, agreed, result,
    )  # fmt: skip


async def _result(task: Task, district: District) -> tuple[tuple[str, ...], date | None, bool]:
    """The result that the head agreed to and that is not public yet; until when it may be answered; 无异议."""
    if task.state not in REVIEWED:
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
