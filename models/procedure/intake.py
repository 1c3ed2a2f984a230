"""收件: an update is durable before anybody is told that it arrived, and is done once (promises R1-R3)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models import store
from models.tables import Inbox, InboxState, Lease, Stray

TRIES = 6


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update as it came, with what could be read of it."""

    body: str
    update_id: int | None
    sender: int | None


def read(body: bytes) -> Arrival:
    """What is needed to store an update; a body that is no update has no number."""
    text = body.decode("utf-8", "replace")
    try:
        raw = json.loads(text)
        number = raw.get("update_id") if isinstance(raw, dict) else None
    except (ValueError, RecursionError):
        return Arrival(text, None, None)
    good = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63
    return Arrival(text, number if good else None, sender(raw) if good else None)


def sender(raw: dict[str, Any]) -> int | None:
    """Whose update it is: order is kept for each person."""
    for part in raw.values():
        if isinstance(part, dict):
            who = part.get("from") or part.get("chat") or part.get("user")
            if isinstance(who, dict) and isinstance(who.get("id"), int):
                return int(who["id"])
    return None


@store.transactional
async def keep(arrivals: Iterable[Arrival], *, at: datetime) -> int:
    """Store raw updates in one transaction; repeats fall out, what cannot be numbered is kept apart (D1, D2, D4)."""
    new = 0
    for one in arrivals:
        known = await Inbox.get_or_none(update_id=one.update_id) if one.update_id is not None else None
        if one.update_id is None:
            await Stray.create(update_id=None, body=one.body, reason="unreadable", received_at=at)
        elif known is None:
            await Inbox.create(update_id=one.update_id, sender=one.sender, body=one.body, received_at=at)
            new += 1
        elif _same(known.body, one.body):
            await Inbox.filter(update_id=one.update_id).update(repeats=known.repeats + 1)
        else:
            await Stray.create(update_id=one.update_id, body=one.body, reason="other body", received_at=at)
    return new


async def waiting(*, at: datetime, limit: int = 500) -> list[Inbox]:
    """Stored updates that are still to be acted upon, oldest first."""
    rows = await Inbox.filter(state=InboxState.NEW).order_by("update_id").limit(limit)
    return [row for row in rows if row.not_before is None or row.not_before <= at]


@store.transactional
async def done(update_id: int, *, at: datetime) -> None:
    """The update was acted upon."""
    await Inbox.filter(update_id=update_id).update(state=InboxState.DONE, done_at=at)


@store.transactional
async def failed(update_id: int, error: str, *, at: datetime, hopeless: bool = False) -> bool:
    """The update could not be acted upon: tried again later, put aside whole after six tries. True when put aside."""
    row = await Inbox.get(update_id=update_id)
    row.attempts += 1
    row.error = error[:2000]
    row.not_before = at + timedelta(seconds=min(60, 2**row.attempts))
    if hopeless or row.attempts >= TRIES:
        row.state = InboxState.QUARANTINED
    await row.save(update_fields=["attempts", "error", "not_before", "state"])
    return row.state == InboxState.QUARANTINED


@store.transactional
async def lease(name: str, holder: str, seconds: float, *, at: datetime) -> bool:
    """Take or renew the right to be the only one who does `name`; False while another holds it."""
    row = await Lease.get_or_none(name=name)
    if row and row.holder != holder and row.until > at:
        return False
    until = at + timedelta(seconds=seconds)
    if row:
        await Lease.filter(name=name).update(holder=holder, until=until)
    else:
        await Lease.create(name=name, holder=holder, until=until)
    return True


@store.transactional
async def release(name: str, holder: str) -> None:
    """Give the right back, so that another need not wait."""
    await Lease.filter(name=name, holder=holder).delete()


def _same(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return one == other
