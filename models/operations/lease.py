"""Who alone does a thing at present, of several processes: polls, delivers, keeps the deadlines (R23, D9).

No clock is compared with another's: `until` only shows that a holder renewed. Whoever stands by counts for
itself how long that did not happen, and then takes the right over from exactly the holding it had seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError

from models import store
from models.tables import Lease


@dataclass(frozen=True, slots=True)
class HeldLease:
    """Who holds a right, and the mark of its last renewal."""

    holder: str
    until: datetime


@store.transactional
async def take(
    name: str, holder: str, seconds: float, *, at: datetime, over_from: HeldLease | None = None
) -> HeldLease:
    """Take or renew the right to be the only one who does `name`; returns the holding that stands now.

    `over_from`: a holding that the caller knows to be dead; taken over only if it stands unchanged.
    """
    mine = HeldLease(holder, at + timedelta(seconds=seconds))
    row = await Lease.get_or_none(name=name)
    if row is None:
        return mine if await _first(name, mine) else await _standing(name)
    there = HeldLease(row.holder, row.until)
    if there.holder != holder and there != over_from:
        return there
    unchanged = Lease.filter(name=name, holder=there.holder, until=there.until)
    return mine if await unchanged.update(holder=holder, until=mine.until) else await _standing(name)


@store.transactional
async def release(name: str, holder: str) -> None:
    """Give the right back, so that another need not wait."""
    await Lease.filter(name=name, holder=holder).delete()


async def _first(name: str, mine: HeldLease) -> bool:
    try:
        async with store.savepoint():
            await Lease.create(name=name, holder=mine.holder, until=mine.until)
    except IntegrityError:
        return False
    return True


async def _standing(name: str) -> HeldLease:
    row = await Lease.get(name=name)
    return HeldLease(row.holder, row.until)
