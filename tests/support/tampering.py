"""One thing changed behind the acts' back: a bit of a column, a row, a photo; and put right again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from models import store
from models.tables import Anchor, DrawText, Event, SealForm
from models.tables.hashed_rows import HASHED_TABLES, HOMES
from tests.support.evidence import originals

Tables = tuple[type[Model], ...]
TABLES: Tables = (*HASHED_TABLES, Event, SealForm, DrawText)
SAYS_NOTHING = {(Event, "id")}


@dataclass(frozen=True)
class Spoilt:
    """What was done, and how a look must call what differs now."""

    what: str
    name: str


@asynccontextmanager
async def spoilt(dice: Random, tables: Tables = TABLES) -> AsyncIterator[Spoilt]:
    """SQLite alone: there every column takes any bytes."""
    way = dice.choices([_bit, _gone, _put_in, _swapped, _photo], [12, 1, 1, 1, 2])[0]
    async with way(dice, tables) as done:
        yield done


async def ask(query: str, *values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await store.connection().execute_query_dict(query, list(values))]


async def _any_row(dice: Random, tables: Tables) -> tuple[Any, str, dict[str, Any]]:
    while True:
        table = dice.choice(tables)
        name = table._meta.db_table
        if found := await ask(f'SELECT * FROM "{name}"'):
            return table, name, dice.choice(found)


def _key(table: type[Model]) -> str:
    return str(table._meta.db_pk_column)


@asynccontextmanager
async def _bit(dice: Random, tables: Tables) -> AsyncIterator[Spoilt]:
    """A bit of a column, of those that say anything."""
    while True:
        table, name, row = await _any_row(dice, tables)
        key = _key(table)
        column = dice.choice([one for one in row if (table, one) not in SAYS_NOTHING])
        value = flipped(dice, row[column])
        try:
            await _put(table, column, value, row[key])
            break
        except IntegrityError:  # the database itself refuses it
            continue
    there = value if column == key else row[key]
    yield Spoilt(
        f"{name}.{column} of {row[key]}: {row[column]!r:.60} became {value!r:.60}", f"{name}:{row[key]}"
    )
    await _put(table, column, row[column], there)


async def _put(table: type[Model], column: str, value: Any, pk: Any) -> None:
    mark = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
    where = "CAST(? AS TEXT)" if isinstance(pk, bytes) else "?"
    await store.connection().execute_query(
        f'UPDATE "{table._meta.db_table}" SET "{column}" = {mark} WHERE "{_key(table)}" = {where}',
        [value, pk],
    )


@asynccontextmanager
async def _put_in(dice: Random, tables: Tables) -> AsyncIterator[Spoilt]:
    """A row beside the others that no act wrote: another's copy under a key of its own, wherever it points."""
    while True:
        table, name, row = await _any_row(dice, tuple(one for one in tables if one in HOMES))
        key = _key(table)
        row[key] = max(one[key] for one in await ask(f'SELECT "{key}" FROM "{name}"'))
        row[key] = row[key] + 1 if isinstance(row[key], int) else row[key] + "9"
        for column in row:
            if column.endswith("_id") and isinstance(row[column], int) and dice.random() < 0.2:
                row[column] += 100_000
        try:
            await _insert(name, row)
            break
        except IntegrityError:
            continue
    yield Spoilt(f"{name} {row[key]} was put in", f"{name}:{row[key]}")
    await store.connection().execute_query(f'DELETE FROM "{name}" WHERE "{key}" = ?', [row[key]])


@asynccontextmanager
async def _swapped(dice: Random, tables: Tables) -> AsyncIterator[Spoilt]:
    """Two rows that differ change places."""
    while True:
        table, name, row = await _any_row(dice, tuple(one for one in tables if one in HOMES))
        key = _key(table)
        others = [one for one in await ask(f'SELECT * FROM "{name}"') if one[key] != row[key]]
        if others:
            break
    other = dice.choice(others)
    await _exchange(name, key, row, other)
    yield Spoilt(f"{name} {row[key]} and {other[key]} changed places", f"{name}:{row[key]}")
    await _exchange(name, key, {**row, key: other[key]}, {**other, key: row[key]})


async def _exchange(name: str, key: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    for row in (one, other):
        await store.connection().execute_query(f'DELETE FROM "{name}" WHERE "{key}" = ?', [row[key]])
    await _insert(name, {**one, key: other[key]})
    await _insert(name, {**other, key: one[key]})


async def _insert(name: str, row: dict[str, Any]) -> None:
    columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
    await store.connection().execute_query(
        f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(row.values())
    )


def flipped(dice: Random, value: Any) -> Any:
    """The value with one bit changed, as the bytes or the number it is stored as."""
    if value is None:
        return dice.choice([b"x", 1, b"2026-12-08 01:00:00+00:00"])
    if isinstance(value, int):
        return value ^ 1 << dice.randrange(16)
    data = bytearray(str(value).encode())
    if not data:
        return b"x"
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


@asynccontextmanager
async def _gone(dice: Random, tables: Tables) -> AsyncIterator[Spoilt]:
    """A whole row taken out; of events one that a daily root covers."""
    table, name, row = await _any_row(dice, tables)
    key = _key(table)
    called = f"{name}:{row[key]}"
    if name == "event":
        ends = [end for one in await Anchor.all() for end in one.ends]
        chain, length, _ = dice.choice(ends)
        row = dice.choice(await ask("SELECT * FROM event WHERE chain = ? AND seq <= ?", chain, length))
        called = row["chain"]
    await store.connection().execute_query(f'DELETE FROM "{name}" WHERE "{key}" = ?', [row[key]])
    yield Spoilt(f"{name} {row[key]} was taken out", called)
    await _insert(name, row)


@asynccontextmanager
async def _photo(dice: Random, _: Tables) -> AsyncIterator[Spoilt]:
    """A bit of an original's bytes, some of them cut off, or the whole file gone."""
    name = dice.choice(await originals())
    path = store.objects.path(name)  # type: ignore[attr-defined]
    data = path.read_bytes()
    changed = bytearray(data)
    changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    left = dice.choice([bytes(changed), data[: dice.randrange(len(data))], data + b"\x00", None])
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    yield Spoilt(f"photo {name[:12]}: {'gone' if left is None else len(left)}", name)
    path.unlink(missing_ok=True)
    path.write_bytes(data)
