"""A version of a record sheet with what stands under it (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules import text
from models.rules.public.record import PresentOfficer, members, unsigned
from models.rules.public.record import SignatureFacts as Under
from models.tables import Record, Signature, Task


def record_number(task: str, version: int) -> str:
    """The number of a version, as its paper and its link bear it."""
    return f"{task}-J{version}"


@dataclass(frozen=True, slots=True)
class VersionSignature:
    """A signature under a version, or that it was refused."""

    role: str
    name: str
    position: str
    picture: str
    refused: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """One version of the record with what stands under it. `missing`: officers who came and have not signed."""

    id: int
    number: str
    version: int
    sha256: str
    check_code: str
    at: datetime
    facts: Mapping[str, Any]
    signed: tuple[VersionSignature, ...]
    target: str
    task: str

    @property
    def entity(self) -> VersionSignature | None:
        """The entity's signature, else its refusal."""
        own = [signature for signature in self.signed if signature.role == "entity"]
        return next((signature for signature in own if not signature.refused), own[0] if own else None)

    @property
    def witness(self) -> VersionSignature | None:
        return next((signature for signature in self.signed if signature.role == "witness"), None)

    @property
    def came(self) -> tuple[PresentOfficer, ...]:
        """The officers who came, as this version has them."""
        return members(self.facts["team"])

    @property
    def signatures(self) -> tuple[Under, ...]:
        return tuple(
            Under(signature.role, signature.name, signature.position, signature.refused, signature.at)
            for signature in self.signed
        )

    @property
    def missing(self) -> tuple[tuple[str, str, str], ...]:
        """Code, name and department of the officers who have not signed."""
        return tuple(
            (officer.code, officer.name, officer.unit) for officer in unsigned(self.came, self.signatures)
        )


def version_of(task: Task, row: Record, signed: Sequence[Signature]) -> RecordVersion:
    return RecordVersion(
        row.id,
        record_number(task.number, row.version),
        row.version,
        row.sha256,
        row.check_code,
        row.at,
        row.facts,
        tuple(
            VersionSignature(
                signature.role,
                text.name(signature.name),
                text.name(signature.position),
                signature.picture,
                signature.refused,
                text.visible(signature.reason),
                signature.at,
            )
            for signature in signed
        ),
        text.name(task.target.name),
        task.number,
    )
