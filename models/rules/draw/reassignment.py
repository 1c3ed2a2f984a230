"""改派: a target goes from one team of its area to another (Art. 15). Nobody's draw: the row says what people agreed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from models.rules.draw.files import lines, table

FILE = "reassignments.tsv"  # only in a bundle of which a target was reassigned


class Ground(StrEnum):
    """Why a leader asks another team to go; it is public, so it is never a free text."""

    TIME = "time"
    PEOPLE = "people"
    NEAR = "near"


class ReassignmentRow(NamedTuple):
    """A row of `reassignments.tsv`: from `team` to `to`, both of `area`. time: ISO 8601 with offset."""

    id: str
    area: str
    team: int
    to: int
    time: str


def reassignments_file(rows: Sequence[ReassignmentRow]) -> bytes:
    """`reassignments.tsv`, in order of time."""
    return lines("\t".join(map(str, row)) for row in rows)


def read_reassignments(data: bytes) -> tuple[ReassignmentRow, ...]:
    """The rows of a file of ours."""
    return tuple(ReassignmentRow(r[0], r[1], int(r[2]), int(r[3]), r[4]) for r in table(data, FILE, 5))
