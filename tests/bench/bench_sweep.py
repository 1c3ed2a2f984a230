"""What the clock asks every twenty seconds, at two sizes: `python -m tests.bench.bench_sweep`; with `--full` up to a million.

Processor time of this process and steps of SQLite in hundreds, nothing due and 1,000 tasks due today; the exponent says
how both grow with the tasks. Beside it the same rows by plain SQL through `sqlite3`: what is due, its seats, a row written
for each.
"""

from __future__ import annotations

import asyncio
import math
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")

FULL = "--full"
DUE = 1000
PLAIN = """SELECT t.id, a.id FROM task t JOIN assignment s ON s.task_id = t.id AND s.until IS NULL
JOIN account a ON a.inspector_id = s.inspector_id WHERE t.state = 'concluded' AND t.entry_due <= ?"""


async def main(sizes: tuple[int, int]) -> None:
    from models import store
    from models.rules.actor import Role
    from tests.conftest import fill_empty_database
    from tests.support import district as sample
    from tests.support.crowd_of_tasks import crowd

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url, objects_at=f"{folder}/objects"):
            tasks = await crowd()
            await sample.team_of(tasks.task)
            for department in sample.CREW:
                await sample.account(Role.HEAD, department)
            measured = []
            for size in sizes:
                await tasks.grow(size - tasks.count)
                measured.append(await _idle(tasks.at, size))
            _say("nothing due", sizes, measured)
            await tasks.due_today(DUE)
            due = await _spent(lambda: _morning(tasks.at + timedelta(minutes=1)))
            print(f"{DUE} due of {tasks.count}: {due[0]:.0f} ms, loop held up at most {due[2]:.0f} ms")
            print(f"the same rows by plain SQL: {_plain(f'{folder}/bench.db', tasks.at):.0f} ms")


async def _idle(at: Any, size: int) -> dict[str, tuple[float, int, float]]:
    from models.procedure import availability, batch, reminder
    from tests.support.district import district

    place = district()
    await _morning(at)
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "terms of the day": lambda: _morning(at),
        "terms of the hour": lambda: reminder.sweep(at=at + timedelta(seconds=20), district=place),
        "fitness of everybody, once a day": lambda: availability.sweep(at=at + timedelta(days=size % 7)),
        "fitness": lambda: availability.sweep(at=at + timedelta(days=size % 7)),
        "batches that are over": lambda: batch.close_finished(at),
    }
    return {name: await _spent(ask) for name, ask in asked.items()}


async def _morning(at: Any) -> object:
    from models.procedure import reminder
    from models.tables import TermSweep
    from tests.support.district import district

    await TermSweep.all().delete()
    return await reminder.sweep(at=at, district=district())


async def _spent(ask: Callable[[], Awaitable[object]]) -> tuple[float, int, float]:
    """Milliseconds of processor time, steps, and the longest stretch for which nobody else had the loop."""
    from tests.support.rows_read import rows_read

    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            since = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - since - 0.001)

    async with rows_read() as reading:
        watching, began = asyncio.create_task(watch()), time.process_time()
        await ask()
        spent = time.process_time() - began
        watching.cancel()
    return spent * 1000, reading.rows, longest * 1000


def _say(what: str, sizes: tuple[int, int], measured: list[dict[str, tuple[float, int, float]]]) -> None:
    for name, (few, fewer_steps, _) in measured[0].items():
        many, steps, _ = measured[1][name]
        grown = math.log((many + 0.01) / (few + 0.01)) / math.log(sizes[1] / sizes[0])
        print(
            f"{what}, {name}: {few:.1f} ms and {fewer_steps} at {sizes[0]}, {many:.1f} ms and {steps} at {sizes[1]}, "
            f"exponent {grown:.2f}"
        )


def _plain(path: str, at: Any) -> float:
    began = time.process_time()
    with sqlite3.connect(path) as file:
        rows = file.execute(PLAIN, [str(at.date())]).fetchall()
        file.executemany(
            "INSERT INTO term_reminder (subject, kind, threshold, account_id, due, at) VALUES (?, 'plain', 0, ?, ?, ?)",
            [(f"task:{task}", account, str(at.date()), str(at)) for task, account in rows],
        )
    file.close()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    asyncio.run(main((10_000, 1_000_000) if FULL in sys.argv else (2_000, 20_001)))
