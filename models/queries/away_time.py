"""When officers cannot be at a visit: by their own word, on leave or outside their hours by the register (Art. 10, 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.rules import text
from models.rules.away_time import DayPart, part_of
from models.rules.free_times import Window
from models.rules.registry.rows import InspectorStatus
from models.rules.visit import instant
from models.rules.working_hours import read_hours
from models.tables import AwayTime, Inspector

EVER = timedelta(days=3660)  # a leave whose end is not known
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SaidAwayTime:
    """A time that an officer said; `part`: of one day, None where it is other hours."""

    id: int
    officer: str
    name: str
    begins: datetime
    ends: datetime
    part: DayPart | None

    @property
    def window(self) -> Window:
        return Window(self.begins, self.ends)


async def of_officer(code: str, at: datetime) -> tuple[SaidAwayTime, ...]:
    """An officer's own times that are not over, the soonest first."""
    return await between([code], at, at + EVER)


async def find(row_id: int) -> SaidAwayTime | None:
    row = await AwayTime.get_or_none(id=row_id).select_related("inspector")
    return _said(row) if row else None


async def between(people: Iterable[str] | None, begins: datetime, ends: datetime) -> tuple[SaidAwayTime, ...]:
    """What these officers (None: all) said that meets this span and was not taken back, the soonest first."""
    standing = AwayTime.filter(taken_back_at=None, begins__lt=ends, ends__gt=begins)
    if people is not None:
        standing = standing.filter(inspector_id__in=list(people))
    return tuple([_said(row) for row in await standing.select_related("inspector").order_by("begins", "id")])


@dataclass(frozen=True, slots=True)
class OffHours:
    """An officer's working hours by the register, as written, and the times of a span that lie outside them."""

    name: str
    hours: str
    windows: tuple[Window, ...]


async def off_hours(people: Iterable[str], begins: datetime, ends: datetime) -> dict[str, OffHours]:
    """By officer the times of this span outside the working hours that the register holds; nothing for whoever has none."""
    rows = Inspector.filter(code__in=list(people)).exclude(hours="").order_by("code")
    return {str(officer.code): _off_hours(officer, begins, ends) for officer in await rows}


def _off_hours(officer: Inspector, begins: datetime, ends: datetime) -> OffHours:
    outside = tuple(read_hours(officer.hours).outside(begins, ends))
    return OffHours(text.name(officer.name), officer.hours, outside)


async def windows(people: Iterable[str], at: datetime, closes: date) -> dict[str, list[Window]]:
    """By officer every time from now on at which they cannot come: said by themselves, on leave by the register, or
    outside the working hours that it holds, these until the last day looked at."""
    people, result = list(people), defaultdict[str, list[Window]](list)
    for entry in await between(people, at, at + EVER):
        result[entry.officer].append(entry.window)
    for officer in await Inspector.filter(code__in=people):
        if leave := _leave(officer, at):
            result[str(officer.code)].append(leave)
        if officer.hours:
            result[str(officer.code)] += _off_hours(officer, at, instant(closes, time())).windows
    return result


def _leave(officer: Inspector, at: datetime) -> Window | None:
    if officer.status == InspectorStatus.ON_LEAVE:
        return Window(at, at + EVER)
    if officer.leave_from is None and officer.leave_until is None:
        return None
    begins = instant(officer.leave_from, time()) if officer.leave_from else at
    ends = instant(officer.leave_until + DAY, time()) if officer.leave_until else at + EVER
    return Window(begins, ends) if begins < ends else None


def _said(row: AwayTime) -> SaidAwayTime:
    return SaidAwayTime(
        row.id, str(row.inspector_id), text.name(row.inspector.name), row.begins, row.ends,
        part_of(Window(row.begins, row.ends)),
    )  # fmt: skip
