"""季度核对: four times a year an officer is asked whether the register is still right of them (Art. 7, 10)."""

from __future__ import annotations

from datetime import date, timedelta

from models.refusal import Refusal
from models.rules.term.kinds import BY_NAME
from models.rules.workdays import Calendar

ARTICLE = "10"
FACTS = ("name", "department", "areas", "items", "certificate", "hours")
"""What is asked about; an answer names the one that is wrong, or none."""


def quarter_of(day: date) -> str:
    """Its quarter as it is written: 2027Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def asked_on(day: date, calendar: Calendar) -> date:
    """The first working day of the day's quarter."""
    before = date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(1)
    return calendar.nth_workday_after(before, 1).date


def is_asking(day: date, calendar: Calendar) -> bool:
    """Whether the question of this quarter may be put on this day: from its first working day on for as many as its
    term has, so that a server that was off then asks when it is back."""
    first = asked_on(day, calendar)
    return first <= day and calendar.workdays_between(first, day) < BY_NAME["register"].length


def check(wrong: str) -> None:
    """Raises Refusal `enquiry.fact` for what nobody asked about. `wrong`: "" where all is right."""
    if wrong and wrong not in FACTS:
        raise Refusal("enquiry.fact", ARTICLE, fact=wrong[:20])
