"""检查记录表的说法: whether a record sheet is genuine and the newest, who signed it and who did not (Art. 16 (3)).

A refusal is told as a refusal: it ends the wait for the entity and is no signature. A sheet is signed by all only if
each officer who came and the entity have signed it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.rules import text


class Signing(StrEnum):
    """How far the record sheet is signed."""

    NONE = "none"  # no record sheet was drawn up
    UNSIGNED = "unsigned"
    PARTLY = "partly"
    ALL = "all"


class RecordValidity(StrEnum):
    """What a version of the sheet is worth."""

    GENUINE = "genuine"  # the newest, and it says what stands
    CHANGED = "changed"  # the newest, but something changed since
    REPLACED = "replaced"


class Entity(StrEnum):
    """What the entity did about a version."""

    MISSING = "missing"
    SIGNED = "signed"
    PAPER = "paper"  # printed and signed: a photo of it lies there
    REFUSED = "refused"  # before a witness


@dataclass(frozen=True, slots=True)
class PresentOfficer:
    """An officer who came."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A signature under a version, or that it was refused. `role`: entity, officer or witness."""

    role: str
    name: str
    unit: str
    refused: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What the rows hold of a version. `changed`: what stands now is not what it says; `paper`: photos of it signed."""

    version: int
    newest: int
    changed: bool
    came: tuple[PresentOfficer, ...]
    signatures: tuple[SignatureFacts, ...]
    paper: int = 0


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One who signed, refused or witnessed, name masked."""

    role: str
    name: str
    how: str  # signed refused witnessed
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What is said of a version: nothing that `RecordFacts` does not hold; names masked."""

    sheet: RecordValidity
    lines: tuple[SignatureLine, ...]
    missing: tuple[tuple[str, str], ...]  # officers who came and have not signed: name and department
    entity: Entity
    paper: int
    signed: int
    to_sign: int

    @property
    def signing(self) -> Signing:
        return signing(True, self.signed, self.to_sign)

    @property
    def genuine(self) -> bool:
        return self.sheet == RecordValidity.GENUINE

    @property
    def entity_missing(self) -> bool:
        return self.entity == Entity.MISSING


def public_record(facts: RecordFacts) -> PublicRecord:
    """What may be said of this version."""
    lacking = unsigned(facts.came, facts.signatures)
    stands = entity_of(facts.signatures, facts.paper)
    signed, to_sign = counted(facts.came, facts.signatures, facts.paper)
    lines = tuple(
        SignatureLine(
            signature.role,
            text.masked(signature.name) if signature.name else "",
            _how(signature),
            signature.at,
        )
        for signature in facts.signatures
    )
    return PublicRecord(
        _sheet(facts),
        lines,
        tuple((text.masked(officer.name), officer.unit) for officer in lacking),
        stands,
        facts.paper,
        signed,
        to_sign,
    )


def _sheet(facts: RecordFacts) -> RecordValidity:
    if facts.newest > facts.version:
        return RecordValidity.REPLACED
    return RecordValidity.CHANGED if facts.changed else RecordValidity.GENUINE


def _how(signature: SignatureFacts) -> str:
    return "refused" if signature.refused else "witnessed" if signature.role == "witness" else "signed"


def entity_of(signatures: Sequence[SignatureFacts], paper: int) -> Entity:
    """The entity's signature, whatever it said before; else the paper, else its refusal."""
    own = [signature for signature in signatures if signature.role == "entity"]
    if any(not signature.refused for signature in own):
        return Entity.SIGNED
    return Entity.PAPER if paper else Entity.REFUSED if own else Entity.MISSING


def members(team: Sequence[Sequence[Any]]) -> tuple[PresentOfficer, ...]:
    """Those of a version's team (name, department, certificate, leader, code, arrival, how) who came."""
    return tuple(PresentOfficer(code, name, unit) for name, unit, _, _, code, arrived, _ in team if arrived)


def unsigned(
    came: Sequence[PresentOfficer], signatures: Sequence[SignatureFacts]
) -> tuple[PresentOfficer, ...]:
    """The officers who came and have not signed; two of one name and department sign twice."""
    there = Counter(
        (signature.name, signature.unit)
        for signature in signatures
        if signature.role == "officer" and not signature.refused
    )
    lacking = []
    for officer in came:
        if there[officer.name, officer.unit]:
            there[officer.name, officer.unit] -= 1
        else:
            lacking.append(officer)
    return tuple(lacking)


def counted(
    came: Sequence[PresentOfficer], signatures: Sequence[SignatureFacts], paper: int
) -> tuple[int, int]:
    """How many of those who have to sign have: each officer who came, and the entity."""
    entity = entity_of(signatures, paper) in (Entity.SIGNED, Entity.PAPER)
    return len(came) - len(unsigned(came, signatures)) + entity, len(came) + 1


def signing(drawn_up: bool, signed: int, to_sign: int) -> Signing:
    """已签署 only when all have."""
    if not drawn_up:
        return Signing.NONE
    if signed and signed >= to_sign:
        return Signing.ALL
    return Signing.PARTLY if signed else Signing.UNSIGNED


@dataclass(frozen=True, slots=True)
class Findings:
    """How the questions of a record came out. `left`: without an answer; `waiting`: for a sample's report."""

    total: int
    passed: int
    failed: tuple[int, ...]
    not_applicable: int
    left: int
    waiting: tuple[int, ...]

    @property
    def nothing_wrong(self) -> bool:
        """未发现问题 may be said: something was asked, nothing failed, and nothing is open."""
        return self.total > 0 and not (self.failed or self.left or self.waiting)


def findings(facts: Mapping[str, Any]) -> Findings:
    """Of the facts of a record: what was found on site, and online what was not asked on site."""
    verdicts = {row[0]: row[2] for part in facts["parts"] for row in part["answers"]}
    verdicts |= {row[0]: row[3] for row in facts["network"] if row[0] not in verdicts}
    count = list(verdicts.values()).count
    out = samples_out(facts)
    waiting = sorted(number for number in out if not verdicts.get(number))
    answered = count("pass") + count("fail") + count("na")
    return Findings(
        len(verdicts), count("pass"), tuple(sorted(n for n, verdict in verdicts.items() if verdict == "fail")), count("na"),
        len(verdicts) - answered - sum(number in verdicts for number in waiting), tuple(waiting),
    )  # fmt: skip


def samples_out(facts: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """By question number the samples that have no report yet."""
    taken = [told for kind, _, _, told in facts["happened"] if kind == "sample"]
    return {told["question"]: told for told in taken if told.get("question") and not told["report"]}
