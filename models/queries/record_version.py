"""A version of a record sheet with what stands under it (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules import text
from models.rules.public.record import Member, members, unsigned
from models.rules.public.record import Signature as Under
from models.tables import Record, Signature, Task


def record_number(task: str, version: int) -> str:
    """The number of a version, as its paper and its link bear it."""
    return f"{task}-J{version}"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature under a version, or that it was refused."""

    role: str
    name: str
    position: str
    picture: str
    refused: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the record with what stands under it. `missing`: officers who came and have not signed."""

    id: int
    number: str
    version: int
    sha256: str
    check_code: str
    at: datetime
    facts: Mapping[str, Any]
    signed: tuple[Signed, ...]
    target: str
    task: str

    @property
    def entity(self) -> Signed | None:
        """The entity's signature, else its refusal."""
        own = [one for one in self.signed if one.role == "entity"]
        return next((one for one in own if not one.refused), own[0] if own else None)

    @property
    def witness(self) -> Signed | None:
        return next((one for one in self.signed if one.role == "witness"), None)

    @property
    def came(self) -> tuple[Member, ...]:
        """The officers who came, as this version has them."""
        return members(self.facts["team"])

    @property
    def signatures(self) -> tuple[Under, ...]:
        return tuple(Under(one.role, one.name, one.position, one.refused, one.at) for one in self.signed)

    @property
    def missing(self) -> tuple[tuple[str, str, str], ...]:
        """Code, name and department of the officers who have not signed."""
        return tuple((one.code, one.name, one.unit) for one in unsigned(self.came, self.signatures))


def version_of(task: Task, row: Record, signed: Sequence[Signature]) -> Version:
    return Version(
        row.id, record_number(task.number, row.version), row.version, row.sha256, row.check_code, row.at, row.facts,
        tuple(
            Signed(one.role, text.name(one.name), text.name(one.position), one.picture, one.refused,
                   text.visible(one.reason), one.at)
            for one in signed
        ),
        text.name(task.target.name), task.number,
    )  # fmt: skip
