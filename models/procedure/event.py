"""全过程留痕: every act leaves one row in the chain of its task, batch or registry (Art. 16 (3), 20).

A row's hash covers the row before it, so that no row can be changed, taken out or put in unseen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.rules.actor import Actor
from models.rules.chain import GENESIS, digest
from models.tables import Event


async def record(
    chain: str, kind: str, *, by: Actor, at: datetime, key: str | None = None, **data: Any
) -> Event:
    """Append an act to its chain, inside the act's own transaction.

    `key` makes the act happen once: a second row under it violates the table's unique index.
    """
    last = await Event.filter(chain=chain).order_by("-seq").first()
    seq, previous = (last.seq + 1, last.sha256) if last else (1, GENESIS)
    sha256 = digest(chain, seq, kind, by.mark, at, data, previous)
    return await Event.create(
        chain=chain,
        seq=seq,
        kind=kind,
        by=by.mark,
        at=at,
        data=data,
        key=key,
        previous=previous,
        sha256=sha256,
    )


async def happened(key: str | None) -> Event | None:
    """The act already done under this key, if any: a repeated request changes nothing."""
    return await Event.get_or_none(key=key) if key else None


async def broken(chain: str) -> int | None:
    """The first sequence number of `chain` that does not follow from the rows before it; None if all do."""
    previous, expected = GENESIS, 1
    async for row in Event.filter(chain=chain).order_by("seq"):
        whole = digest(chain, row.seq, row.kind, row.by, row.at, row.data, previous)
        if (row.seq, row.previous, row.sha256) != (expected, previous, whole):
            return expected
        previous, expected = row.sha256, expected + 1
    return None
