"""Drawn targets that must not be inspected this way (Art. 3): removed in the open and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.rules.draw.files import lines
from models.rules.draw.rows import Hold


class Removal(NamedTuple):
    """A row of `removals.tsv`. replacement and area are `-`, team is None where the reserve is empty."""

    id: str
    ground: str
    document: str
    salt: str
    replacement: str
    area: str
    team: int | None
    time: str

    @property
    def hold(self) -> Hold:
        """What was opened; its seal is a row of `holds.tsv`."""
        return Hold(self.id, self.ground, self.document, bytes.fromhex(self.salt))


def removals_file(rows: Sequence[Removal]) -> bytes:
    """`removals.tsv`, in order of time, then of id; a replacement's own removal after its coming in."""
    return lines(
        "\t".join(
            (*row[:6], "-" if row.team is None else str(row.team), row.time),
        )
        for row in rows
    )
