"""When a visit may be, and who must be there (Art. 15, 16; two officers of each department)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.refusal import Refusal
from models.rules.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICERS = 2
STARTS = (time(9, 0), time(10, 30), time(15, 0), time(16, 30))
LASTS = timedelta(hours=2)


def local_day(at: datetime) -> date:
    """The calendar day in the district at this instant."""
    return at.astimezone(SHANGHAI).date()


def instant(day: date, clock: time) -> datetime:
    """The instant of a wall clock time in the district."""
    return datetime.combine(day, clock, SHANGHAI)


def days_offered(
    calendar: Calendar,
    opens: date,
    closes: date,
    at: datetime,
    limit: int | None = 6,
    *,
    practice: bool = False,
) -> list[date]:
    """The next working days of the batch's window, today included; in a rehearsal today even if it is none.

    `limit`: so many of them; None: to the window's end.
    """
    today = local_day(at)
    day = max(opens, today)
    results: list[date] = []
    while day <= closes and (limit is None or len(results) < limit):
        if (calendar.is_workday(day) and starts_offered(day, at)) or (practice and day == today):
            results.append(day)
        day += timedelta(days=1)
    return results


def starts_offered(day: date, at: datetime, *, practice: bool = False) -> list[datetime]:
    """When a visit may begin on this day: not one that would be over by now; in a rehearsal also at once."""
    starts = [instant(day, clock) for clock in STARTS]
    open_starts = [begins for begins in starts if begins + LASTS > at]
    at_once = at.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    return [at_once, *open_starts] if practice and day == local_day(at) else open_starts


def check_window(begins: datetime, ends: datetime, opens: date, closes: date, at: datetime) -> None:
    """Refuse a visit outside the batch's days, in the past, or ending before it begins."""
    if ends <= begins:
        raise Refusal("visit.ends_before_it_begins", article="15")
    if not opens <= local_day(begins) <= closes:
        raise Refusal("visit.outside_batch", article="15", day=local_day(begins), opens=opens, closes=closes)
    if ends <= at:
        raise Refusal("visit.in_the_past", article="15", day=local_day(begins))


def minute(at: datetime) -> int:
    """An instant as a whole number of minutes: short enough for a button."""
    return int(at.timestamp()) // 60


def notice_days(calendar: Calendar, at: datetime, begins: datetime) -> int:
    """Working days between the day the notice goes out and the day of the visit."""
    told, day = local_day(at), local_day(begins)
    return calendar.workdays_between(told, day) if day > told else 0


def short_handed(crew: Iterable[str], present: Sequence[str]) -> list[str]:
    """The departments with fewer than two officers on site."""
    there = Counter(present)
    return [department for department in sorted(crew) if there[department] < OFFICERS]


def without_visit(ended: datetime | None, began: datetime | None, fixed: datetime | None) -> bool:
    """True for an inspection that ended from the network check: its letter fell, its page is for what comes now."""
    return ended is not None and began is None and fixed is None
