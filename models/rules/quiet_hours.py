"""安静时段: the hours in which nobody is disturbed (Art. 16): a setting of the district, in its own time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from models.rules.visit import SHANGHAI


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` on, before `end`; over midnight where `begin` is the later of the two, none where both are one."""

    begin: time = time(21, 0)
    end: time = time(7, 30)

    def hold(self, at: datetime) -> bool:
        clock = at.astimezone(SHANGHAI).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def written(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


USUAL = QuietHours()
CLOCK = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
HOURS = re.compile(f"{CLOCK}-{CLOCK}", re.ASCII)


def read_quiet_hours(written: str) -> QuietHours:
    """From `21:00-07:30`. Raises ValueError for anything else."""
    match = HOURS.fullmatch(written.strip())
    if not match:
        raise ValueError(f"no hours: {written}")
    begin, end = (time.fromisoformat(clock) for clock in match.groups())
    return QuietHours(begin, end)
