"""全过程留痕: every act leaves one row in the chain of its task, batch or registry (Art. 16 (3), 20).

A row's hash covers the row before it, so that no row can be changed, taken out or put in unseen. Rows cut off
at the end leave a chain that is whole in itself: only somebody who knows its `head` can miss them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tortoise.models import Model

from models import store
from models.engine import writes as writes_of
from models.fields import readable_json
from models.operations import sealing
from models.operations.sealing import Sealing
from models.rules.actor import Actor, Role
from models.rules.chain import GENESIS, digest
from models.tables import Event

HEAD = "SELECT seq, sha256 FROM event WHERE chain = ? ORDER BY seq DESC LIMIT 1"


class Head(NamedTuple):
    """The last row of a chain: enough to know all rows before it again."""

    seq: int
    sha256: str


async def record(
    chain: str,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    rows: Iterable[Model] = (),
    **data: Any,
) -> Event:
    """Append an act to its chain, inside the act's own transaction.

    `key` makes the act happen once: a second row under it violates the table's unique index. The event keeps
    the hash of every row of this chain that the act wrote before, so that `verify` can tell when anything but
    an act changes one of them (`models.operations.sealing`). `rows`: some that are known to be of this chain,
    which spares asking.
    """
    if by.through:
        data["through"] = by.through
    data |= await sealing.named(chain, by, at, rows)
    return await append(chain, kind, by, at, data, key)


async def append(
    chain: str, kind: str, by: Actor, at: datetime, data: dict[str, Any], key: str | None = None
) -> Event:
    """`record` for data that holds its hashes already."""
    await lock(f"chain {chain}")
    act = writes_of.current()
    seq, previous = (act.heads.get(chain) if act else None) or await chain_head(chain)
    row: dict[str, Any] = {
        "chain": chain,
        "seq": seq + 1,
        "kind": kind,
        "by": by.mark,
        "at": at,
        "data": data,
        "key": key,
    }
    event = Event(**row, previous=previous, sha256=digest(**row, previous=previous))
    [stored] = await store.run_one(
        'INSERT INTO event (chain, seq, kind, "by", at, data, key, previous, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) '
        "RETURNING id",
        chain, seq + 1, kind, by.mark, at, readable_json(data), key, previous, event.sha256,
    )  # fmt: skip
    event.id, event._saved_in_db = stored["id"], True
    if act:
        act.heads[chain] = Head(seq + 1, event.sha256)
    return event


class ChainEntry(NamedTuple):
    """An act for the chain of one thing, of several that one act is about. `rows`: see `record`."""

    chain: str
    data: dict[str, Any]
    rows: Iterable[Model] = ()


async def record_all(kind: str, entries: Sequence[ChainEntry], *, by: Actor, at: datetime) -> None:
    """`record` for many things at once, one event in the chain of each."""
    events = []
    heads = await _heads([entry.chain for entry in entries])
    await sealing.look_at((entry.chain, entry.rows) for entry in entries)
    for chain, data, rows in entries:
        params = (
            data | ({"through": by.through} if by.through else {}) | await sealing.named(chain, by, at, rows)
        )
        seq, previous = heads[chain]
        row: dict[str, Any] = {
            "chain": chain, "seq": seq + 1, "kind": kind, "by": by.mark, "at": at, "data": params, "key": None,
        }  # fmt: skip
        events.append(Event(**row, previous=previous, sha256=digest(**row, previous=previous)))
        heads[chain] = Head(seq + 1, events[-1].sha256)
    await store.insert(events)
    if act := writes_of.current():
        act.heads.update(heads)


async def _heads(chains: list[str]) -> dict[str, Head]:
    """The heads of many chains, whose turns are taken in one order."""
    for chain in sorted(set(chains)):
        await lock(f"chain {chain}")
    rows = await store.run_one(
        "SELECT chain, seq, sha256 FROM event e WHERE chain IN "  # noqa: S608
        f"({store.marks(chains)}) AND seq = (SELECT MAX(seq) FROM event n WHERE n.chain = e.chain)",
        *chains,
    )
    return dict.fromkeys(chains, Head(0, GENESIS)) | {
        row["chain"]: Head(row["seq"], row["sha256"]) for row in rows
    }


def writes() -> Sealing:
    """What the act that begins now will have written."""
    return Sealing()


async def finish(act: Sealing) -> None:
    """Seal what the act wrote and none of its events took. Called when the act ends, before it is kept."""
    for chain, data in (await sealing.left(act)).items():
        if act.last is None:
            names = ", ".join(data["rows"])
            warnings.warn(f"an act wrote {names} and recorded no event: call event.record", stacklevel=1)
        by, at = act.last or (Actor(Role.SYSTEM, "store"), await store.its_time())
        await append(chain, "rows.written", by, at, data)


async def find_by_key(key: str | None) -> Event | None:
    """The act already done under this key, if any: a repeated request changes nothing.

    Whoever asks at the same moment, in an act of their own, waits until that act is over.
    """
    if key is None:
        return None
    await lock(f"key {key}")
    results = await store.run_one("SELECT * FROM event WHERE key = ?", key)
    return Event._init_from_db(**results[0]) if results else None


async def chain_head(chain: str) -> Head:
    """The chain's last row; sequence 0 before the first."""
    last = await store.run_one(HEAD, chain)
    return Head(last[0]["seq"], last[0]["sha256"]) if last else Head(0, GENESIS)


async def first_broken_link(chain: str, known: Head | None = None) -> int | None:
    """The first sequence number of `chain` that does not follow from the rows before it; None if all do.

    `known`: its head at an earlier time, as somebody wrote it down; rows missing up to there are found too.
    """
    previous, expected = GENESIS, 1
    async for row in Event.filter(chain=chain).order_by("seq", "id"):
        whole = digest(chain, row.seq, row.kind, row.by, row.at, row.data, previous, row.key)
        if (row.seq, row.previous, row.sha256) != (expected, previous, whole):
            return expected
        if known and known.seq == row.seq and known.sha256 != row.sha256:
            return expected
        previous, expected = row.sha256, expected + 1
    return expected if known and known.seq >= expected else None


async def turns_of_accounts(accounts: Iterable[Any]) -> list[int]:
    """The turns of several accounts, always in the same order (given back), and before every other turn of the act."""
    ordered = sorted(set(accounts))
    for account in ordered:
        await lock(f"chain account:{account}")
    return ordered


def head_of(chain: str) -> store.SqlStatement:
    """What asks for the chain's last row, for whoever holds the chain's turn and asks for more in the same trip."""
    return store.query(HEAD, chain, light=True)


def known_head(chain: str, rows: Sequence[Any]) -> None:
    """Its answer, so that the event of this act need not ask again."""
    if act := writes_of.current():
        act.heads[chain] = Head(rows[0]["seq"], rows[0]["sha256"]) if rows else Head(0, GENESIS)


async def lock(*what: str) -> None:
    """PostgreSQL lets acts run beside each other: those about one thing take turns, act by act.

    Whoever needs several takes accounts first (by number), then the fixed visits, then the rest in the order of
    names; two acts that meet in another order all the same are told apart by the database, and one begins again.
    """
    if store.dialect() != "postgres" or not store.is_act_under_way():
        return
    act = writes_of.current()
    wanted = [name for name in what if act is None or name not in act.turns]
    if wanted:
        await store.turns(*wanted)
    if act:
        act.turns.update(wanted)
