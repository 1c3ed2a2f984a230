"""The days off that hold: those that came with the program, and over them each year that the office brought in (Art. 16 (3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.data import workday_calendar
from models.district import District
from models.rules.registry.calendar import Year, merged
from models.rules.workdays import Calendar
from models.tables import CalendarYear


@dataclass(frozen=True, slots=True)
class AnnouncedYear:
    """A year that the office brought in, and where it has it from."""

    year: int
    off: int
    work: int
    source: str
    dated: date | None
    at: datetime


async def current() -> Calendar:
    """The calendar by which terms are counted now."""
    return merged(workday_calendar(), await _years())


async def refresh(district: District) -> bool:
    """Let the district count by the office's lists too, once there are some; True when they changed."""
    years = await _years()
    now = merged(workday_calendar(), years) if years else district.calendar
    if now == district.calendar:
        return False
    district.announce(now)
    return True


async def announced() -> tuple[AnnouncedYear, ...]:
    """The years that were brought in, the newest first."""
    rows = await CalendarYear.all().order_by("-year")
    return tuple(
        AnnouncedYear(row.year, len(row.off), len(row.work), row.source, row.dated, row.imported_at)
        for row in rows
    )


async def _years() -> tuple[Year, ...]:
    rows = await CalendarYear.all().order_by("year")
    return tuple(Year(row.year, _days(row.off), _days(row.work)) for row in rows)


def _days(written: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in written)
