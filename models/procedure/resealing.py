"""An older database comes to a version that seals more: what was written before is sealed from now on.

What those rows were before, nobody can show; the events `seals.taken` say so by their time, and `verify` says
since when (Art. 16 (3), 20). A row that is not what its last event says is left as it is, for `verify` to name.
It is done once for each set of sealed columns: a row put in afterwards behind the acts' back stays without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models import store
from models.operations import event, sealing
from models.queries import evidence, raw_rows
from models.queries.evidence import GONE, TAKEN, Form, Seal
from models.queries.raw_rows import Row
from models.rules.actor import Actor, Role
from models.tables import Event
from models.tables.hashed_rows import columns, form, name_of, row_name

CHAIN = "seals"
UPGRADE = Actor(Role.SYSTEM, "upgrade")


async def due() -> bool:
    """Whether this database has not been brought to the sealed columns of this version."""
    return not await Event.exists(key=_key())


def _key() -> str:
    return f"seals:{name_of(form())}"


async def begin(*, at: datetime, by: Actor = UPGRADE) -> int:
    """Seal what is without, chain by chain; how many rows. Cut short, the next call goes on; then it is over."""
    if not await due():
        return 0
    forms = await evidence.forms_of()
    counted: Counter[str] = Counter()
    async for chain, present in evidence.chains():
        if present and chain != evidence.NOWHERE:
            counted += await _take(chain, present, forms, by, at)
    await _over(counted, by, at)
    return counted.total()


@store.transactional
async def _take(
    chain: str, present: list[Row], forms: Mapping[str, Form], by: Actor, at: datetime
) -> Counter[str]:
    """Seal of one chain the rows that no event speaks of, and those of which one covers other columns."""
    events = await raw_rows.rows(Event, "chain", [chain])
    seals = evidence.last_seals(evidence.EvidenceReport(), chain, events)
    hashes, new = {}, Counter[str]()
    await evidence.with_moved(present, seals, forms)
    for row in present:
        if row.wrong or not _wanted(row, seals.get(row_name(row.table, row.pk)), forms):
            continue
        hashes[row_name(row.table, row.pk)] = sealing.hash_of(row)
        new[row.table._meta.db_table] += 1
    if hashes:
        data: dict[str, Any] = {**await sealing.told(hashes), "new": dict(sorted(new.items()))}
        await event.append(chain, TAKEN, by, at, data)
    return new


def _wanted(row: Row, sealed: Seal | None, forms: Mapping[str, Form]) -> bool:
    if sealed is None:
        return True
    if sealed.sha256 == GONE or (covered := forms.get(sealed.form)) is None:
        return False
    if sorted(covered.get(row.table._meta.db_table, ())) == sorted(columns(row.table)):
        return False
    return evidence.covered_columns(row, covered) is None or evidence.matches(row, sealed, covered)


@store.transactional
async def _over(counted: Counter[str], by: Actor, at: datetime) -> None:
    if await due():
        await event.record(
            CHAIN,
            "seals.begun",
            by=by,
            at=at,
            key=_key(),
            form=await sealing.noted(),
            rows_without=dict(counted),
        )
