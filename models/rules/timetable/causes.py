"""Why a visit found no time: in words somebody can act on (who is elsewhere, and when)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from models.rules.free_times import Window
from models.rules.timetable.day import Span, minute, span_on
from models.rules.timetable.model import STEP, Cause, DayLimits, UnplacedReason, VisitToPlace

NAMED = 3


def cause(
    visit: VisitToPlace, days: Sequence[date], busy: Mapping[str, Sequence[Window]], limits: DayLimits
) -> Cause:
    """The first thing that would have to change for this visit to find a time."""
    if not days:
        return Cause(UnplacedReason.NO_DAY)
    halves = [(minute(begins), minute(ends)) for begins, ends in limits.halves]
    if all(ends - begins < visit.minutes for begins, ends in halves):
        return Cause(UnplacedReason.TOO_LONG)
    open_days = [day for day in days if _room(visit, halves, _shut(day, visit.shut))]
    if not open_days:
        return Cause(UnplacedReason.CLOSED, days=tuple(days))
    stopped: Counter[str] = Counter()
    for day in open_days:
        mine = {person: _shut(day, busy.get(person, ())) for person in visit.people}
        everybody = [span for spans in mine.values() for span in spans] + _shut(day, visit.shut)
        if _room(visit, halves, everybody):
            return Cause(UnplacedReason.FULL, days=tuple(open_days))
        stopped.update(person for person, spans in mine.items() if spans)
    people = sorted(stopped, key=lambda person: (-stopped[person], person))[:NAMED]
    return Cause(UnplacedReason.PEOPLE, tuple(people), tuple(open_days))


def _shut(day: date, windows: Sequence[Window]) -> list[Span]:
    return [span for window in windows if (span := span_on(day, window))]


def _room(visit: VisitToPlace, halves: Sequence[Span], shut: Sequence[Span]) -> bool:
    return any(
        not any(start < begins + visit.minutes and begins < end for start, end in shut)
        for opens, closes in halves
        for begins in range(-(-opens // STEP) * STEP, closes - visit.minutes + 1, STEP)
    )
