"""不能到的时间: when an officer cannot be at a visit, said by themselves in days, half-days or hours (Art. 15)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from models.refusal import Refusal
from models.rules.free_times import NOON, Window
from models.rules.visit import instant, local_day

LONGEST = timedelta(days=14)  # whoever is away longer is on leave, which the register keeps
FARTHEST = timedelta(days=366)
ARTICLE = "15"


class DayPart(StrEnum):
    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"


def window_of(day: date, part: DayPart) -> Window:
    """A day from midnight to midnight, or the half before or after noon."""
    midnight, noon = instant(day, time()), instant(day, NOON)
    next_day = instant(day + timedelta(days=1), time())
    return {
        DayPart.DAY: Window(midnight, next_day),
        DayPart.MORNING: Window(midnight, noon),
        DayPart.AFTERNOON: Window(noon, next_day),
    }[part]


def part_of(window: Window) -> DayPart | None:
    """Which part of one day a window is; None where it is other hours."""
    day = local_day(window.begins)
    return next((part for part in DayPart if window_of(day, part) == window), None)


def check(window: Window, at: datetime) -> None:
    """Refuse a time that is over, ends before it begins, is longer than two weeks or farther than a year."""
    if window.ends <= window.begins:
        raise Refusal("visit.ends_before_it_begins", article=ARTICLE)
    if window.ends <= at:
        raise Refusal("away.past", article=ARTICLE, day=local_day(window.begins))
    if window.ends - window.begins > LONGEST or window.begins > at + FARTHEST:
        raise Refusal("away.too_long", article=ARTICLE, days=LONGEST.days)
