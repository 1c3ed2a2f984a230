"""收件: an update is durable before anybody hears that it arrived, and is acted upon once (R1-R3)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.fields import instant
from models.operations.lease import release
from models.operations.lease import take as lease
from models.tables import Inbox, Stray

__all__ = [
    "ArrivalCounts", "RawUpdate", "StoredUpdate", "done_within", "keep", "lease", "read", "release", "waiting",
]  # fmt: skip

NOBODY = 0
RETRIED = "retried"  # stands in an update that a person had tried again: what it says is older than what is open now
LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """A raw update as it came, with what could be read of it; `sender` is 0 when it is nobody's."""

    body: str
    update_id: int | None
    sender: int = NOBODY


@dataclass(frozen=True, slots=True)
class ArrivalCounts:
    """What became of arrivals: new ones, repeats of known ones, and those put aside."""

    new: int = 0
    repeats: int = 0
    strays: int = 0


def read(body: bytes) -> RawUpdate:
    """What is needed to store an update. Never fails: a body that is no update has no number."""
    text = body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return RawUpdate(text, None)
    number: Any = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not _is_id(number) or number < 0:
        return RawUpdate(text, None)
    return RawUpdate(text, number, sender(raw))


def sender(raw: dict[str, Any]) -> int:
    """Whose update it is: order is kept for each person."""
    for part in raw.values():
        if isinstance(part, dict):
            who = part.get("from") or part.get("chat") or part.get("user")
            if isinstance(who, dict) and _is_id(who.get("id")):
                return int(who["id"])
    return NOBODY


async def keep(arrivals: Iterable[RawUpdate], *, at: datetime) -> ArrivalCounts:
    """Store raw updates: those whose number is new in one statement, which is their transaction; then, in another, repeats
    are counted and strays put aside (D1, D2, D4).

    Raises Unavailable when the database does not take them. What is stored by then is a repeat when it comes again.
    """
    together = list(arrivals)
    numbered = [arrival for arrival in together if arrival.update_id is not None]
    owed = await _insert(numbered, at) if numbered else None
    fresh = {row["update_id"] for row in owed.rows} if owed else set()
    new, others = len(fresh), []
    for arrival in together:
        if arrival.update_id in fresh:
            fresh.discard(arrival.update_id)
        else:
            others.append(arrival)
    return await _known(others, new, at) if others else ArrivalCounts(new)


@store.foremost
async def _insert(arrivals: list[RawUpdate], at: datetime) -> store.Owed:
    """Store those whose number is new; their numbers. Of two with one number the first is stored."""
    row = "(?, ?, ?, ?, 'new', 0, 0, '')"
    values = [
        value for arrival in arrivals for value in (arrival.update_id, arrival.sender, arrival.body, at)
    ]
    return await store.owe(
        "INSERT INTO inbox (update_id, sender, body, received_at, state, attempts, repeats, error) VALUES "  # noqa: S608
        f"{', '.join([row] * len(arrivals))} ON CONFLICT (update_id) DO NOTHING RETURNING update_id",
        *values,
    )


@store.transactional
async def _known(arrivals: list[RawUpdate], new: int, at: datetime) -> ArrivalCounts:
    """Of those that are not new: the same again, or not to be taken."""
    repeats = strays = 0
    for arrival in arrivals:
        if arrival.update_id is None:
            strays += await _aside(arrival, "unreadable", at)
            continue
        known = await Inbox.get(update_id=arrival.update_id)
        if _same(known.body, arrival.body):
            await Inbox.filter(update_id=arrival.update_id).update(repeats=known.repeats + 1)
            repeats += 1
        else:
            strays += await _aside(arrival, "other body", at)
    return ArrivalCounts(new, repeats, strays)


async def _aside(update: RawUpdate, reason: str, at: datetime) -> int:
    """Keep whole what cannot enter the inbox, once however often it is sent."""
    if await Stray.exists(update_id=update.update_id, body=update.body):
        return 0
    await Stray.create(update_id=update.update_id, body=update.body, reason=reason, received_at=at)
    return 1


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """A stored update that waits to be acted upon. `again`: a person had it tried again, or it waited for a neighbour."""

    update_id: int
    sender: int
    body: str
    received_at: datetime
    retried: bool
    again: bool


async def waiting(*, at: datetime, limit: int = 500, but: Collection[int] = ()) -> list[StoredUpdate]:
    """Stored updates that may be acted upon now, oldest first, save those of the senders `but`.

    Whose update failed and waits for its next try, waits with everything sent after it: order is kept.
    """
    senders = list(but)
    rows = await store.run_one(
        "SELECT update_id, COALESCE(sender, 0) AS sender, body, received_at, retried_at, waiting_since FROM inbox i "  # noqa: S608
        "WHERE state = 'new' AND NOT EXISTS (SELECT 1 FROM inbox h WHERE h.state = 'new' AND h.not_before > ? "
        f"AND h.sender = i.sender) AND COALESCE(sender, 0) NOT IN ({store.marks(senders) if senders else -1}) "
        "ORDER BY update_id LIMIT ?",
        at, *senders, limit,
    )  # fmt: skip
    return [_stored(row) for row in rows]


def _stored(row: Any) -> StoredUpdate:
    received = instant(row["received_at"])
    assert received
    retried, late = row["retried_at"] is not None, row["waiting_since"] is not None
    return StoredUpdate(row["update_id"], row["sender"], row["body"], received, retried, retried or late)


async def done_within(update_id: int, *, at: datetime) -> store.Owed:
    """Inside the act that an update asked for: it was acted upon. It changes nothing where its sender is still to be told
    that it waits no more, which `update_outcome.done` does.
    """
    return await store.owe(
        "UPDATE inbox SET state = 'done', done_at = ? WHERE update_id = ? AND state = 'new' AND waiting_since IS NULL "
        "AND retried_at IS NULL RETURNING update_id",
        at, update_id,
    )  # fmt: skip


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -LARGEST < value < LARGEST


def _same(value: str, other: str) -> bool:
    return value == other or bool(json.loads(value) == json.loads(other))
