"""The page of the draw read word by word and without hurry: what the quick way must agree with."""

from collections.abc import Sequence
from hashlib import sha256

from models.rules.draw.crew import Seat
from models.rules.draw.rows import DrawRules, RosterRow

Place = tuple[str, bool, int]


def places(rules: DrawRules, department: str) -> list[Place]:
    """Seats in order: areas by bytes; within an area the leader seats, then the others."""
    found = []
    for area in sorted(rules.areas, key=str.encode):
        teams = rules.areas[area]
        leaders = teams if department == rules.initiating else 0
        found += [(area, True, n) for n in range(leaders)]
        found += [(area, False, n) for n in range(teams * rules.crew[department] - leaders)]
    return found


def fits(row: RosterRow, place: Place) -> bool:
    return place[0] in row.areas and (row.lead or not place[1])


def all_seated(people: Sequence[RosterRow], seats: Sequence[Place]) -> bool:
    """Can all these people be given different seats?"""
    taken: dict[Place, RosterRow] = {}

    def seat(row: RosterRow, tried: set[Place]) -> bool:
        for place in seats:
            if place not in tried and fits(row, place):
                tried.add(place)
                if place not in taken or seat(taken[place], tried):
                    taken[place] = row
                    return True
        return False

    return all(seat(row, set()) for row in people)


def crews(seed: bytes, rules: DrawRules, roster: Sequence[RosterRow]) -> set[Seat]:
    found = set()
    for department in rules.crew:
        seats = places(rules, department)
        people = [row for row in roster if row.department == department]
        people.sort(key=lambda row: sha256(seed + b"I" + row.certificate.encode()).digest())
        kept: list[RosterRow] = []
        for row in people:
            if len(kept) < len(seats) and all_seated([*kept, row], seats):
                kept.append(row)
        for n, place in enumerate(seats):
            for row in kept:
                others = [other for other in kept if other != row]
                if fits(row, place) and all_seated(others, seats[n + 1 :]):
                    break
            kept.remove(row)
            area, leader, number = place
            found.add(Seat(area, number % rules.areas[area] + 1, department, row.certificate, leader))
    return found
