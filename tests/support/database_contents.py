"""What stands in the open store's database, told apart from everything else that could stand there, and copied.

`known` gives a digest. Reading everything for it is dear, so `stands` says what is known already of the contents as
they are; it holds until somebody writes, which both kinds of database count.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models import store

ROLLBACK_JOURNAL = b"\x01\x01"  # as the file format calls it: a database in memory knows no write-ahead log
_standing: tuple[Any, bytes] = (None, b"")


@dataclass(frozen=True)
class Image:
    """The whole file of SQLite, or of PostgreSQL the tables (as COPY writes them) and sequences that changed."""

    file: bytes = b""
    tables: tuple[tuple[str, bytes], ...] = ()
    sequences: tuple[tuple[str, int | None], ...] = ()

    @property
    def size(self) -> int:
        return len(self.file) + sum(len(rows) for _, rows in self.tables)


def _path() -> Path:
    return Path(getattr(store.connection(), "filename", ":memory:"))


def can_be_copied() -> bool:
    return store.dialect() == "postgres" or str(_path()) != ":memory:"


async def known() -> bytes:
    """A digest of everything in the database."""
    where, digest = _standing
    if where == await _moment():
        return digest
    if store.dialect() == "sqlite":
        return hashlib.sha256(_without_counters(_file())).digest()
    async with _postgres() as connection:
        return hashlib.sha256(repr(await _digests(connection)).encode()).digest()


async def stands(digest: bytes) -> None:
    """The contents as they are now are known by this."""
    global _standing
    _standing = (await _moment(), hashlib.sha256(b"after" + digest).digest())


async def _moment() -> Any:
    """Another value after every write.

    Nobody opens the database's files here but SQLite: closing one of them would take back the locks that the whole
    process holds on it (fcntl(2)), and a write that died half done would be shown late.
    """
    if store.dialect() == "sqlite":
        client: Any = store.connection()
        async with client.acquire_connection() as file:
            rows = [await file.execute_fetchall(f"PRAGMA {name}_version") for name in ("data", "schema")]
            return file, file.total_changes, repr([tuple(row) for (row,) in rows])
    async with _postgres() as connection:
        now = "SELECT current_database(), pg_snapshot_xmax(pg_current_snapshot())::text"
        return tuple(await connection.fetchrow(now))


async def begin_image() -> Callable[[], Awaitable[Image]]:
    """Call what it gives when the database has become what is to be kept."""
    if store.dialect() == "sqlite":

        async def whole() -> Image:
            return Image(file=_file())

        return whole
    async with _postgres() as connection:
        before = await _digests(connection)

    async def changed() -> Image:
        async with _postgres() as connection:
            now = await _digests(connection)
            differ = {name: value for name, value in now.items() if before.get(name) != value}
            tables = []
            for name in (name for kind, name in differ if kind == "table"):
                rows = io.BytesIO()
                await connection.copy_from_table(name, output=rows, format="binary")
                tables.append((name, rows.getvalue()))
            sequences = [(name, value) for (kind, name), value in differ.items() if kind == "sequence"]
            return Image(
                tables=tuple(tables), sequences=tuple((name, int(value)) for name, value in sequences)
            )

    return changed


async def put(image: Image) -> None:
    """Make the database what it was when the image was taken, from what it was before."""
    if image.file:
        _put_file(image.file)
        return
    async with _postgres() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # links are checked already
        await connection.execute(";".join(f'DELETE FROM "{name}"' for name, _ in image.tables))
        for name, rows in image.tables:
            await connection.copy_to_table(name, source=io.BytesIO(rows), format="binary")
        if image.sequences:
            said = ", ".join(f"setval('\"{name}\"', {value})" for name, value in image.sequences)
            await connection.execute(f"SELECT {said}")


@asynccontextmanager
async def _postgres() -> AsyncIterator[Any]:
    client: Any = store.connection()
    async with client.acquire_connection() as connection:
        yield connection


async def _digests(connection: Any) -> dict[tuple[str, str], str]:
    tables = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    )
    rows = await connection.fetch(_question(tuple(row["tablename"] for row in tables)))
    return {(row["kind"], row["name"]): row["value"] for row in rows}


@cache
def _question(tables: tuple[str, ...]) -> str:
    each = [
        f"""SELECT 'table' AS kind, '{name}' AS name,
            coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS value FROM "{name}" t"""
        for name in tables
    ]
    each.append(
        "SELECT 'sequence', sequencename, last_value::text FROM pg_sequences"
        " WHERE schemaname = current_schema() AND last_value IS NOT NULL"
    )
    return " UNION ALL ".join(each)


def _file() -> bytes:
    with closing(sqlite3.connect(_path())) as file:
        return file.serialize()


def _without_counters(image: bytes) -> bytes:
    """Without the counters in the file's head, which count copies too."""
    counters = {*range(24, 28), *range(40, 44), *range(92, 100)}
    return bytes(0 if place in counters else image[place] for place in range(100)) + image[100:]


def _put_file(image: bytes) -> None:
    with closing(sqlite3.connect(":memory:")) as memory, closing(sqlite3.connect(_path())) as file:
        file.execute("PRAGMA synchronous = OFF")
        memory.deserialize(image[:18] + ROLLBACK_JOURNAL + image[20:])
        memory.backup(file)
