"""Working days as the State Council announces them each November (Art. 16 (3): 20 working days).

The day that starts a term is not counted (Civil Code Art. 201). A term that touches a year
whose list is not yet announced is provisional (暂定): counted with the statutory days known, and again later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from models.refusal import Refusal

ENTRY_DAYS = 20
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
_FIRST, _LAST = FIRST.toordinal(), LAST.toordinal()


class Deadline(NamedTuple):
    """The last day of a term; `provisional` while a year in it has no announced list."""

    date: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Off days and make-up days by year; everything else is Monday to Friday."""

    announced: frozenset[int]
    off: frozenset[date]
    makeup: frozenset[date]
    _working: list[int] = field(init=False, repr=False, compare=False)
    _counted: list[int] = field(init=False, repr=False, compare=False)
    _open: list[int] = field(init=False, repr=False, compare=False)
    _firm: list[Deadline] = field(init=False, repr=False, compare=False)
    _loose: list[Deadline] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = [date.fromordinal(ordinal) for ordinal in range(_FIRST, _LAST + 1)]
        working = [day for day in days if self.is_workday(day)]
        worked = accumulate((self.is_workday(day) for day in days), initial=0)
        unannounced = accumulate((day.year not in self.announced for day in days), initial=0)
        tables = {
            "_working": [day.toordinal() for day in working],
            "_counted": list(worked),
            "_open": list(unannounced),
            "_firm": [Deadline(day, False) for day in working],
            "_loose": [Deadline(day, True) for day in working],
        }
        for name, table in tables.items():
            object.__setattr__(self, name, table)

    def is_workday(self, day: date) -> bool:
        """True for Monday to Friday and make-up days, save the days off."""
        return day in self.makeup or (day.weekday() < 5 and day not in self.off)

    def nth_workday_after(self, start: date, n: int = ENTRY_DAYS) -> Deadline:
        """The n-th working day after `start` (n ≥ 1); `start` itself may be any day and is not counted."""
        at = start.toordinal() - _FIRST
        try:
            if at < 0 or n < 1:
                raise IndexError
            index = self._counted[at + 1] + n - 1
            end = self._working[index] - _FIRST
        except IndexError:
            raise Refusal("workdays.beyond_calendar", article="16(3)", start=start, days=n) from None
        return self._loose[index] if self._open[end + 1] > self._open[at + 1] else self._firm[index]

    def nth_workday_before(self, end: date, n: int) -> Deadline:
        """The n-th working day before `end` (n ≥ 1), `end` not counted: the latest day to give a notice."""
        at = end.toordinal() - _FIRST
        if n < 1 or not 0 <= at <= _LAST - _FIRST or self._counted[at] < n:
            raise Refusal("workdays.beyond_calendar", article="16(2)", start=end, days=-n)
        index = self._counted[at] - n
        begin = self._working[index] - _FIRST
        return self._loose[index] if self._open[at + 1] > self._open[begin] else self._firm[index]

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        for day in (start, end):
            if not FIRST <= day <= LAST:
                raise Refusal(
                    "workdays.beyond_calendar", article="16(3)", start=start, days=(end - start).days
                )
        counted = self._counted
        return counted[end.toordinal() - _FIRST + 1] - counted[start.toordinal() - _FIRST + 1]

    def missing_years(self, today: date, months: int = 2) -> list[int]:
        """Years within `months` (1 to 12) from `today` without an announced list, for `doctor`."""
        ahead = today.year + (today.month + months > 12)
        return [year for year in range(today.year, ahead + 1) if year not in self.announced]


def calendar_from(source: Mapping[str, Any]) -> Calendar:
    """Read `{"years": {"2026": {"status": "announced", "off": [ISO day], "work": [ISO day]}}}`.

    A day outside its year, a day that is no date, or one both off and worked: refused, naming year and day.
    """
    off: set[date] = set()
    makeup: set[date] = set()
    announced: set[int] = set()
    for year, lists in source["years"].items():
        rest, work = (_days(year, lists[kind]) for kind in ("off", "work"))
        if twice := rest & work:
            raise Refusal("workdays.day_twice", article="16(3)", year=year, day=min(twice))
        off |= rest
        makeup |= work
        if lists["status"] == "announced":
            announced.add(int(year))
    return Calendar(frozenset(announced), frozenset(off), frozenset(makeup))


def _days(year: str, written: list[str]) -> set[date]:
    days = set()
    for day in written:
        try:
            read = date.fromisoformat(day)
        except ValueError:
            raise Refusal("workdays.bad_day", article="16(3)", year=year, day=day) from None
        if read.year != int(year):
            raise Refusal("workdays.bad_day", article="16(3)", year=year, day=day)
        days.add(read)
    return days
