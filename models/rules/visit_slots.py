"""检查日历: the times of a day that a visit can be moved to on the calendar (Art. 15)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from models.rules import visit
from models.rules.free_times import Window

STEP = timedelta(minutes=30)
FIRST, LAST = time(8, 30), time(18)


class SlotState(StrEnum):
    """What a time would come to."""

    FREE = "free"
    HERE = "here"  # where the visit stands
    WARNED = "warned"  # it can be asked about, though something speaks against it
    REFUSED = "refused"  # asking would be refused


def slots_of_day(day: date, lasts: timedelta) -> tuple[Window, ...]:
    """Every half hour at which a visit of this length begins and ends within the day's hours; at least the first."""
    begins, last = visit.instant(day, FIRST), visit.instant(day, LAST) - lasts
    windows = [Window(begins, begins + lasts)]
    while (begins := begins + STEP) <= last:
        windows.append(Window(begins, begins + lasts))
    return tuple(windows)


def length_of(begins: datetime | None, ends: datetime | None) -> timedelta:
    """As long as it stands now; a visit without a time lasts two hours."""
    return ends - begins if begins and ends else visit.LASTS
