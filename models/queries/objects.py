"""The bytes that rows name, and those that nothing names (Art. 16 (3), 20)."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass

from models import store
from models.objects import ObjectDamaged
from models.queries import raw_rows
from models.tables import (
    Attempt,
    CreditPaper,
    Dossier,
    Event,
    NetworkFinding,
    Notice,
    OnlineEnding,
    Paper,
    Photo,
    Prompt,
    RecheckSignature,
    Record,
    Signature,
    Tombstone,
)
from models.tables.hashed_rows import row_name

HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
BINNED = "objects.binned"  # an event of what no row names

OBJECTS = {
    Photo: ("sha256", "thumbnail", "stamped", "marked"), Notice: ("pdf",), NetworkFinding: ("screenshot",),
    OnlineEnding: ("screenshot",),
    Attempt: ("proof",), Record: ("pdf",), Signature: ("picture",), RecheckSignature: ("picture",),
    Paper: ("sha256", "thumbnail"),
    CreditPaper: ("sha256",),
    Dossier: ("sha256",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` as `evidence.<kind>` words it; `subject`: `answer:17`, `event:9`, `day:2026-12-08`, a chain."""

    kind: str
    subject: str
    chain: str = ""
    seq: int | None = None
    seen: str = ""


async def state_of(name: str) -> str:
    """`missing`, `damaged`, or nothing when the object's bytes carry its name."""
    digested = hashlib.sha256()
    try:
        async for piece in store.objects.stream(name):
            digested.update(piece)
    except (FileNotFoundError, ValueError):
        return "missing"
    except ObjectDamaged:
        return "damaged"
    return "" if digested.hexdigest() == name else "damaged"


async def orphans() -> tuple[list[str], list[Difference]]:
    """Objects that no row names, and rows whose object is not there."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for table, names in OBJECTS.items():
        for row in await raw_rows.rows(table, "id", await raw_rows.ids(table)):
            for column in names:
                if row[column]:
                    wanted[row[column]].append(f"{row_name(table, row.pk)} {column}")
    gone = {str(name) for row in await Tombstone.all() for name in row.objects}
    there = {name async for name in store.objects.names()}
    left = await _unmentioned(there - set(wanted))
    lacking = [
        Difference("object.missing", owner.partition(" ")[0], seen=f"{owner.partition(' ')[2]} {name}")
        for name, owners in sorted(wanted.items())
        if name not in there and name not in gone
        for owner in owners
    ]
    return sorted(left), lacking


async def _unmentioned(names: set[str]) -> set[str]:
    """Those that no event and no dialogue under way speaks of either: a paper that was printed anew, a screenshot
    whose finding is still being typed.
    """
    left = set(names)
    for table, column in ((Event, "data"), (Prompt, "data")):
        pks = await raw_rows.ids(table) if left else []
        for start in range(0, len(pks), raw_rows.BATCH):
            for row in await raw_rows.rows(
                table, table._meta.db_pk_column, pks[start : start + raw_rows.BATCH]
            ):
                if row["kind"] != BINNED:
                    left.difference_update(HEX.findall(str(row[column])))
    return left


async def named(name: str) -> bool:
    """Whether a row, an event or a dialogue under way speaks of an object."""
    for table, columns_of in OBJECTS.items():
        for column in columns_of:
            if await table.filter(**{column: name}).exists():
                return True
    return not await _unmentioned({name})
