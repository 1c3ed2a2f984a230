"""PgQueuer as a side of `bench_queues`; run by an interpreter that has pgqueuer and asyncpg."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import queue_side
from pgqueuer import AsyncpgDriver, Job, PgQueuer, Queries
from pgqueuer.types import QueueExecutionMode


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Any]:
    parts = urlsplit(url)
    where = {"host": parse_qs(parts.query)["host"][0], "user": "postgres", "database": parts.path[1:]}
    connection = await asyncpg.connect(**where)
    try:
        if not await connection.fetchval("SELECT to_regclass('pgqueuer')"):
            await Queries(AsyncpgDriver(connection)).install()
        async with asyncpg.create_pool(**where, min_size=1, max_size=5) as pool:
            yield connection, pool
    finally:
        await connection.close()


async def enqueue(connected: Any, count: int) -> int:
    connection, _ = connected
    queries = Queries(AsyncpgDriver(connection))
    for number in range(count):
        async with connection.transaction():
            await connection.execute("INSERT INTO bench_act (number) VALUES ($1)", number)
            await connection.execute(queue_side.OWE.format("$1", "$2"), number, number % queue_side.PEOPLE)
            await queries.enqueue("term", str(number).encode(), dedupe_key=f"bench:{number}")
    return count


async def work(connected: Any, count: int) -> int:
    settled = 0
    connection, pool = connected
    queue = PgQueuer(AsyncpgDriver(connection))

    @queue.entrypoint("term")
    async def carry(job: Job) -> None:
        nonlocal settled
        assert await pool.fetchval(queue_side.SETTLE.format("$1"), int(job.payload or b""))
        settled += 1

    await queue.run(batch_size=queue_side.TOGETHER, mode=QueueExecutionMode.drain)
    return settled


if __name__ == "__main__":
    queue_side.run(opened, {"enqueue": enqueue, "work": work})
