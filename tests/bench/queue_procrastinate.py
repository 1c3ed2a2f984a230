"""Procrastinate as a side of `bench_queues`; run by an interpreter that has procrastinate and psycopg."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import queue_side
from procrastinate import App, PsycopgConnector
from psycopg_pool import AsyncConnectionPool


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Any]:
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    app = App(connector=PsycopgConnector(conninfo=url))
    async with (
        app.open_async(),
        await psycopg.AsyncConnection.connect(url, autocommit=True) as connection,
        AsyncConnectionPool(url, min_size=1, max_size=5, kwargs={"autocommit": True}) as pool,
    ):
        there = await connection.execute("SELECT to_regclass('procrastinate_jobs')")
        if (await there.fetchone() or [None])[0] is None:
            await app.schema_manager.apply_schema_async()
        yield app, connection, pool


async def enqueue(connected: Any, count: int) -> int:
    app, connection, _ = connected
    task = app.configure_task(name="term", connection=connection)
    for number in range(count):
        async with connection.transaction():
            await connection.execute("INSERT INTO bench_act (number) VALUES (%s)", [number])
            await connection.execute(queue_side.OWE.format("%s", "%s"), [number, number % queue_side.PEOPLE])
            await task.defer_async(number=number)
    return count


async def work(connected: Any, count: int) -> int:
    app, _, pool = connected
    settled = 0

    @app.task(name="term")
    async def carry(number: int) -> None:
        nonlocal settled
        async with pool.connection() as connection:
            done = await connection.execute(queue_side.SETTLE.format("%s"), [number])
            assert await done.fetchone()
        settled += 1

    await app.run_worker_async(wait=False, concurrency=queue_side.TOGETHER, install_signal_handlers=False)
    return settled


if __name__ == "__main__":
    queue_side.run(opened, {"enqueue": enqueue, "work": work})
