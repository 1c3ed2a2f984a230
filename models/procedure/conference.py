"""联席会议: the office writes down a meeting and what it resolved; who was given it reports (Art. 5, 6, 21)."""

from __future__ import annotations

from datetime import date, datetime

from models import store
from models.operations import event
from models.procedure import recipients
from models.queries import conference
from models.queries.conference import MeetingLine, ResolutionLine
from models.queries.person import departments
from models.refusal import Refusal
from models.rules import conference as rules
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.conference import ARTICLE, MeetingForm
from models.rules.visit import local_day
from models.tables import Meeting, Resolution

CHAIN = "conference"
NAMED = 40  # characters of a resolution in a text message


@store.transactional
async def hold(form: MeetingForm, *, by: Actor, at: datetime, key: str | None = None) -> MeetingLine:
    """The office writes down a meeting that was held; its minutes never change."""
    require(by, Role.OFFICE, article=ARTICLE)
    if known := await event.find_by_key(key):
        return await _meeting(int(known.data["meeting"]))
    tidy = rules.read_meeting(form, await departments(), local_day(at))
    row = await Meeting.create(
        day=tidy.day, title=tidy.title, chair=tidy.chair, departments=list(tidy.departments), minutes=tidy.minutes,
        by=by.mark, at=at,
    )  # fmt: skip
    await event.record(CHAIN, "conference.held", by=by, at=at, key=key, meeting=row.id, title=tidy.title)
    return await _meeting(row.id)


@store.transactional
async def resolve(
    meeting: int,
    written: str,
    owner: str,
    due: date | None,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> ResolutionLine:
    """The office writes down what a department is to do by a day; without owner and day nothing is open."""
    require(by, Role.OFFICE, article=ARTICLE)
    if known := await event.find_by_key(key):
        return await _resolution(int(known.data["resolution"]))
    held = await _meeting(meeting)
    rules.check_department(owner, await departments())
    wanted, last = rules.read_resolution(written, due, held.day)
    row = await Resolution.create(
        meeting_id=held.id, text=wanted, owner=owner, due=last, by=by.mark, at=at
    )  # fmt: skip
    await event.record(
        CHAIN, "conference.resolved", by=by, at=at, key=key, resolution=row.id, owner=owner, due=last.isoformat()
    )  # fmt: skip
    await _tell(row, "conference.resolved", at)
    return await _resolution(row.id)


@store.transactional
async def report(
    resolution: int, written: str, *, by: Actor, at: datetime, key: str | None = None
) -> ResolutionLine:
    """The department says what it has done; that ends the term. The office does so for whoever tells it otherwise."""
    require(by, Role.HEAD, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _open(resolution, by)
    if row is None or await event.find_by_key(key):
        return await _resolution(resolution)
    await _end(row, written, by, at, key, dropped=False)
    return await _resolution(resolution)


@store.transactional
async def drop(
    resolution: int, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> ResolutionLine:
    """The office gives a resolution up, with a reason that stands beside it."""
    require(by, Role.OFFICE, article=ARTICLE)
    row = await _open(resolution, by)
    if row is None or await event.find_by_key(key):
        return await _resolution(resolution)
    await _end(row, reason, by, at, key, dropped=True)
    return await _resolution(resolution)


async def _end(
    row: Resolution, written: str, by: Actor, at: datetime, key: str | None, *, dropped: bool
) -> None:
    words = text.visible(written).strip()[: rules.MINUTES]
    if not words:
        raise Refusal("conference.needs_report", ARTICLE)
    row.report, row.ended_by, row.ended_at, row.dropped = words, by.mark, at, dropped
    await row.save(update_fields=["report", "ended_by", "ended_at", "dropped"])
    kind = "conference.dropped" if dropped else "conference.reported"
    await event.record(CHAIN, kind, by=by, at=at, key=key, resolution=row.id)
    if dropped:
        await _tell(row, kind, at)


async def _tell(row: Resolution, kind: str, at: datetime) -> None:
    """Head and liaison of the department hear at once, not only when the last days have come."""
    to = await recipients.heads([row.owner]) + await recipients.liaisons([row.owner])
    await recipients.tell(
        to,
        kind,
        key=f"{kind}:{row.id}",
        at=at,
        chain=CHAIN,
        resolution=row.id,
        about=text.name(row.text)[:NAMED],
    )


async def _open(number: int, by: Actor) -> Resolution | None:
    """The row, for its department and the office; None where it is over. Others' is like none."""
    row = await Resolution.get_or_none(id=number)
    if row is None or (by.role != Role.OFFICE and by.department != row.owner):
        raise Refusal("conference.unknown", ARTICLE)
    return row if row.ended_at is None else None


async def _meeting(number: int) -> MeetingLine:
    if (line := await conference.meeting(number)) is None:
        raise Refusal("conference.unknown", ARTICLE)
    return line


async def _resolution(number: int) -> ResolutionLine:
    if (line := await conference.resolution(number)) is None:
        raise Refusal("conference.unknown", ARTICLE)
    return line
