"""期限: what a kind of term is: from when it runs, how long, who hears of it and when, what they can do (Art. 5-22)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    WORKDAYS = "workdays"
    DAYS = "days"  # of the calendar
    HOURS = "hours"


class Who(StrEnum):
    OFFICER = "officer"  # an officer of the task who has the thing still to do
    LEADER = "leader"
    HEAD = "head"  # of the department that decides it; where several do, of each that has not
    INITIATING = "initiating"  # the head of the initiating department
    OFFICE = "office"
    LIAISON = "liaison"
    WITNESS = "witness"
    ENTITY = "entity"
    OWNER = "owner"  # whom the conference gave it to


class Stop(StrEnum):
    """Whose turn it is while a term stands still."""

    NEVER = ""
    ENTITY = "entity"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who hears of a term; `since`: from that threshold on, None: of each."""

    who: Who
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table. `length` 0: its rows name the day themselves. `thresholds`: so many units before the end.

    `setting`: the district may set another length; else the regulation fixes it. `later`: why nobody is reminded of it
    yet, empty where they are.
    """

    name: str
    article: str
    anchor: str
    length: int
    unit: Unit
    thresholds: tuple[int, ...]
    told: tuple[Told, ...]
    act: str
    setting: bool = True
    stop: Stop = Stop.NEVER
    later: str = ""

    def hears(self, threshold: int) -> tuple[Who, ...]:
        """Who hears at this threshold; an overdue term has reached every threshold."""
        return tuple(one.who for one in self.told if one.since is None or threshold <= one.since)
