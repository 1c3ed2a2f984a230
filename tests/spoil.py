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
from models.tables import Anchor, Event
from models.tables.sealed import SEALED
from tests.evidence import originals

Tables = tuple[type[Model], ...]
TABLES: Tables = (*SEALED, Event)


@dataclass(frozen=True)
class Spoilt:
    """What was done, and how a look must call what differs now."""

    what: str
    name: str


@asynccontextmanager
async def spoilt(dice: Random, tables: Tables = TABLES) -> AsyncIterator[Spoilt]:
    """SQLite alone: there every column takes any bytes."""
    way = dice.choices([_bit, _gone, _photo], [12, 1, 3])[0]
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


@asynccontextmanager
async def _bit(dice: Random, tables: Tables) -> AsyncIterator[Spoilt]:
    """A bit of a column; an event's row number says nothing and is left alone."""
    while True:
        table, name, row = await _any_row(dice, tables)
        column = dice.choice([one for one in row if not (table is Event and one == "id")])
        value = flipped(dice, row[column])
        try:
            await _put(name, column, value, row["id"])
            break
        except IntegrityError:  # the database itself refuses it
            continue
    there = value if column == "id" else row["id"]
    yield Spoilt(
        f"{name}.{column} of {row['id']}: {row[column]!r:.60} became {value!r:.60}", f"{name}:{row['id']}"
    )
    await _put(name, column, row[column], there)


async def _put(name: str, column: str, value: Any, pk: Any) -> None:
    mark = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
    await store.connection().execute_query(
        f'UPDATE "{name}" SET "{column}" = {mark} WHERE id = ?', [value, pk]
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
    _, name, row = await _any_row(dice, tables)
    called = f"{name}:{row['id']}"
    if name == "event":
        ends = [end for one in await Anchor.all() for end in one.ends]
        chain, length, _ = dice.choice(ends)
        row = dice.choice(await ask("SELECT * FROM event WHERE chain = ? AND seq <= ?", chain, length))
        called = row["chain"]
    await store.connection().execute_query(f'DELETE FROM "{name}" WHERE id = ?', [row["id"]])
    yield Spoilt(f"{name} {row['id']} was taken out", called)
    columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
    await store.connection().execute_query(
        f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(row.values())
    )


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
