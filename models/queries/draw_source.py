"""A source of a draw's chance as it is watched: who pledged, what stands, how it came in (Art. 14 (1))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.refusal import Refusal
from models.rules.draw import beacon
from models.rules.draw.chance import comes_out
from models.rules.public.draw import PublicSource, SourceFacts, public_source
from models.tables import Pledge


@dataclass(frozen=True, slots=True)
class Source:
    """One source of chance, in its order."""

    name: str
    kind: str  # witness beacon lottery
    department: str  # a witness's, as code
    called: str
    pledge: str
    pledged_at: datetime | None
    witness: str  # a person's name: never on a public page
    value: str
    revealed_at: datetime | None
    hand: str  # own typed read: how it came in
    role: str  # of the account that gave it
    account: int | None
    named: int | None  # the account that the head named
    named_name: str
    comes_out: datetime | None  # an outside value, never earlier
    confirmed_at: datetime | None
    proof: bool  # a beacon's signature was verified

    @property
    def facts(self) -> SourceFacts:
        return SourceFacts(
            self.kind == "witness", bool(self.pledge), bool(self.value), self.revealed_at, self.confirmed_at,
            self.comes_out, self.hand, self.role, self.proof,
        )  # fmt: skip

    @property
    def public(self) -> PublicSource:
        return public_source(self.facts)

    @property
    def address(self) -> str:
        """Where a beacon's round is published; of other sources, and of a beacon unknown here, nothing is said."""
        return beacon.address(self.name) if self.kind == "beacon" and self.comes_out else ""

    @property
    def given(self) -> bool:
        """Whether the value stands."""
        return self.public.given

    @property
    def pledges(self) -> bool:
        """It is a witness's: sealed first, revealed after."""
        return self.facts.witness


def source_of(name: str, given: Pledge, called: Mapping[str, str], people: Mapping[int, str]) -> Source:
    kind, shown = kind_of(name, called)
    department = name.partition(":")[2] if kind == "witness" else ""
    return Source(
        name, kind, department, shown, given.pledge, given.pledged_at, given.witness, given.value,
        given.revealed_at, given.hand or "", (given.given_by or "").partition(":")[0], given.account,
        given.named_account, people.get(given.named_account or 0, ""),
        None if kind == "witness" else _comes_out(name), given.confirmed_at, bool(given.proof),
    )  # fmt: skip


def _comes_out(source: str) -> datetime | None:
    """None where a rehearsal names a source that has no time."""
    try:
        return comes_out(source)
    except Refusal:
        return None


def kind_of(source: str, called: Mapping[str, str]) -> tuple[str, str]:
    """What sort of source it is, and what people call it."""
    kind, _, rest = source.partition(":")
    return kind, called.get(rest, rest)
