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
from models.tables import Outbox, OutboxState

KIND = "digest"


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
