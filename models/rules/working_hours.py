"""工作时间: the hours of the week at which an officer may be asked to a visit (Art. 10, 15).

Written as people write them: 周一至周五 8:30-12:00,14:30-18:00; 周六 9:00-12:00. Hours without a day hold on every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from models.rules import text
from models.rules.free_times import Window
from models.rules.visit import instant, local_day

NAMES = "一二三四五六日"
EVERY = frozenset(range(7))
DAYS = {name: n for n, name in enumerate(NAMES)} | {"天": 6}
WORDS = {
    "工作日": EVERY, "每天": EVERY, "每日": EVERY, "周末": frozenset({5, 6}),
}  # fmt: skip
"""Visits are on working days alone, so that those of the calendar (make-up days too) are every day here."""
MIDNIGHT = 24 * 60
_TO = r"(?:-|--|—|——|–|~|至|到)"
_DAY = r"(?:每?(?:周|星期|礼拜))?[一二三四五六日天]"
_DAYS = re.compile(rf"({_DAY}(?:{_TO}{_DAY})?(?:[、,和及]{_DAY}(?:{_TO}{_DAY})?)*|{'|'.join(WORDS)})[:]?")
_CLOCK = r"(?:上午|下午|晚上)?(\d{1,2})(?:[:时点](\d{2})?分?)?"
_SPAN = re.compile(rf"(上午|下午|晚上)?{_CLOCK}{_TO}(上午|下午|晚上)?{_CLOCK}[、,和及]?")

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """By weekday (0 is Monday) the spans of the day in minutes, in order; without any, every hour."""

    spans: tuple[Spans, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spans)

    def outside(self, first: datetime, last: datetime) -> Iterator[Window]:
        """The times between two moments that lie outside these hours, day by day."""
        day = local_day(first)
        while self.spans and day <= local_day(last):
            for begins, ends in self._free_of(day):
                yield Window(_moment(day, begins), _moment(day, ends))
            day += timedelta(days=1)

    def _free_of(self, day: date) -> Iterator[tuple[int, int]]:
        free = 0
        for begins, ends in self.spans[day.weekday()]:
            if free < begins:
                yield free, begins
            free = ends
        if free < MIDNIGHT:
            yield free, MIDNIGHT


def _moment(day: date, minute: int) -> datetime:
    return instant(day, time()) + timedelta(minutes=minute)


class NoHours(ValueError):
    """What cannot be read. `part`: the words; `order`: that an end does not come after what stands before it."""

    def __init__(self, part: str, *, order: bool = False) -> None:
        super().__init__(part)
        self.part, self.order = part, order


def read_hours(cell: str) -> WorkingHours:
    """The hours that a cell names; raises NoHours for what is none."""
    folded = "".join(text.likeness(cell).split())
    if not folded:
        return WorkingHours()
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for part in filter(None, re.split(r"[;\n]", folded)):
        on, rest = _days(part)
        for begins, ends in _spans(rest, part):
            for day in on:
                week[day].append((begins, ends))
    for spans in week:
        spans.sort()
        if any(after[0] < before[1] for before, after in pairwise(spans)):
            raise NoHours(cell.strip()[:40], order=True)
    return WorkingHours(tuple(map(tuple, week)))


def _days(part: str) -> tuple[frozenset[int], str]:
    """The days that a part begins with, and what is left of it."""
    match = _DAYS.match(part)
    if match is None:
        return EVERY, part
    if match[1] in WORDS:
        return WORDS[match[1]], part[match.end() :]
    on: set[int] = set()
    for piece in re.split(r"[、,和及]", match[1]):
        ends = [DAYS[name] for name in re.findall(r"[一二三四五六日天](?!期)", piece)]
        if ends[-1] < ends[0]:
            raise NoHours(piece[:40], order=True)
        on.update(range(ends[0], ends[-1] + 1))
    return frozenset(on), part[match.end() :]


def _spans(written: str, part: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    while at < len(written):
        match = _SPAN.match(written, at)
        if match is None:
            raise NoHours(part[:40])
        half, hour, minute, other, until, ending = match.groups()
        begins, ends = _minute(half, hour, minute, part), _minute(other or half, until, ending, part)
        if ends <= begins:
            raise NoHours(match[0].strip(",、")[:40], order=True)
        spans.append((begins, ends))
        at = match.end()
    if not spans:
        raise NoHours(part[:40])
    return spans


def _minute(half: str | None, hour: str, minute: str | None, part: str) -> int:
    whole = int(hour) + (12 if half in ("下午", "晚上") and int(hour) < 12 else 0)
    result = whole * 60 + int(minute or 0)
    if int(minute or 0) > 59 or result > MIDNIGHT:
        raise NoHours(part[:40])
    return result


def written(hours: WorkingHours) -> str:
    """The hours in their one form: days that share their hours together."""
    groups: dict[Spans, list[int]] = {}
    for day, spans in enumerate(hours.spans):
        if spans:
            groups.setdefault(spans, []).append(day)
    return ";".join(
        _named(days) + ",".join(f"{_clock(begins)}-{_clock(ends)}" for begins, ends in spans)
        for spans, days in groups.items()
    )


def _named(days: list[int]) -> str:
    if len(days) == len(EVERY):
        return ""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = (f"周{NAMES[run[0]]}" + (f"至周{NAMES[run[-1]]}" if len(run) > 1 else "") for run in runs)
    return "、".join(names) + " "


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
