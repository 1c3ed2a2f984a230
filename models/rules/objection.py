"""异议: against a published result, within five working days; the day of publication is not counted (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import date, datetime

from models.refusal import Refusal
from models.rules.visit import local_day
from models.rules.workdays import Calendar

DAYS, MOST = 5, 5  # working days; objections to one result


def last_day(calendar: Calendar, published_at: datetime) -> date:
    """The last day on which an objection is taken."""
    return calendar.nth_workday_after(local_day(published_at), DAYS).date


def check_term(calendar: Calendar, published_at: datetime, at: datetime) -> None:
    """Refuse an objection after the term, naming its last day."""
    until = last_day(calendar, published_at)
    if local_day(at) > until:
        raise Refusal("objection.too_late", article="16(3)", day=until)
