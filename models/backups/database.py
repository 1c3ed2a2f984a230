"""The whole database as one SQLite file, taken while others work in it, and from such a file into any database.

SQLite is copied by its own online copy; PostgreSQL is read in one repeatable-read transaction, so every row is of the
same moment. Into PostgreSQL rows go in the order in which tables refer to each other, their numbers kept.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from tortoise.fields import JSONField
from tortoise.models import Model

from models import migrate, store
from models.engine.inserts import LARGEST
from models.queries.raw_rows import spelled

READ_AT_ONCE = 1_000
PATIENCE = 120  # seconds for one's turn
STEPS = "tortoise_migrations"


async def copy_out(url: str, path: Path) -> None:
    """Write the database at `url` to a new SQLite file. The store must be closed."""
    source = migrate.file_of(url)
    if source is not None:
        await asyncio.to_thread(_vacuum, source, path)
        return
    await migrate.migrate(f"sqlite://{path}")
    async with store.opened(url), store.transaction(sealed=False):
        await store.connection().execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with closing(sqlite3.connect(path)) as file:
            file.execute("PRAGMA foreign_keys = OFF")
            for table in store.tables():
                await _read_out(table, file)
            file.commit()
    await asyncio.to_thread(_settle, path)


def _vacuum(source: Path, path: Path) -> None:
    with closing(sqlite3.connect(source, timeout=PATIENCE)) as file:
        file.execute("VACUUM INTO ?", (str(path),))


def _settle(path: Path) -> None:
    """Everything into the one file: no `-wal` beside it."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")


async def _read_out(table: type[Model], file: sqlite3.Connection) -> None:
    meta, columns = table._meta, _columns(table)
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    last: Any = None
    while True:
        after = f'WHERE "{meta.db_pk_column}" > ?' if last is not None else ""
        asked = f'SELECT {names} FROM "{meta.db_table}" {after} ORDER BY "{meta.db_pk_column}" LIMIT {READ_AT_ONCE}'  # noqa: S608
        rows = await store.run_one(asked, *([] if last is None else [last]))
        if not rows:
            return
        written = [[_spelled(table, column, row[column]) for column in columns] for row in rows]
        file.executemany(f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({marks})', written)  # noqa: S608
        last = rows[-1][meta.db_pk_column]


def _columns(table: type[Model]) -> list[str]:
    return list(table._meta.fields_db_projection_reverse)


def _spelled(table: type[Model], column: str, raw: Any) -> Any:
    field = table._meta.fields_map[table._meta.fields_db_projection_reverse[column]]
    return None if raw is None else spelled(field.to_python_value(raw), isinstance(field, JSONField))


async def copy_in(path: Path, url: str) -> None:
    """Fill the empty database at `url` from an SQLite file of the same or an earlier version. The store must be closed.

    Raises Lost when a row would be lost on the way.
    """
    target = migrate.file_of(url)
    if target is not None:
        await asyncio.to_thread(_vacuum, path, target)
        await migrate.migrate(url, backup=False)
        return
    await asyncio.to_thread(path.chmod, 0o600)
    await migrate.migrate(f"sqlite://{path}", backup=False)
    await migrate.migrate(url)
    async with store.opened(url), store.transaction(sealed=False):
        with closing(sqlite3.connect(path)) as file:
            file.row_factory = sqlite3.Row
            for table in _in_order(store.tables()):
                await _write_in(table, file)


def _in_order(tables: Sequence[type[Model]]) -> Iterator[type[Model]]:
    """Whatever a table refers to before the table."""
    referred = {
        table: {table._meta.fields_map[name].related_model for name in table._meta.fk_fields | table._meta.o2o_fields}  # type: ignore[attr-defined]
        - {table}
        for table in tables
    }  # fmt: skip
    yield from TopologicalSorter(referred).static_order()


async def _write_in(table: type[Model], file: sqlite3.Connection) -> None:
    meta, columns = table._meta, _columns(table)
    names = ", ".join(f'"{column}"' for column in columns)
    place = f"({', '.join('?' * len(columns))})"
    cursor = file.execute(f'SELECT {names} FROM "{meta.db_table}" ORDER BY "{meta.db_pk_column}"')  # noqa: S608
    count = 0
    while rows := cursor.fetchmany(max(1, min(READ_AT_ONCE, LARGEST // len(columns)))):
        values = [_given(table, column, row[column]) for row in rows for column in columns]
        places = ", ".join([place] * len(rows))
        await store.run_one(f'INSERT INTO "{meta.db_table}" ({names}) VALUES {places}', *values)  # noqa: S608
        count += len(rows)
    [written] = await store.run_one(f'SELECT COUNT(*) AS "n" FROM "{meta.db_table}"')  # noqa: S608
    if written["n"] != count:
        raise migrate.Lost(f"{meta.db_table}: {count} rows became {written['n']}")
    if meta.pk.generated:
        await _go_on_counting(meta.db_table, meta.db_pk_column)


def _given(table: type[Model], column: str, raw: Any) -> Any:
    field = table._meta.fields_map[table._meta.fields_db_projection_reverse[column]]
    return None if raw is None else field.to_db_value(field.to_python_value(raw), table)


async def _go_on_counting(table: str, pk: str) -> None:
    await store.connection().execute_query(
        f"""SELECT setval(pg_get_serial_sequence('"{table}"', '{pk}'),"""  # noqa: S608
        f""" (SELECT COALESCE(MAX("{pk}"), 0) + 1 FROM "{table}"), false)"""
    )
