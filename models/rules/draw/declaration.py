"""申报 before a batch is committed: who is not inspected this way, and who may be drawn again in a year (Art. 3, 14 (1)).

What is declared names its document and that document's SHA-256, so that nobody can exchange it later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from models.refusal import Refusal
from models.rules.draw.rows import HASH

ARTICLE = "3"
LONGEST = 200


class DeclarationGround(StrEnum):
    """Art. 3 (1) to (4), and three of the four exceptions of Art. 14 (1); the fourth, a 重点检查事项, stands in the
    item list and needs no declaration."""

    LAW = "art3-1"
    SPECIAL = "art3-2"
    CLUE = "art3-3"
    OTHER = "art3-4"
    COMPLAINT = "again-complaint"
    REFERRAL = "again-referral"
    CASE = "again-case"


OUT = frozenset({DeclarationGround.LAW, DeclarationGround.SPECIAL, DeclarationGround.OTHER})
"""These leave a target out of the pool, and their document is public."""
AGAIN = frozenset({DeclarationGround.COMPLAINT, DeclarationGround.REFERRAL, DeclarationGround.CASE})
"""These let a target be drawn that was inspected this year already."""


class Declared(NamedTuple):
    """What stands. `target`: its number in the register; `sha256`: of the document, lower-case hex."""

    target: str
    ground: DeclarationGround
    document: str
    sha256: str


@dataclass(frozen=True)
class Declarations:
    """All of one batch."""

    rows: tuple[Declared, ...] = ()

    @property
    def out(self) -> dict[str, str]:
        """Number to ground of the targets left out of the pool."""
        return {row.target: str(row.ground) for row in self.rows if row.ground in OUT}

    @property
    def clues(self) -> dict[str, str]:
        """Number to the document's SHA-256 of the targets that stay in the pool, sealed."""
        return {row.target: row.sha256 for row in self.rows if row.ground is DeclarationGround.CLUE}

    @property
    def again(self) -> dict[str, Declared]:
        """Number to declaration of the targets that may be drawn again this year."""
        return {row.target: row for row in self.rows if row.ground in AGAIN}

    @property
    def published(self) -> list[tuple[str, str, str]]:
        """Ground, document and its hash of what left somebody out; no target, and nothing of clues and cases."""
        return sorted({(str(row.ground), row.document, row.sha256) for row in self.rows if row.ground in OUT})


def check(ground: str, document: str, sha256: str) -> tuple[DeclarationGround, str, str]:
    """The three as they are written down; refuses what cites no ground or no document."""
    if ground not in set(DeclarationGround):
        raise Refusal(
            "declaration.ground_unknown",
            ARTICLE,
            ground=ground,
            grounds=[str(declaration_ground) for declaration_ground in DeclarationGround],
        )
    name, hash_ = " ".join(document.split()), sha256.strip().lower()
    if not name or len(name) > LONGEST:
        raise Refusal("declaration.needs_document", ARTICLE, longest=LONGEST)
    if not re.fullmatch(HASH, hash_):
        raise Refusal("declaration.needs_hash", ARTICLE)
    return DeclarationGround(ground), name, hash_


def of(rows: Iterable[Declared]) -> Declarations:
    """Declarations of one batch, in order of the targets' numbers."""
    return Declarations(tuple(sorted(rows)))
