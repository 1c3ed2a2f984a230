"""抽取现场: the tickets of a held draw in their order, as a room full of people sees them appear (Art. 14)."""

from __future__ import annotations

from dataclasses import dataclass

from models.queries import draw_texts
from models.queries.plans import names
from models.tables import Draw


@dataclass(frozen=True, slots=True)
class DrawnTicket:
    """A drawn target. `name`: as it was when the draw was fixed; empty for who may not see it."""

    rank: int
    stratum: str
    id: str
    ticket: str
    name: str


@dataclass(frozen=True, slots=True)
class SeatedTicket:
    """A seat with whoever was drawn into it; `name` as above."""

    area: str
    team: int
    department: str
    certificate: str
    name: str
    leader: bool


@dataclass(frozen=True, slots=True)
class DrawRoom:
    targets: tuple[DrawnTicket, ...]
    seats: tuple[SeatedTicket, ...]


async def draw_room(code: str, *, named: bool) -> DrawRoom:
    """What was drawn, by rank, and who sits where, team by team; nothing before the draw is held."""
    row = await Draw.get(code=code)
    register, called = row.register or {}, await names()
    drawn = [line.split("\t") for line in str(row.results.get("drawn.tsv", "")).splitlines()]
    targets = await draw_texts.targets(row, {id for _, _, id, _ in drawn}) if named and drawn else {}
    officers = register.get("officers", {}) if named else {}
    teams = [line.split("\t") for line in str(row.results.get("teams.tsv", "")).splitlines()]
    seats = [
        SeatedTicket(
            area, int(team), called.get(department, department), certificate, officers.get(certificate, ("", ""))[1],
            leader == "1",
        )
        for area, team, department, certificate, leader in teams
    ]  # fmt: skip
    return DrawRoom(
        tuple(
            DrawnTicket(int(rank), stratum, id, ticket, targets.get(id, ("", ""))[1])
            for rank, stratum, id, ticket in drawn
        ),
        tuple(
            sorted(
                seats,
                key=lambda seat: (seat.area, seat.team, not seat.leader, seat.department, seat.certificate),
            )
        ),
    )
