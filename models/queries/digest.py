"""召集人月报: what a month came to, from the event log, and what became of the digests that went out (Art. 5, 6, 21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.queries import conference
from models.queries.board import ALL
from models.queries.conference import MeetingLine, ResolutionLine
from models.queries.performance import PerformanceReport, performance
from models.rules.digest import days_of_month
from models.rules.visit import local_day
from models.tables import Event, Outbox, OutboxState

KIND, SENT, AGAIN = "digest", "conference.digest", "conference.digest_again"
LATELY = 24  # sendings that the desk looks back on


@dataclass(frozen=True, slots=True)
class MonthlyDigest:
    """A month (2026-11): the figures of the tasks assigned in it, as they stand; its meetings; what is still open of any.

    `late`: of the open resolutions those past their day.
    """

    month: str
    report: PerformanceReport
    meetings: tuple[MeetingLine, ...]
    open: tuple[ResolutionLine, ...]
    late: int


@dataclass(frozen=True, slots=True)
class DigestSent:
    """One digest on its way to the convenor by a channel; `sent` None: not yet, or failed (`error` says why)."""

    month: str
    channel: str
    sent: datetime | None
    failed: bool
    error: str
    address: str = ""


async def monthly(month: str, at: datetime) -> MonthlyDigest:
    first, last = days_of_month(month)
    open_ = await conference.open_resolutions()
    return MonthlyDigest(
        month, await performance(ALL, at, month=month), await _meetings(first, last), open_,
        sum(line.due < local_day(at) for line in open_),
    )  # fmt: skip


async def _meetings(first: date, last: date) -> tuple[MeetingLine, ...]:
    return tuple(meeting for meeting in await conference.meetings() if first <= meeting.day <= last)


async def sent_digests() -> tuple[DigestSent, ...]:
    """The newest first."""
    rows = await Outbox.filter(kind=KIND).order_by("-id").limit(60)
    return tuple(
        DigestSent(row.payload["month"], row.channel, row.sent_at, row.state == OutboxState.FAILED, row.error)
        for row in rows
    )


async def turns_of(month: str) -> list[list[str]]:
    """Each time that a month's digest was sent: the names that its messages have on their way, the first time first."""
    return [names for of, names in await _turns() if of == month]


async def failed_digests() -> tuple[DigestSent, ...]:
    """Digests that an address or its server refused and that the office has not sent again since, the newest month first."""
    newest = dict((await _turns())[-LATELY:])
    lost = Outbox.filter(
        reference__in=[name for names in newest.values() for name in names],
        state=OutboxState.FAILED,
        kind=KIND,
    )
    rows = sorted(await lost, key=lambda row: (row.payload["month"], row.id), reverse=True)
    return tuple(
        DigestSent(row.payload["month"], row.channel, None, True, row.error, row.address) for row in rows
    )


async def _turns() -> list[tuple[str, list[str]]]:
    sendings = Event.filter(chain="conference", kind__in=[SENT, AGAIN]).order_by("seq")
    return [(sending.data["month"], sending.data.get("names", [])) for sending in await sendings]
