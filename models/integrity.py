"""Is the database itself whole? Every page or row is read, beside whoever works in it (Art. 20).

SQLite checks its file from a connection of its own; PostgreSQL reads every row, and every index where its
extension `amcheck` is installed. A damaged database is never mended in place: a copy of before is put back.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from tortoise.exceptions import BaseORMException

from models import migrate, store
from models.engine import Damaged
from models.engine import indexes as engine

MOST = 20
READ = """SELECT sum(length(convert_from(convert_to(t::text, 'UTF8'), 'UTF8'))) FROM "{}" t"""
"""Every value of every row, and every text once more as bytes: what is no text is found too."""


async def damage(url: str) -> list[str]:
    """What is damaged, in the database's own words; [] when nothing is. The store must be open for PostgreSQL."""
    path = migrate.file_of(url)
    if path is None:
        return await _on_postgres()
    return await asyncio.to_thread(_on_sqlite, path) if path.exists() else []


def _on_sqlite(path: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as file:
            lines = [str(row[0]) for row in file.execute(f"PRAGMA integrity_check({MOST})")]
            lines += [
                f"{row[0]} {row[1]}: {row[2]}"
                for row in file.execute("PRAGMA foreign_key_check").fetchmany(MOST)
            ]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [value for value in lines if value != "ok"]


async def _on_postgres() -> list[str]:
    results = []
    for table in await engine.tables(store.connection()):
        try:
            await store.connection().execute_query(READ.format(table))
        except (Damaged, BaseORMException) as error:
            results.append(f"{table}: {error}")
    there = await store.connection().execute_query_dict(
        "SELECT 1 AS n FROM pg_extension WHERE extname = 'amcheck'"
    )
    return results + (await _indexes_on_postgres() if there else [])


async def _indexes_on_postgres() -> list[str]:
    asked = """SELECT c.oid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()"""
    broken = []
    for row in await store.connection().execute_query_dict(asked):
        try:
            await store.connection().execute_query("SELECT bt_index_check($1::oid::regclass)", [row["oid"]])
        except (Damaged, BaseORMException) as error:
            broken.append(f"{row['relname']}: {error}")
    return broken
