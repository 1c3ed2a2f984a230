"""期限: what a kind of term is: from when it runs, how long, who hears of it and when, what they can do (Art. 5-22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PERSONAL = ("register", "certificate", "expert")
"""Kinds of term that a person's name stands for."""


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
class TermRecipient:
    """Somebody who hears of a term; `since`: from that threshold on, None: of each."""

    who: Who
    since: int | None = None


@dataclass(frozen=True, slots=True)
class TermKind:
    """A row of the table. `length` 0: its rows name the day themselves. `thresholds`: so many units before the end.

    `every`: overdue is said again after so many days. `setting`: the district may set another length; else the
    regulation fixes it. `later`: why nobody is reminded of it yet, empty where they are.
    """

    name: str
    article: str
    anchor: str
    length: int
    unit: Unit
    thresholds: tuple[int, ...]
    told: tuple[TermRecipient, ...]
    act: str
    setting: bool = True
    stop: Stop = Stop.NEVER
    later: str = ""
    every: int = 7

    def hears(self, threshold: int) -> tuple[Who, ...]:
        """Who hears at this threshold; an overdue term has reached every threshold."""
        return tuple(
            recipient.who
            for recipient in self.told
            if recipient.since is None or threshold <= recipient.since
        )


def of_term(term: Mapping[str, Any]) -> str:
    """What a term of a reminder's message is of, with nobody's name: its task, else its title, the year, the officer's
    number."""
    if term.get("task"):
        return str(term["task"])
    return str(term.get("code" if term.get("kind") in PERSONAL else "named") or "")
