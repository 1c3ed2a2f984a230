"""告知书的说法: what may be said of a letter to whoever holds its link, and to those it is read out to (Art. 16 (2)).

A letter names the team as printed; who comes is who has a seat now, and who was replaced since is named. A day that
passed is no visit: an inspection is said to be over only if it ended, a visit to have been held only if it began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.rules import text
from models.rules.visit import local_day, without_visit
from models.states import BEFORE_THE_VISIT, NOT_TOLD
from models.states import NoticeState as N
from models.states import TaskState as T


class LetterValidity(StrEnum):
    """What a letter is worth at the moment it is looked at."""

    TODAY = "today"  # genuine, and the visit is today
    EARLY = "early"  # genuine, but the visit is on a later day
    ON_SITE = "on_site"  # genuine, and the visit has begun
    OVER = "over"  # the visit was held and is over
    NO_VISIT = "no_visit"  # the inspection ended without a visit
    LAPSED = "lapsed"  # its day passed or the visit broke off, and nothing says that it is over
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class LetterOfficer:
    """An officer's place in the team now. `asked`: this entity wants the officer to stay away."""

    id: int
    name: str
    unit: str
    tail: str
    leader: bool
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """An officer as a letter names them. `seat`: their place when it was printed, 0 where the letter does not hold it."""

    name: str
    unit: str
    tail: str
    leader: bool
    seat: int = 0


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the rows hold of a letter. `printed`, `agencies`: as the letter has them; `seats`, `assisting`: as it is now."""

    state: N
    task: T
    begins: datetime
    fixed: datetime | None
    began: datetime | None
    ended: datetime | None
    acknowledged_at: datetime | None
    printed: tuple[Named, ...]
    seats: tuple[LetterOfficer, ...]
    agencies: tuple[str, ...] = ()
    assisting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormerOfficer:
    """Somebody whom the letter names and who has no seat any more. `instead`: who has one of that department's now
    and is not named."""

    name: str
    unit: str
    tail: str
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamChanges:
    """In what the team differs from the letter. `leader`: who leads now, "" if it is whom the letter names."""

    replaced: tuple[FormerOfficer, ...] = ()
    leader: str = ""
    agencies_gone: tuple[str, ...] = ()
    agencies_new: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()  # officers beside those who step in for somebody

    def __bool__(self) -> bool:
        return any((self.replaced, self.leader, self.agencies_gone, self.agencies_new, self.joined))


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """What is said of a letter: nothing that `LetterFacts` does not hold; officers' names masked."""

    standing: LetterValidity
    planned: bool  # the visit has still to be held
    received: datetime | None
    team: tuple[LetterOfficer, ...]
    assisting: tuple[str, ...]
    changes: TeamChanges

    @property
    def valid(self) -> bool:
        return self.standing in (LetterValidity.TODAY, LetterValidity.EARLY, LetterValidity.ON_SITE)

    @property
    def void(self) -> bool:
        """It does not count any more, whatever becomes of the inspection."""
        return self.standing in (LetterValidity.REPLACED, LetterValidity.REVOKED)

    @property
    def not_today(self) -> bool:
        return self.standing == LetterValidity.EARLY

    @property
    def others_come(self) -> bool:
        return self.planned and bool(self.changes)


def public_letter(facts: LetterFacts, at: datetime) -> PublicLetter:
    """What may be said of the letter at this instant."""
    standing = _standing(facts, at)
    void = standing in (LetterValidity.REPLACED, LetterValidity.REVOKED)
    planned = facts.task in BEFORE_THE_VISIT and standing in (LetterValidity.TODAY, LetterValidity.EARLY)
    team = tuple(
        LetterOfficer(seat.id, text.masked(seat.name), seat.unit, seat.tail, seat.leader, seat.asked)
        for seat in facts.seats
    )
    changes = team_changes(facts.printed, facts.seats, facts.agencies, facts.assisting, masked=True)
    return PublicLetter(
        standing, planned, facts.acknowledged_at, () if void else team, () if void else facts.assisting,
        TeamChanges() if void else changes,
    )  # fmt: skip


def _standing(facts: LetterFacts, at: datetime) -> LetterValidity:
    if facts.state == N.REPLACED:
        return LetterValidity.REPLACED
    if facts.state == N.DRAFTED or (facts.state in NOT_TOLD and not _page_stays(facts)):
        return LetterValidity.REVOKED
    if facts.ended is not None:
        return LetterValidity.OVER if facts.began is not None else LetterValidity.NO_VISIT
    if facts.task == T.ON_SITE:
        return LetterValidity.ON_SITE
    broken_off = facts.began is not None and facts.fixed is None
    if facts.task not in BEFORE_THE_VISIT or broken_off or local_day(at) > local_day(facts.begins):
        return LetterValidity.LAPSED
    return LetterValidity.TODAY if local_day(at) == local_day(facts.begins) else LetterValidity.EARLY


def _page_stays(facts: LetterFacts) -> bool:
    """Its page is the entity's for what comes after: the inspection ended online, or was held untold."""
    if facts.state == N.REVOKED:
        return without_visit(facts.ended, facts.began, facts.fixed)
    return facts.ended is not None


def team_changes(
    printed: Sequence[Named],
    seats: Sequence[LetterOfficer],
    agencies: Sequence[str] = (),
    assisting: Sequence[str] = (),
    *,
    masked: bool = False,
) -> TeamChanges:
    """In what those who have seats differ from those whom a letter names; whose name was mended is the same person.

    `masked`: names as on a page.
    """
    place = {named: _place(named, seats) for named in printed}
    here = {seat.id for seat in place.values() if seat}
    new = [seat for seat in seats if seat.id not in here]
    gone = [named for named in printed if place[named] is None]
    leads = {seat.id for named, seat in place.items() if seat and named.leader}
    leader = next((seat for seat in seats if seat.leader and seat.id not in leads), None)

    def called(name: str) -> str:
        return text.masked(name) if masked else name

    def instead(unit: str) -> tuple[str, ...]:
        return tuple(called(seat.name) for seat in new if seat.unit == unit)

    return TeamChanges(
        tuple(
            FormerOfficer(called(named.name), named.unit, named.tail, instead(named.unit)) for named in gone
        ),
        called(leader.name) if leader else "",
        tuple(agency for agency in agencies if agency not in assisting),
        tuple(value for value in assisting if value not in agencies),
        tuple(called(seat.name) for seat in new if seat.unit not in {named.unit for named in gone}),
    )


def _place(named: Named, seats: Sequence[LetterOfficer]) -> LetterOfficer | None:
    """The seat that somebody named has now; a letter without seats is read by name and certificate."""
    if named.seat:
        return next((seat for seat in seats if seat.id == named.seat), None)
    return next((seat for seat in seats if (seat.name, seat.tail) == (named.name, named.tail)), None)


def decision(created: bool | None) -> str:
    """What may be said of a request: "yes" or "no" once it is decided, "" before."""
    return "" if created is None else "yes" if created else "no"


def names_others(letter: Mapping[str, Any], comers: Mapping[str, Sequence[Sequence[Any]]]) -> bool:
    """True if a letter names other officers, another leader or other people of agencies than those who will come."""
    people = {tuple(row[:1] + row[2:]) for row in map(list, letter.get("officers", ()))}
    if people != {tuple(row[:1] + row[2:]) for row in map(list, comers["officers"])}:
        return True
    return [list(agency) for agency in letter.get("agencies", ())] != [
        list(agency) for agency in comers["agencies"]
    ]
