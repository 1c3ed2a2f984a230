"""Photos and documents against the rows that name them (Art. 16 (3), 20; promise R4).

Bytes are kept before the row that names them, so a crash leaves at most bytes that nobody names: those may
go. A row without its bytes is a loss and is named; nothing is done about it here.
"""

from __future__ import annotations

from dataclasses import dataclass

from models import store
from models.queries import evidence
from models.queries.evidence import Difference


@dataclass(frozen=True, slots=True)
class Repaired:
    """`orphans`: names of objects without a row. `lacking`: rows without their object."""

    orphans: tuple[str, ...]
    lacking: tuple[Difference, ...]


async def repair(*, discard: bool = False) -> Repaired:
    """Compare; `discard` removes the objects that no row names and what is half written, while no server runs
    on the same data: bytes of an act under way have no row yet.
    """
    orphans, lacking = await evidence.orphans()
    if discard:
        await store.objects.tidy()
        for name in orphans:
            await store.objects.discard(name)
    return Repaired(tuple(orphans), tuple(lacking))
