"""How much a database read for an answer: counts that no load of the machine changes.

SQLite: steps of its machine, in hundreds, of which every row that is looked at takes some. PostgreSQL: rows of tables,
as its own statistics of the transaction count them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from models import store

STEPS = 100
READ = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) AS n FROM pg_stat_xact_user_tables"


@dataclass
class Reading:
    """`rows`: what was read until the block ended."""

    rows: int = 0


@asynccontextmanager
async def rows_read() -> AsyncIterator[Reading]:
    """Count on the open database until the block ends; on PostgreSQL the block is one transaction."""
    reading = Reading()
    if store.dialect() == "sqlite":
        async with _steps(reading):
            yield reading
        return
    async with store.transaction():
        before = await _tuples()
        yield reading
        reading.rows = await _tuples() - before


async def _tuples() -> int:
    [row] = await store.connection().execute_query_dict(READ)
    return int(row["n"])


@asynccontextmanager
async def _steps(reading: Reading) -> AsyncIterator[None]:
    def step() -> None:
        reading.rows += 1

    async with store.connection().acquire_connection() as connection:
        await connection.set_progress_handler(step, STEPS)
    try:
        yield
    finally:
        async with store.connection().acquire_connection() as connection:
            await connection.set_progress_handler(None, STEPS)
