"""召集人月报: which month is told of on which day, and by which channel (Art. 5, 6, 21)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from models.refusal import Refusal
from models.rules.phone import mobile
from models.rules.workdays import Calendar

MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])$", re.ASCII)
ADDRESS = re.compile(r"[^\s@,]+@[^\s@,]+$")


def month_told(today: date, calendar: Calendar) -> str:
    """The month before (2026-11), from this month's first working day on; "" before it."""
    first = today.replace(day=1)
    day = first
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return f"{first - timedelta(days=1):%Y-%m}" if today >= day else ""


def days_of_month(month: str) -> tuple[date, date]:
    """The first and the last day of a month written as 2026-11; refuses what is none."""
    if not MONTH.match(month):
        raise Refusal("digest.month", article="21", month=month[:16])
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def read_convenor(written: str) -> tuple[tuple[str, str], ...]:
    """Channel and address of each part: e-mails and mobile numbers, parted by commas. ValueError names what is neither."""
    addresses = []
    for part in filter(None, map(str.strip, written.replace("，", ",").split(","))):
        if ADDRESS.match(part):
            addresses.append(("email", part))
        elif number := mobile(part):
            addresses.append(("sms", number))
        else:
            raise ValueError(part)
    return tuple(addresses)
