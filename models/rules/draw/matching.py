"""Which team inspects which target (Art. 14 (2)): the least loaded without a recused member."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from models.rules.draw.crew import Seat
from models.rules.draw.files import ordered
from models.rules.draw.rows import RecusalRow


class Match(NamedTuple):
    """A target and its team. `recused`: members who must be substituted for this target alone."""

    id: str
    area: str
    team: int
    recused: tuple[str, ...] = ()


class Loads:
    """How many targets each team of an area has."""

    def __init__(self, teams: int) -> None:
        self._load = [0] * (teams + 1)
        self._level: dict[int, set[int]] = {0: set(range(1, teams + 1))}
        self._lowest = 0
        self._names = [b"\t%d" % team for team in range(teams + 1)]

    def choose(self, seed: bytes, id: str, barred: Collection[int] = ()) -> int | None:
        """The team with the smallest (load, ticket) that is not barred."""
        load = self._lowest
        seen = 0
        while seen < len(self._load) - 1:
            level = self._level.get(load, ())
            seen += len(level)
            if open_teams := ([t for t in level if t not in barred] if barred else level):
                return self._first(seed, id, open_teams)
            load += 1
        return None

    def _first(self, seed: bytes, id: str, teams: Collection[int]) -> int:
        if len(teams) == 1:
            return next(iter(teams))
        prefix, names = seed + b"M" + id.encode(), self._names
        return min((sha256(prefix + names[team]).digest(), team) for team in teams)[1]

    def add(self, team: int, targets: int) -> None:
        load = self._load[team]
        self._level[load].discard(team)
        self._load[team] = load = load + targets
        self._level.setdefault(load, set()).add(team)
        self._lowest = min(self._lowest, load)
        while not self._level.get(self._lowest):
            self._lowest += 1


class Matcher:
    """Teams as they are seated now and what they carry; gives every target its team."""

    def __init__(
        self,
        seed: bytes,
        areas: Mapping[str, int],
        seats: Iterable[Seat],
        recusals: Iterable[RecusalRow],
    ) -> None:
        self.seed = seed
        self.loads = {area: Loads(teams) for area, teams in areas.items()}
        self.team_of = {seat.certificate: (seat.area, seat.team) for seat in seats}
        self.recused: dict[str, set[str]] = {}
        for row in recusals:
            self.recused.setdefault(row.id, set()).add(row.certificate)

    def match(self, id: str, area: str) -> Match:
        """Give the target a team and count it."""
        loads = self.loads[area]
        if id not in self.recused:
            team = loads.choose(self.seed, id)
            assert team is not None
            loads.add(team, 1)
            return Match(id, area, team)
        recused = {c: self.team_of[c] for c in self.recused[id] if c in self.team_of}
        barred = {team for where, team in recused.values() if where == area}
        team = loads.choose(self.seed, id, barred) or loads.choose(self.seed, id)
        assert team is not None
        loads.add(team, 1)
        return Match(id, area, team, tuple(sorted(c for c, at in recused.items() if at == (area, team))))


def matches(matcher: Matcher, ranked: Iterable[tuple[str, str]]) -> list[Match]:
    """Match (id, area) in the order of ranks; areas by bytes."""
    by_area: dict[str, list[str]] = {area: [] for area in sorted(matcher.loads)}
    for id, area in ranked:
        by_area[area].append(id)
    return [matcher.match(id, area) for area, ids in by_area.items() for id in ids]


def matches_file(matched: Iterable[Match]) -> bytes:
    """`matches.tsv`, as first matched."""
    return ordered((m.id, m.area, str(m.team)) for m in matched)
