"""The hash of every row that an act writes goes into the events of the row's chain (Art. 16 (3), 20).

No act names the rows it wrote: the engine sees them (`models.engine.writes`). An event takes those of its own
chain that were written before it; what belongs to other chains, or was written after the last event, goes
into one event `rows.written` of each chain when the act ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from tortoise.models import Model

from models import store
from models.engine import writes
from models.engine.writes import Watched
from models.queries import raw_rows
from models.queries.evidence import GONE, chains_of
from models.queries.raw_rows import Row
from models.rules.actor import Actor
from models.tables import SealForm
from models.tables.hashed_rows import HASHED_TABLES, HOMES, UNHASHED_COLUMNS, columns, form, name_of, row_name

Hasher = Callable[[Mapping[str, Any]], str]
Sure = Mapping[str, Mapping[Any, str]]  # by table and key the chain of rows whose chain is known
_known: tuple[Any, str] | None = None  # the open store, and the form that it holds for good


class Sealing(writes.Writes):
    """What one act wrote: `ready` holds, by chain, hashes that no event has taken yet."""

    def __init__(self) -> None:
        super().__init__(_watched())
        self.ready: dict[str, dict[str, str]] = defaultdict(dict)
        self.were: dict[str, str] = {}  # hashes of the rows before the act changed them
        self.keys: dict[str, tuple[str, Any]] = {}  # table and key of what lies ready
        self.parents: dict[tuple[type[Model], Any], Row] = {}
        self.last: tuple[Actor, datetime] | None = None


@cache
def _watched() -> Mapping[str, Watched]:
    return {
        table._meta.db_table: Watched(table._meta.db_pk_column, frozenset(UNHASHED_COLUMNS.get(table, {})))
        for table in HASHED_TABLES
    }


@cache
def _tables() -> Mapping[str, type[Model]]:
    return {table._meta.db_table: table for table in HASHED_TABLES}


@cache
def _form() -> tuple[str, dict[str, list[str]]]:
    covered = form()
    return name_of(covered), covered


async def named(chain: str, by: Actor, at: datetime, rows: Iterable[Model] = ()) -> dict[str, Any]:
    """What an event of this chain says of the rows written so far: `rows` and `form`; nothing when there are none.

    `rows` are known to be of this chain. Rows of unsealed tables among them are a TypeError.
    """
    act, sure = writes.current(), _sure([(chain, rows)])
    if not isinstance(act, Sealing):
        act = Sealing()
        for table, keys in sure.items():
            act.add(table, keys)
        await _look(act, sure)
        return await told(act.ready.pop(chain, {}))
    act.last = by, at
    await _look(act, sure)
    return await _taken(act, act.ready.pop(chain, {}))


async def look_at(rows: Iterable[tuple[str, Iterable[Model]]]) -> None:
    """Before events of many chains, of each of which these rows are known to be: what was written is looked at once."""
    if isinstance(act := writes.current(), Sealing):
        await _look(act, _sure(rows))


def _sure(rows: Iterable[tuple[str, Iterable[Model]]]) -> Sure:
    known: dict[str, dict[Any, str]] = defaultdict(dict)
    for chain, some in rows:
        for row in some:
            if type(row) not in HOMES:
                raise TypeError(f"{type(row).__name__} is not among the sealed tables")
            known[row._meta.db_table][row.pk] = chain
    return known


async def told(hashes: Mapping[str, str], before: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Hashes as an event says them; `before`: what those rows were that were there already, `?` if nobody looked.

    A row that was not then what the last event before says of it was changed by something else than an act: the
    new hash does not cover that up, `verify` names it for good.
    """
    if not hashes:
        return {}
    params = {"rows": dict(sorted(hashes.items())), "form": await noted()}
    return params if before is None else params | {"before": dict(sorted(before.items()))}


async def _taken(act: Sealing, hashes: Mapping[str, str]) -> dict[str, Any]:
    """The hashes go into an event: what the act does to these rows from now on comes after it."""
    for name in hashes:
        table, pk = act.keys.pop(name)
        act.unsealed[table].discard(pk)
    return await told(hashes, {name: act.were.pop(name) for name in hashes if name in act.were})


async def left(act: Sealing) -> dict[str, dict[str, Any]]:
    """By chain what the act wrote and no event has taken."""
    await _look(act, {})
    result = {chain: await _taken(act, hashes) for chain, hashes in sorted(act.ready.items()) if hashes}
    act.ready.clear()
    return result


async def noted() -> str:
    """The name of the form of today, which the database holds from the first hash on."""
    global _known
    name, covered = _form()
    here = store.context()
    if _known is None or _known[0] is not here or _known[1] != name:
        if await SealForm.exists(id=name):
            _known = here, name
        else:
            await SealForm.bulk_create([SealForm(id=name, columns=covered)], ignore_conflicts=True)
    return name


async def _look(act: Sealing, known: Sure) -> None:
    """Hash what was written since the last look, as the database has it now."""
    written, act.rows = act.rows, defaultdict(dict)
    for name, keys in written.items():
        table, sure, hashed = _tables()[name], known.get(name, {}), _hasher(_tables()[name])
        there, before = await _there(act, table, keys), act.before.pop(name, {})
        homes = await _homes(act, table, {pk: there.get(pk) or act.gone[name].get(pk) for pk in keys}, sure)
        for pk in keys:
            if (home := homes.get(pk)) is None:
                continue
            subject = row_name(table, pk)
            act.ready[home][subject] = hashed(there[pk]) if pk in there else GONE
            act.keys[subject] = name, pk
            if pk in before:
                was = before[pk]
                act.were.setdefault(subject, "?" if was is None else hashed(was))


async def _there(act: Sealing, table: type[Model], keys: Collection[Any]) -> dict[Any, Mapping[str, Any]]:
    """The rows as they are; those that were but inserted are known."""
    fresh = act.fresh.pop(table._meta.db_table, {})
    known = {pk: fresh[pk] for pk in keys if pk in fresh}
    asked = [pk for pk in keys if pk not in known]
    return known | await raw_rows.raw(table, asked) if asked else known


async def _homes(
    act: Sealing,
    table: type[Model],
    rows: Mapping[Any, Mapping[str, Any] | None],
    sure: Mapping[Any, str],
) -> dict[Any, str]:
    """By primary key the chain of each row that was written; that of some is `sure`."""
    if fixed := HOMES[table].fixed:
        return dict.fromkeys(rows, fixed)
    wanted = (pk for pk in rows if pk not in sure or table in _parents())
    there = {pk: raw_rows.row(table, row, short=True) for pk in wanted if (row := rows[pk]) is not None}
    act.parents.update({(table, pk): row for pk, row in there.items()})
    others = [row for pk, row in there.items() if pk not in sure]
    return dict(sure) | await chains_of(table, others, act.parents)


@cache
def _parents() -> frozenset[type[Model]]:
    """Tables that references lead through."""
    return frozenset(parent for home in HOMES.values() for _, parent in home.through)


@cache
def _hasher(table: type[Model]) -> Hasher:
    return raw_rows.hasher(table, tuple(columns(table)))


def hash_of(row: Row) -> str:
    """The hash of a row as it is, over the columns that are sealed today."""
    return raw_rows.hashed(row, columns(row.table))
