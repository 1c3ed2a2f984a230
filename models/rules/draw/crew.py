"""Which inspectors are drawn and where they sit (Art. 14 (2), 15): department by department, by ticket.

Every team has its seats per department; in the initiating department one of each team's seats is its leader's
(组长). The tickets decide wherever more than one choice would still let every seat be filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from models.refusal import Refusal
from models.rules.draw.files import ordered
from models.rules.draw.rows import DrawRules, RosterRow
from models.rules.draw.seat_matching import Seating


class Seat(NamedTuple):
    """A seat and who holds it. Teams count from 1 in their area."""

    area: str
    team: int
    department: str
    certificate: str
    leader: bool


class SeatKind(NamedTuple):
    """Alike seats: those of one area that lead, or those that do not."""

    area: str
    leader: bool
    seats: int


class CandidatePool:
    """A department's inspectors as classes of alike ones, by ticket where they have tickets."""

    def __init__(self, rules: DrawRules, department: str, inspectors: Iterable[RosterRow]) -> None:
        self.kinds = kinds(rules, department)
        open_to = {(kind.area, kind.leader): number for number, kind in enumerate(self.kinds)}
        leading = department == rules.initiating
        classes: dict[tuple[tuple[str, ...], bool], int] = {}
        self.members: list[list[str]] = []
        self.fits: list[tuple[int, ...]] = []
        self.class_of: list[int] = []
        for inspector in inspectors:
            alike = (inspector.areas, leading and inspector.lead)
            if alike not in classes:
                classes[alike] = len(classes)
                self.members.append([])
                doors = [(area, False) for area in inspector.areas]
                doors += [(area, True) for area in inspector.areas if alike[1]]
                self.fits.append(tuple(open_to[door] for door in doors if door in open_to))
            self.class_of.append(classes[alike])
            self.members[classes[alike]].append(inspector.certificate)

    def seating(self) -> Seating:
        return Seating([kind.seats for kind in self.kinds], self.fits)


def kinds(rules: DrawRules, department: str) -> list[SeatKind]:
    """A department's seats in order: areas by bytes, the leader seats of an area first."""
    rows = []
    for area, teams in sorted(rules.areas.items()):
        leaders = teams if department == rules.initiating else 0
        rows += [
            SeatKind(area, True, leaders),
            SeatKind(area, False, teams * rules.crew[department] - leaders),
        ]
    return [kind for kind in rows if kind.seats]


def check(rules: DrawRules, department: str, roster: Sequence[RosterRow]) -> None:
    """Refuses a department that cannot fill its seats, with the areas that compete for too few."""
    crowd = CandidatePool(rules, department, (row for row in roster if row.department == department))
    seating = _fill(crowd)
    seats = sum(kind.seats for kind in crowd.kinds)
    if short := sum(seating.free):
        contested = [crowd.kinds[number] for number in sorted(seating.contested())]
        raise Refusal(
            "draw.crew_short",
            "14(2)",
            department=department,
            seats=seats,
            filled=seats - short,
            inspectors=len(crowd.class_of),
            areas=sorted({kind.area for kind in contested}),
            leaders=all(kind.leader for kind in contested),
        )


def indispensable(rules: DrawRules, department: str, roster: Sequence[RosterRow]) -> list[str]:
    """Certificates without each of which the department cannot fill its seats."""
    crowd = CandidatePool(rules, department, (row for row in roster if row.department == department))
    needed = _fill(crowd).irreplaceable([len(members) for members in crowd.members])
    return [certificate for group in needed for certificate in crowd.members[group]]


def _fill(crowd: CandidatePool) -> Seating:
    seating = crowd.seating()
    full: set[int] = set()
    for group in crowd.class_of:
        if group not in full and not seating.admit(group):
            full.add(group)
    return seating


def crews(seed: bytes, rules: DrawRules, roster: Iterable[RosterRow]) -> list[Seat]:
    """Every seat with its inspector, as first filled."""
    departments: dict[str, list[RosterRow]] = {department: [] for department in sorted(rules.crew)}
    for row in roster:
        departments[row.department].append(row)
    return [seat for name, rows in departments.items() for seat in _crew(seed, rules, name, rows)]


def by_ticket(seed: bytes, inspectors: Iterable[RosterRow]) -> list[RosterRow]:
    prefix = seed + b"I"
    return sorted(inspectors, key=lambda row: sha256(prefix + row.certificate.encode()).digest())


def _crew(seed: bytes, rules: DrawRules, department: str, inspectors: list[RosterRow]) -> list[Seat]:
    remaining = admitted(rules, department, by_ticket(seed, inspectors))
    crowd = CandidatePool(rules, department, remaining)
    seats: list[Seat] = []
    for kind, held in zip(crowd.kinds, placed(crowd), strict=True):
        seats += _seats(rules, department, kind, held)
    return seats


def admitted(rules: DrawRules, department: str, inspectors: Sequence[RosterRow]) -> list[RosterRow]:
    """Those of `inspectors`, in their order, who with the ones before can be given different seats."""
    crowd = CandidatePool(rules, department, inspectors)
    seating, full = crowd.seating(), set[int]()
    remaining: list[RosterRow] = []
    seats = sum(kind.seats for kind in crowd.kinds)
    for inspector, group in zip(inspectors, crowd.class_of, strict=True):
        if len(remaining) == seats:
            break
        if group in full:
            continue
        if seating.admit(group):
            remaining.append(inspector)
        else:
            full.add(group)
    if len(remaining) < seats:
        raise Refusal("draw.crew_short", "14(2)", department=department, seats=seats, filled=len(remaining),
                      inspectors=len(inspectors), areas=[], leaders=False)  # fmt: skip
    return remaining


def placed(crowd: CandidatePool) -> list[list[str]]:
    """For each kind of seat, in order, who holds its seats.

    A seat takes the smallest ticket with which the remaining inspectors can fill the remaining seats.
    Greed gives the same answer whenever it reaches the end, so it is tried first.
    """
    placed = _place(crowd, None) or _place(crowd, _fill(crowd))
    assert placed is not None
    return placed


def _place(crowd: CandidatePool, ahead: Seating | None) -> list[list[str]] | None:
    order = {certificate: n for n, certificate in enumerate(_by_arrival(crowd))}
    waiting = [[order[c] for c in reversed(members)] for members in crowd.members]
    names = list(order)
    groups_of: list[list[int]] = [[] for _ in crowd.kinds]
    for group, fits in enumerate(crowd.fits):
        for number in fits:
            groups_of[number].append(group)
    placed: list[list[str]] = []
    for number, kind in enumerate(crowd.kinds):
        heads = [(waiting[group][-1], group) for group in groups_of[number] if waiting[group]]
        heapify(heads)
        held: list[str] = []
        while len(held) < kind.seats:
            if not heads:
                return None
            first, group = heappop(heads)
            if ahead is not None and not ahead.take(number, group):
                continue
            held.append(names[first])
            waiting[group].pop()
            if waiting[group]:
                heappush(heads, (waiting[group][-1], group))
        placed.append(held)
    return placed


def _by_arrival(crowd: CandidatePool) -> Iterable[str]:
    streams = [iter(members) for members in crowd.members]
    return (next(streams[group]) for group in crowd.class_of)


def _seats(rules: DrawRules, department: str, kind: SeatKind, held: Sequence[str]) -> list[Seat]:
    teams = rules.areas[kind.area]
    return [Seat(kind.area, n % teams + 1, department, holder, kind.leader) for n, holder in enumerate(held)]


def teams_file(seats: Iterable[Seat]) -> bytes:
    """`teams.tsv`, as first filled."""
    return ordered((s.area, str(s.team), s.department, s.certificate, str(int(s.leader))) for s in seats)
