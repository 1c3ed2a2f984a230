"""Commit and hold of a draw of 300 from a big pool beside the loop: `python -m tests.bench.bench_commit [--full]`.

Processor time, of the dearest transaction too, memory at its highest over what the idle process needs, the longest stretch
for which nobody else had the loop, and the longest wait of an update that is stored meanwhile (one every 50 ms).
Beside it a bare read of the register's columns with SHA-256 of each row.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import itertools
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from models import data, store
from models.operations import inbox
from models.procedure import draw, item_list, plan, registry, scheme
from models.queries import draws
from models.rules.actor import Actor, Role
from models.rules.draw import entropy
from models.rules.visit import SHANGHAI
from server import garbage
from server import sample_registers as registers
from tests.conftest import fill_empty_database

FULL = "--full"
OFFICE = Actor(Role.OFFICE, "bench")
AT = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
TASKS = 300
SMALL = 400
COLUMNS = "code, name, credit_code, industry, street, street_name, items, status, risk, checked_this_year, complaint"


async def main(targets: int) -> None:
    size = registers.SampleSize(SMALL, 160, TASKS, 1)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url, objects_at=f"{folder}/objects"):
            await _registers(size)
        _grow(f"{folder}/bench.db", targets)
        print(f"bare read and hash: {_bare(f'{folder}/bench.db'):.2f} s")
        async with store.opened(url, objects_at=f"{folder}/objects"):
            adopted = await scheme.adopt(registers.scheme(size, AT.date()), by=OFFICE, at=AT)
            await _measured(adopted.batches[0])


async def _registers(size: registers.SampleSize) -> None:
    for load, file in (
        (registry.import_departments, registers.departments()),
        (registry.import_items, data.read("items.csv")),
        (registry.import_checklists, data.read("checkpoints.csv")),
        (registry.import_streets, registers.streets(size)),
        (registry.import_inspectors, registers.inspectors(size, AT.date())),
    ):
        assert (await load(file, by=OFFICE, at=AT)).taken
    assert (await registry.import_targets(registers.targets(size), by=OFFICE, at=AT, confirmed=True)).taken
    await item_list.publish("district", "first", by=OFFICE, at=AT)
    await plan.adopt(registers.plan(AT.date()), by=OFFICE, at=AT)


def _grow(path: str, targets: int) -> None:
    """Copies of the targets under other numbers and credit codes; nothing here verifies the register."""
    file = sqlite3.connect(path)
    columns = [row[1] for row in file.execute("PRAGMA table_info(target)")]
    other = {"code": "'OBJ' || printf('%07d', ?2)", "credit_code": "'X' || printf('%017d', ?2)"}
    chosen = ", ".join(other.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    file.executemany(
        f"INSERT INTO target ({names}) SELECT {chosen} FROM target WHERE code = ?1",
        ((f"OBJ{n % SMALL + 1:07d}", n) for n in range(SMALL + 1, targets + 1)),
    )
    file.commit()
    file.close()


def _bare(path: str) -> float:
    began = time.process_time()
    file = sqlite3.connect(path)
    for row in file.execute(f"SELECT {COLUMNS} FROM target ORDER BY code"):
        hashlib.sha256(repr(row).encode()).digest()
    file.close()
    return time.process_time() - began


async def _measured(batch: str) -> None:
    chance = Random(1)
    committed = await _spent(
        "commit",
        lambda: draw.commit(batch, by=OFFICE, at=AT, random=chance.randbytes, practice=True),
    )
    fixed = await draws.facts(committed.code)
    values = {f"witness:{name}": chance.randbytes(16).hex() for name in fixed.rules.witnesses}
    for source, value in values.items():
        sealed = entropy.pledge(fixed.commitment, value)
        await draw.pledge(committed.code, source, sealed, by=OFFICE, at=AT, witness="bench")
    for source, value in values.items():
        await draw.reveal(committed.code, source, value, by=OFFICE, at=AT)
    del fixed
    held = await _spent("hold", lambda: draw.hold(committed.code, by=OFFICE, at=AT))
    print(committed.commitment, held.results_sha256)


async def _spent(name: str, deed: Callable[[], Awaitable[Any]]) -> Any:
    longest, waited, dearest, began_at = 0.0, 0.0, 0.0, 0.0

    def traced(statement: str) -> None:
        nonlocal dearest, began_at
        if statement.startswith("BEGIN"):
            began_at = time.process_time()
        elif statement.startswith("COMMIT"):
            dearest = max(dearest, time.process_time() - began_at)

    async def watch() -> None:
        nonlocal longest
        while True:
            since = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - since - 0.005)

    async def updates() -> None:
        nonlocal waited
        for n in itertools.count(sum(name.encode()) * 100_000):
            since = time.perf_counter()
            await inbox.keep([inbox.RawUpdate("{}", n, 1)], at=AT)
            waited = max(waited, time.perf_counter() - since)
            await asyncio.sleep(0.05)

    garbage.settle()
    watching = asyncio.create_task(watch()), asyncio.create_task(updates())
    await asyncio.sleep(0.3)
    before = _memory(reset=True)
    async with store.connection().acquire_connection() as connection:
        await connection.set_trace_callback(traced)
    longest, waited = 0.0, 0.0
    began, since = time.process_time(), time.perf_counter()
    result = await deed()
    spent, took = time.process_time() - began, time.perf_counter() - since
    await asyncio.sleep(0.06)
    for task in watching:
        task.cancel()
    print(
        f"{name}: {spent:.2f} s of processor time in {took:.2f} s, of them at most {dearest:.2f} s in one transaction, "
        f"{_memory() - before:.0f} MB, "
        f"the loop held up at most {longest:.2f} s, an update at most {waited:.2f} s"
    )
    return result


def _memory(*, reset: bool = False) -> float:
    """The highest resident memory since the last reset, in MB; right after it the present one."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--targets", type=int, default=20_000)
    parser.add_argument(FULL, action="store_true")
    given = parser.parse_args()
    asyncio.run(main(100_000 if given.full else given.targets))
