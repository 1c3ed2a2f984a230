"""What a timetable is made of: visits, the limits they keep, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from models.rules.datum import Point
from models.rules.free_times import Window

STEP = 15  # minutes: visits begin on the quarter hour


@dataclass(frozen=True, slots=True)
class VisitToPlace:
    """A visit to be placed. `told`: the time that was already said; `fixed`: it stays there, whatever comes.

    `minutes`: how long it lasts; `shut`: when the entity cannot; `team`: whose day it fills, one leader's.
    """

    number: str
    people: frozenset[str]
    minutes: int
    team: str = ""
    place: Point | None = None
    street: str = ""
    shut: tuple[Window, ...] = ()
    told: Window | None = None
    fixed: bool = False

    @property
    def lasts(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class DayLimits:
    """What every day keeps. `lunch`: minutes free between the two halves, travel not counted.

    `base`: where a day begins and ends; without it the middle of all places. `matrix`: metres of road by two task
    numbers ("" is the base), where the operator has them.
    """

    a_day: int = 4
    halves: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(14), time(17, 30)))
    lunch: int = 60
    base: Point | None = None
    matrix: Mapping[tuple[str, str], float] | None = None


class UnplacedReason(StrEnum):
    """Why a visit found no place."""

    NO_DAY = "no_day"  # no working day of the window leaves the notice period
    TOO_LONG = "too_long"  # it fits into no half of a day
    PEOPLE = "people"  # somebody is elsewhere whenever it could be
    CLOSED = "closed"  # the entity cannot on any of the days
    FULL = "full"  # every day has as many visits as a day may have


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a visit found no place: who is not free, and on which days."""

    why: UnplacedReason
    people: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Timetable:
    """Each placed visit's time, and what is left with its cause. `metres`: road of all days, from the base and back."""

    windows: Mapping[str, Window] = field(default_factory=dict)
    left: Mapping[str, Cause] = field(default_factory=dict)
    metres: int = 0
    team_days: int = 0


def minutes_for(questions: int) -> int:
    """How long a visit takes: half an hour to arrive, explain and sign, and three minutes a question (45 to 180)."""
    needed = 30 + 3 * questions
    return min(180, max(45, -(-needed // STEP) * STEP))
