"""稍后提醒: how long somebody may put off hearing of a term: never past its last day (Art. 16 (3))."""

from __future__ import annotations

from datetime import date

from models.refusal import Refusal
from models.rules.workdays import Calendar

LONGEST = 200  # characters of a reason
REASONS = ("waiting", "doing", "away")
"""Reasons that have a button; any other is written."""
OFFERED = 4


def days_offered(due: date, today: date, calendar: Calendar) -> tuple[date, ...]:
    """The next working days before the last day, and the last day itself; none once it has come."""
    days: list[date] = []
    while len(days) < OFFERED - 1:
        day = calendar.nth_workday_after(today, len(days) + 1).date
        if day >= due:
            break
        days.append(day)
    return (*days, due) if due > today else ()


def check(until: date, due: date, today: date, reason: str) -> None:
    """Refuse a day that is no later one, one beyond the last day, and silence without a reason."""
    if due <= today:
        raise Refusal("snooze.last_day", article="16(3)", due=due)
    if not today < until <= due:
        raise Refusal("snooze.when", article="16(3)", until=until, due=due)
    if not reason:
        raise Refusal("snooze.no_reason", article="16(3)")
