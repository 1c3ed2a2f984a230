"""What whoever holds a notice's link sees: the visit, its own papers and requests, its rights (Art. 16 (2), 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from models.district import District
from models.queries import credit, public, publication, rectification
from models.queries import free_times as windows
from models.queries.credit import CreditLine
from models.queries.letter import letter_facts
from models.queries.rectification import OrderLine
from models.queries.sheet import sheet_of
from models.rules import checklist, text, tokens
from models.rules import objection as objections
from models.rules import publication as rules
from models.rules.free_times import Window
from models.rules.hearing import CORRECTIONS, REPLIES
from models.rules.public.letter import LetterValidity, PublicLetter, decision, public_letter
from models.rules.public.result import PublicResult
from models.rules.visit import local_day
from models.states import AFTER_THE_VISIT, BEFORE_PUBLICATION, GIVEN, RECEIPT_DUE, REVIEWED
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
class MaterialLine:
    """A line of the list of materials, with what the entity did about it."""

    number: int
    text: str
    ready: bool
    papers: int
    paper: bool = True  # to be had ready; else a point that is looked at on site


@dataclass(frozen=True, slots=True)
class WishOnPage:
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
class EntityRequest:
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
class NewestRecord:
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
    objections: tuple[EntityRequest, ...]
    rated: bool
    types: tuple[str, ...]  # the reviewed result, before it is public
    reply_until: date | None
    agreed: bool
    result: PublicResult | None  # what is public
    credit: CreditLine | None  # what stands of it in the credit record


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
    lines: tuple[MaterialLine, ...]
    check_code: str
    complaint_phone: str
    phone: str  # of the department that leads the visit; empty where none is registered
    wish: WishOnPage | None
    windows: tuple[Window, ...]
    recusals: tuple[EntityRequest, ...]
    corrections: tuple[EntityRequest, ...]
    bound: bool
    record: NewestRecord | None
    orders: tuple[OrderLine, ...]
    after: Afterwards | None
    facts: Mapping[str, Any]  # of the letter, as approved
    newer: tuple[str, datetime, datetime] | None = None
    """Of a letter that was replaced: number, begin and end of the one that stands now."""

    @property
    def to_prepare(self) -> tuple[MaterialLine, ...]:
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
    notice = await Notice.get_or_none(token_sha256=tokens.hashed(token))
    if notice is None or not notice.letter:
        return None
    letter, task = notice.letter, await Task.get(id=notice.task_id)
    if notice.created_at + KEPT < at and not await _repairable(task, at):
        return None
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
        await rectification.of_task(task.number) if alive else (),
        await _afterwards(task, at, district) if alive else None, letter,
        await _newer(notice) if standing.standing == LetterValidity.REPLACED else None,
    )  # fmt: skip


async def _newer(notice: Notice) -> tuple[str, datetime, datetime] | None:
    """The letter that stands, to whoever holds one that it took the place of; its link goes to the entity's channels alone."""
    row = await Notice.filter(task_id=notice.task_id, state__in=GIVEN).order_by("-version").first()
    if row is None:
        return None
    begins, ends = (datetime.fromisoformat(row.letter[name]) for name in ("begins", "ends"))
    return row.number, begins, ends


async def _repairable(task: Task, at: datetime) -> bool:
    """A page outlives its year for as long as the entity may ask for repair of its credit record (Art. 19)."""
    entry = await credit.of_task(task.number, local_day(at))
    return entry is not None and entry.repairable


async def _lines(task: Task, letter: Mapping[str, Any]) -> tuple[MaterialLine, ...]:
    materials = letter["materials"]
    to_prepare = letter.get("papers", len(materials))
    ready = {
        (preparation.number, preparation.text)
        for preparation in await Preparation.filter(task=task, ready=True)
    }
    papers = await _papers(task, "prepare")
    return tuple(
        MaterialLine(number, material, (number, material) in ready, papers[number], number <= to_prepare)
        for number, material in enumerate(materials, 1)
    )


async def _papers(task: Task, purpose: str) -> Counter[int | None]:
    """How many papers each line or row has."""
    return Counter(paper.subject for paper in await Paper.filter(task=task, purpose=purpose))


async def _wish(task: Task) -> WishOnPage | None:
    row = await Postponement.filter(notice__task_id=task.id).order_by("-id").first()
    return WishOnPage(row.reason, row.wanted_from, row.wanted_until, row.granted) if row else None


async def _recusals(task: Task) -> tuple[EntityRequest, ...]:
    """What came of them; the reasons are not shown again, even here."""
    rows = await RecusalRequest.filter(task=task).order_by("id").select_related("inspector")
    return tuple(EntityRequest(text.masked(row.inspector.name), "", row.granted, row.said) for row in rows)


async def _corrections(task: Task) -> tuple[EntityRequest, ...]:
    rows = await Correction.filter(task=task).order_by("id").select_related("question")
    papers = await _papers(task, "correction")
    return tuple(
        EntityRequest(row.question.text, row.text, row.accepted, row.said, papers[row.id]) for row in rows
    )


async def _afterwards(task: Task, at: datetime, district: District) -> Afterwards | None:
    if task.state not in AFTER_THE_VISIT:
        return None
    result = await public.of_task(task)
    raised = await Objection.filter(task=task).order_by("id")
    until = objections.last_day(district.calendar, result.since) if result and not result.withdrawn else None
    full = result is not None and sum(objection.at >= result.since for objection in raised) >= objections.MOST
    types, reply_until, agreed = await _result(task, district)
    replies = await Statement.filter(task=task, kind="reply").order_by("id")
    return Afterwards(
        tuple(text.visible(reply.text) for reply in replies),
        task.state in BEFORE_PUBLICATION and len(replies) < REPLIES,
        await _wanting(task) if task.state in RECEIPT_DUE else (),
        until,
        until is not None and not full and local_day(at) <= until,
        tuple(EntityRequest("", objection.text, objection.upheld, objection.said) for objection in raised),
        await Rating.exists(task=task),
        types,
        reply_until,
        agreed,
        result,
        await credit.of_task(task.number, local_day(at)),
    )


async def _result(task: Task, district: District) -> tuple[tuple[str, ...], date | None, bool]:
    """The result that the head agreed to and that is not public yet; until when it may be answered; 无异议."""
    if task.state not in REVIEWED:
        return (), None, False
    result = await Result.filter(task=task).order_by("-version").first()
    standing = await publication.standing(task)
    until = rules.open_until(district.calendar, district.reply_days, standing) if standing.told else None
    return tuple(result.types) if result else (), until, standing.agreed


async def _sheet(task: Task) -> NewestRecord | None:
    row = await Record.filter(task=task).order_by("-version").first()
    return NewestRecord(row.version, row.sha256) if row else None


async def _wanting(task: Task) -> tuple[tuple[int, str], ...]:
    sheet = await sheet_of(task)
    sent = await Correction.filter(task=task, stage="after")
    done = {row.question_id for row in sent if row.accepted is not False}
    done |= {id for id, n in Counter(row.question_id for row in sent).items() if n >= CORRECTIONS}
    ordered = {
        point.number
        for order in await rectification.of_task(task.number)
        if order.provable
        for point in order.points
    }
    asks = [sheet.ask(number) for number in checklist.failures(sheet) if number not in ordered]
    return tuple((ask.number, ask.text) for ask in asks if ask.id not in done)
