"""The outbox against queue engines on PostgreSQL: `python -m tests.bench.bench_queues --engines PYTHON`; `--full` for more.

The same work on each side: acts one after another, each a transaction of its own row and of one message owed; then 1, 2 and 4
processes that claim, look up the chat, hand over (to nobody) and settle all of them; each message stays as a record of who was
told. The engines need an interpreter of their own, made by hand:

    uv venv /tmp/engines && uv pip install --python /tmp/engines/bin/python pgqueuer procrastinate 'psycopg[binary,pool]' asyncpg
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.queue_side import TABLES

os.environ.setdefault("PTB_TIMEDELTA", "1")

HERE = Path(__file__).parent
PROCESSES = (1, 2, 4)


@dataclass(frozen=True)
class Side:
    """`words`: the command that `queue_side` understands the rest of."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """`rate`: messages a second; `processor`: milliseconds of the processes' own time a message."""

    rate: float
    processor: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engines", metavar="PYTHON", help="an interpreter that has the engines")
    parser.add_argument("--full", action="store_true", help="10,000 messages instead of 1,000")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sides = [Side("outbox", (sys.executable, "-m", "tests.bench.queue_ours"))]
    if given.engines:
        sides += [
            Side(name, (given.engines, str(HERE / f"queue_{name}.py")))
            for name in ("pgqueuer", "procrastinate")
        ]
    _say(_measured(sides, 10_000 if given.full else 1_000, given.rounds))


def _measured(sides: list[Side], count: int, rounds: int) -> dict[str, dict[str, list[Taken]]]:
    """By what was done and by side, a figure for each round; the sides take turns."""
    from tests.support import postgresql

    results: dict[str, dict[str, list[Taken]]] = {}
    with postgresql.running() as server:
        for number in range(rounds):
            for side in sides[number % len(sides) :] + sides[: number % len(sides)]:
                for processes in PROCESSES:
                    database = f"{side.name}_{number}_{processes}"
                    url = asyncio.run(_database(server, database, side))
                    owed = _together(side, "enqueue", url, count, 1)
                    results.setdefault("acts, one after another", {}).setdefault(side.name, []).append(owed)
                    done = _together(side, "work", url, count, processes)
                    label = f"claimed and settled, {processes} process{'es' if processes > 1 else ''}"
                    results.setdefault(label, {}).setdefault(side.name, []).append(done)
    return results


async def _database(server: Any, name: str, side: Side) -> str:
    import asyncpg

    from tests.conftest import fill_empty_database
    from tests.support.postgresql import pg_run, pg_url

    await pg_run(server, f"CREATE DATABASE {name}")
    url = pg_url(server, name)
    if side.name == "outbox":
        await fill_empty_database(url)
    host = str(server.get_postmaster_info().socket_dir)
    connection = await asyncpg.connect(host=host, user="postgres", database=name)
    for statement in TABLES:
        await connection.execute(statement)
    await connection.close()
    return url


def _together(side: Side, deed: str, url: str, count: int, processes: int) -> Taken:
    """All begin at once; over when the last is."""
    words = [*side.words, deed, url, str(count)]
    begun = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for process in begun:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", side
    for process in begun:
        assert process.stdin
        process.stdin.write("begin\n")
        process.stdin.flush()
    said = [json.loads(process.communicate()[0]) for process in begun]
    done = sum(one["done"] for one in said)
    assert done == count, (side.name, deed, processes, done)
    return Taken(
        count / max(one["seconds"] for one in said), 1000 * sum(one["processor"] for one in said) / count
    )


def _say(results: dict[str, dict[str, list[Taken]]]) -> None:
    for label, sides in results.items():
        ours = sides["outbox"]
        for name, taken in sides.items():
            ratios = [mine.rate / other.rate for mine, other in zip(ours, taken, strict=True)]
            print(
                f"{label}: {name} {statistics.median(one.rate for one in taken):.0f} a second, "
                f"{statistics.median(one.processor for one in taken):.2f} ms of processor time each; "
                f"the outbox's rate / its {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            )


if __name__ == "__main__":
    main()
