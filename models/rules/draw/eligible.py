"""The outcome of sorting a batch's scope: pool, roster, recusals, exclusions, holds (Art. 3, 14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.rules.draw.rows import ExclusionRow, PoolRow, RecusalGround, RecusalRow, RosterRow


class Candidate(NamedTuple):
    """A target that may be drawn. `target`: its number; `code`: what its id in the draw is made from."""

    target: str
    code: str
    stratum: str
    area: str


class Exclusion(NamedTuple):
    """A target or inspector left out. `code`: credit code or number; certificate, or number without one."""

    subject: str
    code: str
    ground: str


class Recusal(NamedTuple):
    target: str
    certificate: str


@dataclass(frozen=True)
class Eligible:
    """Everything that a commit is made of, by the district's own numbers; ids come with the draw's salts."""

    pool: tuple[Candidate, ...]
    roster: tuple[RosterRow, ...]
    recusals: tuple[Recusal, ...]
    excluded_targets: tuple[Exclusion, ...]
    excluded_inspectors: tuple[Exclusion, ...]
    held: tuple[str, ...]  # numbers of targets under a complaint clue
    again: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # drawn this year, again for these key items
    spent: Mapping[str, int] = field(
        default_factory=dict
    )  # by class the targets left out because of their year
    waiting: tuple[
        str, ...
    ] = ()  # numbers of targets in the pool of another open draw, which may draw them first

    @property
    def sizes(self) -> Counter[str]:
        """Targets in the pool by stratum."""
        return Counter(candidate.stratum for candidate in self.pool)

    @property
    def officers(self) -> Counter[str]:
        """Inspectors on the roster by department."""
        return Counter(row.department for row in self.roster)

    @property
    def codes(self) -> dict[str, str]:
        """Number to code of every target that needs an id: in the pool or excluded."""
        excluded = {row.subject: row.code for row in self.excluded_targets}
        return excluded | {row.target: row.code for row in self.pool}

    def pool_rows(self, ids: Mapping[str, str]) -> list[PoolRow]:
        """`ids`: target number to id in the draw."""
        return [PoolRow(ids[row.target], row.stratum, row.area) for row in self.pool]

    def recusal_rows(self, ids: Mapping[str, str]) -> list[RecusalRow]:
        return [RecusalRow(ids[row.target], row.certificate, RecusalGround.REGISTER) for row in self.recusals]

    def exclusion_rows(self, ids: Mapping[str, str]) -> list[ExclusionRow]:
        targets = [ExclusionRow(ids[row.subject], row.ground) for row in self.excluded_targets]
        return targets + [ExclusionRow(row.code, row.ground) for row in self.excluded_inspectors]
