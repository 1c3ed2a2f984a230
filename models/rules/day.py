"""A day as people and spreadsheets write it; the time of day beside it is not asked for (Art. 10)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from models.rules import text
from models.rules.cell import ENDLESS

FIRST, SOONEST, LATEST = (
    date(1899, 12, 30),
    18264,
    73051,
)  # the days of 1950 to 2100, as a spreadsheet numbers them
FOREVER = date(9999, 9, 9)
CHINA = timezone(timedelta(hours=8))
_JOINED = re.compile(r"\s*([-/.年月])\s*(?=\d)")
_DAY = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})\s?日?|(\d{2})(\d{2}))"
    r"(?:\s*(?:\(?(?:星期|周)[一二三四五六日天]\)?))?"
    r"(?:(?:\s+|T|(?<=日))(?:上午|下午|凌晨|晚上)?\s*\d{1,2}\s?[:时点]\s?(?:\d{1,2}\s?[:分]?\s?(?:\d{1,2}(?:\.\d+)?\s?秒?)?)?"
    r"\s*(?:[AP]M)?)?",
    re.ASCII,
)
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})", re.ASCII)


@lru_cache(maxsize=8192)
def read_day(written: str, *, endless: bool = False) -> date | None:
    """2026-11-20, 2026/11/20 8:00:00, 20261120, 2026年11月20日; None for what is no day.

    `endless`: 长期, 永久 are 9999-09-09 as the province writes it. A time with its zone is of China's day.
    """
    try:
        if len(written) == 10 and written[4] == "-" and written[7] == "-":
            return FOREVER if endless and written in ENDLESS else date.fromisoformat(written)
    except ValueError:
        return None
    value = " ".join(unicodedata.normalize("NFKC", text.name(written)).upper().split())
    if endless and "".join(value.split()) in ENDLESS:
        return FOREVER
    try:
        if _ZONED.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(CHINA).date()
        value = _JOINED.sub(r"\1", value)
        if match := _DAY.fullmatch(value.removeprefix("至") if endless else value):
            return date(*(int(part) for part in match.groups() if part))
    except ValueError:
        pass
    return None


def serial_day(written: str) -> date | None:
    """The day that a spreadsheet's number of a day may mean, 43528: to be asked about, never taken."""
    value = unicodedata.normalize("NFKC", text.name(written)).strip()
    if not (value.isascii() and value.isdigit() and len(value) == 5 and SOONEST <= int(value) < LATEST):
        return None
    return FIRST + timedelta(days=int(value))
