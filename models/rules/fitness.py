"""Whether an officer may still go to a task, by what the register says now (Art. 10, 14 (2))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from models.rules.registry.rows import EVERYWHERE, InspectorStatus

LEFT, LEAVE, EXPIRED, AREA, ITEMS = "left", "leave", "expired", "area", "items"
RECUSED = "recused"  # the register names the target among those this officer keeps away from
GROUNDS = (LEFT, LEAVE, EXPIRED, RECUSED, AREA, ITEMS)
UNACCEPTED = "unaccepted"  # of no register: nobody accepted the task a day before its visit
ABSENT = (LEFT, LEAVE, EXPIRED)  # nobody who is so may stand at a door


class OfficerReach(Protocol):
    """Where an officer may go, and what they may check, by the register."""

    @property
    def department(self) -> str: ...
    @property
    def areas(self) -> list[str]: ...
    @property
    def items(self) -> list[str]: ...
    @property
    def recused(self) -> list[str]: ...


class RegisteredOfficer(OfficerReach, Protocol):
    """An officer's row of the register."""

    status: str
    certificate_until: date | None
    leave_from: date | None
    leave_until: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A task: its street, whether the visit is to come, and by department the items that are its to check."""

    street: str
    to_come: bool
    items: Mapping[str, frozenset[str]]
    codes: frozenset[str] = frozenset()  # the target's number and credit code
    fixed: bool = True  # the visit's day is known: a leave of some days rules nobody out of a day that is not


def absent(officer: RegisteredOfficer, day: date, *, dated: bool = True) -> str:
    """Why an officer may not stand at any door on this day: left, on leave, certificate run out; "" if none.
    `dated`: whether a leave from one day until another counts."""
    if officer.status == InspectorStatus.LEFT:
        return LEFT
    if officer.status == InspectorStatus.ON_LEAVE or (
        dated and away(officer.leave_from, officer.leave_until, day)
    ):
        return LEAVE
    if officer.certificate_until is not None and officer.certificate_until < day:
        return EXPIRED
    return ""


def away(start: date | None, end: date | None, day: date) -> bool:
    """Whether a leave takes in this day: an end that is not known is not over, a start that is not has begun."""
    if start is None and end is None:
        return False
    return (start is None or start <= day) and (end is None or day <= end)


def unfit(officer: RegisteredOfficer, place: Place, day: date) -> str:
    """Why an officer may not serve in a task; "" where nothing speaks against it.

    Who has left serves in nothing any more. The rest counts for visits to come: what was checked while the
    certificate held stands.
    """
    why = absent(officer, day, dated=place.fixed)
    if not place.to_come:
        return why if why == LEFT else ""
    return why or unsuited(officer, place)


def unsuited(officer: OfficerReach, place: Place) -> str:
    """What speaks against an officer there on every day: recused, of another area, not for these items; "" if nothing."""
    if place.codes & set(officer.recused):
        return RECUSED
    if not _covers(officer.areas, {place.street} if place.street else frozenset()):
        return AREA
    wanted = place.items.get(officer.department, frozenset())
    return "" if _covers(officer.items, wanted) else ITEMS


def _covers(held: list[str], needed: set[str] | frozenset[str]) -> bool:
    return EVERYWHERE[0] in held or needed <= set(held)
