"""The times at which a whole team could come instead (Art. 15, 16 (2)): hours offered, less the hours taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from models.rules import visit

OFFERED = 6
A_DAY = 2
NOON = time(12)


class Window(NamedTuple):
    begins: datetime
    ends: datetime

    def meets(self, other: Window) -> bool:
        """True if the two share a moment; one that ends when the other begins does not meet it."""
        return self.begins < other.ends and other.begins < self.ends


def free(
    days: Iterable[date], taken: Sequence[Window], at: datetime, *, limit: int = OFFERED
) -> tuple[Window, ...]:
    """The next windows of `days` that meet none of `taken`: one in the morning and one in the afternoon."""
    of_day: list[Window] = []
    for day in days:
        of_day += _of_day(day, taken, at)
        if len(of_day) >= limit:
            break
    return tuple(of_day[:limit])


def _of_day(day: date, taken: Sequence[Window], at: datetime) -> list[Window]:
    windows = [Window(begins, begins + visit.LASTS) for begins in visit.starts_offered(day, at)]
    open_windows = [window for window in windows if not any(window.meets(other) for other in taken)]
    halves: dict[bool, Window] = {}
    for window in open_windows:
        halves.setdefault(window.begins.astimezone(visit.SHANGHAI).time() < NOON, window)
    return sorted(halves.values())[:A_DAY]
