"""检查日历: seven days from a Monday, as an address names them (Art. 15)."""

from __future__ import annotations

from datetime import date, timedelta

from models.refusal import Refusal
from models.rules import workdays

DAYS = 7
WEEK = timedelta(days=DAYS)


def monday_of(written: str, today: date) -> date:
    """The Monday of the week in which the ISO day `written` lies; "": of this week. Refuses what is no day of a calendar."""
    if not written:
        return _monday(today)
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Refusal("calendar.week", article="15", week=written) from None
    if not workdays.FIRST + WEEK <= day <= workdays.LAST - WEEK:
        raise Refusal("calendar.week", article="15", week=written)
    return _monday(day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=n) for n in range(DAYS))
