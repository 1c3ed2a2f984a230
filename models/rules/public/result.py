"""公示的说法: what may be said in public of one inspection, from what was done and from nothing else (Art. 8, 16 (3)).

Every sentence about a result in public (the results' page, the entity's page and messages) asks here. A plan, a
checklist or a state is no deed: an item counts as inspected if one of its questions was answered, a department if one
of its questions was, a visit if it began and ended, a record as signed if everybody has signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from models.rules.checklist import ChecklistSheet
from models.rules.public.record import Signing, signing
from models.rules.public.rectification import OrderFact, PublicRectification, public_rectification

NOTHING_FOLLOWS = "none"  # of the measures of a department's result


@dataclass(frozen=True, slots=True)
class PublicPart:
    """A department's own part of a result. `done` False: 视为未完成. Never its note or who wrote it."""

    department: str
    types: tuple[str, ...]
    measures: tuple[str, ...]
    late: bool
    done: bool

    @property
    def following(self) -> tuple[str, ...]:
        """The measures that something follows from."""
        return tuple(code for code in self.measures if code != NOTHING_FOLLOWS)


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A row of what was made public: `kind` published, corrected or withdrawn."""

    kind: str
    types: tuple[str, ...]
    reason: str
    at: datetime
    parts: tuple[PublicPart, ...] = ()  # none where it was entered as one


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the rows of one task say was done. `serves`: item to the numbers of its questions."""

    publications: tuple[PublicationRow, ...] = ()  # the oldest first
    sheet: ChecklistSheet = field(default_factory=lambda: ChecklistSheet(()))
    serves: Mapping[str, frozenset[int]] = field(default_factory=dict)
    began: date | None = None
    ended: date | None = None
    objections: tuple[tuple[datetime, bool | None], ...] = ()  # when, upheld
    correcting: bool = False  # a correction is under way
    record: bool = False  # a record sheet was drawn up
    signed: int = 0
    to_sign: int = 0
    orders: tuple[OrderFact, ...] = ()  # to rectify


@dataclass(frozen=True, slots=True)
class PublicResult:
    """What is said in public: nothing that `TaskFacts` does not hold."""

    kind: str
    types: tuple[str, ...]
    since: datetime  # of what is public now
    first: datetime
    reason: str  # of the correction or withdrawal
    on_site: tuple[str, ...]  # items
    online: tuple[str, ...]  # items of which nothing was answered on site
    departments: tuple[str, ...]
    visited: date | None
    objection: str  # "" open upheld
    correcting: bool
    signing: Signing
    signed: int
    to_sign: int
    earlier: tuple[
        PublicationRow, ...
    ]  # public before, the newest first; what was withdrawn is not said again
    parts: tuple[PublicPart, ...] = ()  # of a joint inspection
    rectification: PublicRectification = field(default_factory=PublicRectification)

    @property
    def corrected(self) -> bool:
        return self.kind == "corrected"

    @property
    def withdrawn(self) -> bool:
        return self.kind == "withdrawn"

    @property
    def items(self) -> tuple[str, ...]:
        return (*self.on_site, *self.online)


def public_result(facts: TaskFacts) -> PublicResult | None:
    """What may be said; None while nothing is public."""
    if not facts.publications:
        return None
    last = facts.publications[-1]
    answered, settled = answered_on_site(facts.sheet), settled_online(facts.sheet)
    on_site = tuple(item for item, asks in facts.serves.items() if asks & answered)
    online = tuple(item for item, asks in facts.serves.items() if item not in on_site and asks & settled)
    return PublicResult(
        last.kind, () if last.kind == "withdrawn" else last.types, last.at, facts.publications[0].at,
        last.reason if last.kind != "published" else "", on_site, online,
        tuple(dict.fromkeys(ask.department for ask in facts.sheet.asks if ask.number in answered | settled)),
        facts.ended if facts.began and facts.ended else None, _objection(facts, last.at), facts.correcting,
        signing(facts.record, facts.signed, facts.to_sign), facts.signed, facts.to_sign, _earlier(facts.publications),
        last.parts if last.kind != "withdrawn" and len(last.parts) > 1 else (),
        PublicRectification() if last.kind == "withdrawn" else public_rectification(facts.orders),
    )  # fmt: skip


def _earlier(rows: Sequence[PublicationRow]) -> tuple[PublicationRow, ...]:
    if rows[-1].kind == "withdrawn":
        return ()
    before = list(rows[:-1])
    while any(publication_row.kind == "withdrawn" for publication_row in before[1:]):
        before.pop(0)
    return tuple(reversed(before))


def answered_on_site(sheet: ChecklistSheet) -> frozenset[int]:
    """Questions that an officer gave a verdict on."""
    return frozenset(n for n, given in sheet.given.items() if given.verdict)


def settled_online(sheet: ChecklistSheet) -> frozenset[int]:
    """Questions that the network check settled for this target."""
    return frozenset(n for n, network in sheet.network.items() if network.settles)


def _objection(facts: TaskFacts, since: datetime) -> str:
    """Objections to what is public now; one to what was corrected since has been answered by that."""
    open_ = [upheld for at, upheld in facts.objections if upheld is None]
    upheld = [upheld for at, upheld in facts.objections if upheld and (at > since or facts.correcting)]
    return "open" if open_ else "upheld" if upheld else ""
