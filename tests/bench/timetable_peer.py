"""The planner that the timetable replaced, as it was: street by street, one visit a day before any day has two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.rules import visit
from models.rules.free_times import Window
from models.rules.workdays import Calendar

HOURS = (timedelta(hours=2), timedelta(minutes=90))  # two visits a day, or four


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task to be visited: who goes there, and where it lies."""

    number: str
    people: frozenset[str]
    near: str = ""  # its street: neighbours are visited one after the other


def days(calendar: Calendar, first: date, last: date, at: datetime, notice_days: int) -> tuple[date, ...]:
    """The working days from `first` to `last` that still leave the notice period."""
    found, day = [], max(first, visit.local_day(at) + timedelta(days=1))
    while day <= last:
        if (
            calendar.is_workday(day)
            and visit.notice_days(calendar, at, visit.instant(day, time(9))) >= notice_days
        ):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def laid_out(
    wanted: Sequence[Wanted],
    days: Sequence[date],
    taken: Mapping[str, Sequence[Window]],
    at: datetime,
    lasts: timedelta = HOURS[0],
) -> dict[str, Window]:
    """Task to time, street by street; a task that finds no room is not in it. `taken`: person to visits.

    The days are filled evenly: no day gets another visit while one could have its first.
    """
    room = {person: list(windows) for person, windows in taken.items()}
    slots = _slots(days, at, lasts)
    found: dict[str, Window] = {}
    for one in sorted(wanted, key=lambda one: (one.near, one.number)):
        window = next((slot for slot in slots if not _meets(slot, one.people, room)), None)
        if window is None:
            continue
        found[one.number] = window
        for person in one.people:
            room.setdefault(person, []).append(window)
    return found


def _slots(days: Sequence[date], at: datetime, lasts: timedelta) -> list[Window]:
    """Every time at which a visit may begin, the first of each day before the second of any."""
    ranked: dict[int, list[Window]] = defaultdict(list)
    for day in days:
        rank, last = 0, None
        for begins in visit.starts_offered(day, at):
            slot = Window(begins, begins + lasts)
            if last is None or not slot.meets(last):
                ranked[rank].append(slot)
                rank, last = rank + 1, slot
    return [slot for rank in sorted(ranked) for slot in ranked[rank]]


def _meets(slot: Window, people: Iterable[str], room: Mapping[str, Sequence[Window]]) -> bool:
    return any(slot.meets(other) for person in people for other in room.get(person, ()))
