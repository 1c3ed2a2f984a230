"""What every side of `bench_queues` runs in: it connects, says so, begins when told, and says what it took.

    SCRIPT enqueue|work DATABASE COUNT

Imports nothing of the product, so that another interpreter can run it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

PEOPLE = 200
"""Who the messages are for."""
TOGETHER = 20
"""Messages that one process has under way, in every side."""

OWE = "INSERT INTO bench_message (number, person) VALUES ({}, {})"
"""What an act owes, as the engines' sides keep it: a job that is done is no record of who was told."""
SETTLE = """UPDATE bench_message m SET sent_at = now() FROM bench_person p
WHERE m.number = {} AND p.id = m.person AND p.blocked_at IS NULL RETURNING p.chat"""
"""The chat it goes to, if the person has one still, and that it went."""
TABLES = (
    "CREATE TABLE bench_act (number integer PRIMARY KEY)",
    "CREATE TABLE bench_person (id integer PRIMARY KEY, chat bigint, blocked_at timestamptz)",
    "CREATE TABLE bench_message (number integer PRIMARY KEY, person integer, sent_at timestamptz)",
    f"INSERT INTO bench_person SELECT id, 9000000 + id FROM generate_series(0, {PEOPLE - 1}) AS id",
)

Deed = Callable[[Any, int], Awaitable[int]]
Opened = Callable[[str], AbstractAsyncContextManager[Any]]


def run(opened: Opened, deeds: dict[str, Deed]) -> None:
    """`opened` connects to a database; a deed gets what it yields and the count, and gives how many it did."""
    asyncio.run(_run(opened, deeds[sys.argv[1]], sys.argv[2], int(sys.argv[3])))


async def _run(opened: Opened, deed: Deed, url: str, count: int) -> None:
    async with opened(url) as connected:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began, processor = time.perf_counter(), time.process_time()
        done = await deed(connected, count)
        took = {"seconds": time.perf_counter() - began, "processor": time.process_time() - processor}
    print(json.dumps({"done": done, **took}), flush=True)
