"""SQLite as it is delivered: Debian's takes 250,000 values in a statement, most others 32,766."""

import sqlite3

from models import store

MOST = 32_766


async def limited() -> None:
    """Let the open database take no more values in a statement than SQLite does where nobody raised that."""
    if store.dialect() == "sqlite":
        async with store.connection().acquire_connection() as connection:
            await connection._execute(connection._conn.setlimit, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST)
