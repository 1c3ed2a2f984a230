"""Forty officers press real buttons: `python -m tests.bench.bench_press [--before TREE] [--rounds N] [--json FILE]`.

In turns in one run: this tree, this tree on PostgreSQL (`--postgres`), another tree of this project (`--before`, a work
tree of an older commit), stock python-telegram-bot with one Tortoise transaction a press (`press_peer`), and stock aiogram
with the same (`press_aiogram`, in an interpreter that has aiogram and tortoise-orm: `--aiogram PYTHON`). Such a one is made
by hand, as the product needs no aiogram:

    uv venv /tmp/aiogram --python 3.11 && uv pip install --python /tmp/aiogram/bin/python aiogram tortoise-orm aiosqlite

Each is a process of its own with SQLite `synchronous=FULL` (or PostgreSQL as it comes, durable), fed through its webhook;
the Bot API is a stand-in in this process that answers at once. Of five updates three are verdicts, one goes to another
question, one is a typed note. A note brings a new message, and of those the product sends thirty a second, as Telegram takes
them; the peers keep no such limit. So it is lifted (`press_lifted`) for all trees, and this one is measured within it besides.
Each round measures two things:

- closed loop: each officer sends the next when the card of the last has come. Presses a second, processor time a press
  (of the serving process alone: PostgreSQL's is not in it);
- open loop: `--rate` updates a second at times fixed beforehand. First answers and acknowledgements (2xx), counted from
  when each update was due; an update that was never answered counts as the whole time it was waited for.

Of this tree and the older one, counted apart from the clock: what one press costs in statements, commits and files, and what
goes on in the background meanwhile. `--result` writes the page's figures (`tests.support.measured`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.bench.press_crowd import SECRET, BotApi, Crowd, Officer
from tests.bench.press_figures import result
from tests.support import postgresql

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOKEN = "4242424242:a-token-for-this-bench-only"
TICKS = os.sysconf("SC_CLK_TCK")
THIS, BEFORE, ON_POSTGRES = "this tree", "before", "this tree on PostgreSQL"
WITHIN = "this tree within 30 messages a second"
PTB, AIOGRAM = "python-telegram-bot", "aiogram"
BACKGROUND = {"courier", "clock", "sweep", "integrity"}  # of the tasks that the server keeps going


@dataclass
class Side:
    """One of those measured."""

    name: str
    tree: Path | None = None  # None: a peer
    python: str = sys.executable
    script: str = ""
    lifted: bool = True  # without the Bot API's limit of messages a second
    server: Any = None  # the PostgreSQL server it stands on
    town: str = ""  # the address of its town's database there
    rounds: list[dict[str, float]] = field(default_factory=list)
    once: dict[str, Any] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(tree: Path, **ours: str) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGSUIJI_")}
    return others | {"PYTHONPATH": str(tree), "PTB_TIMEDELTA": "1", **ours}


async def prepared(side: Side, folder: Path) -> list[dict[str, Any]]:
    """The town in `folder`, made by the side's tree."""
    folder.mkdir(parents=True)
    tree, more = side.tree or ROOT, []
    if side.server:
        await postgresql.pg_run(side.server, "CREATE DATABASE town")
        more = [postgresql.pg_url(side.server, "town")]
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, str(HERE / "press_town.py"), str(folder), *more], env=environment(tree),
        cwd=tree, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    officers: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return officers


@asynccontextmanager
async def standing(api: BotApi) -> AsyncIterator[str]:
    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/bot{token}/{method}", api.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(
    side: Side, folder: Path, api: BotApi, address: str, trace: str = ""
) -> AsyncIterator[tuple[int, int]]:
    """The process on a copy of its town; its number and its port."""
    port, tree = free_port(), side.tree or ROOT
    if side.tree is None:
        command = [side.python, str(HERE / side.script), str(folder / "peer.sqlite3")]
        given = {"PORT": str(port), "API": address, "TOKEN": TOKEN, "SECRET": SECRET}
    else:
        command = [sys.executable, *_program(side, trace)]
        ours = {
            "DATA_DIR": str(folder), "LISTEN": f"127.0.0.1:{port}", "BOT_TOKEN": TOKEN, "BOT_API_URL": address,
            "UPDATES": "webhook", "WEBHOOK_SECRET": SECRET,
        }  # fmt: skip
        if side.server:
            await postgresql.pg_run(
                side.server, "DROP DATABASE IF EXISTS round", "CREATE DATABASE round TEMPLATE town"
            )
            ours["DATABASE_URL"] = postgresql.pg_url(side.server, "round")
        given = {f"SHUANGSUIJI_{name}": value for name, value in ours.items()} | {
            "TREE": str(tree),
            "TRACE": trace,
        }
    api.hooked.clear()
    with (folder / "log.txt").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment(tree, **given), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(120):
            await api.hooked.wait()
        await asyncio.sleep(1.0)
        yield process.pid, port
    except BaseException:
        print((folder / "log.txt").read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _program(side: Side, trace: str) -> list[str]:
    if trace:
        return [str(HERE / "press_traced.py")]
    return [str(HERE / "press_lifted.py")] if side.lifted else ["-m", "server", "serve"]


def spent(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def high(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


async def measured(
    side: Side, town: Path, officers: list[dict[str, Any]], given: argparse.Namespace
) -> dict[str, float]:
    """One round of one side. Milliseconds, but for `per_second` and counts."""
    async with crowd(side, town, officers) as (many, pid, people):
        many.reset()
        began, before = time.perf_counter(), spent(pid)
        await asyncio.gather(*(many.go_on(officer, began + given.seconds) for officer in people))
        took, cpu = time.perf_counter() - began, spent(pid) - before
        closed = {
            "per_second": many.done / took, "cpu_ms": cpu / many.done * 1000, "presses": many.done,
            "silent": many.silent,
        }  # fmt: skip
        many.reset()
        before = spent(pid)
        await many.open_loop(people, given.rate, given.seconds)
        cpu = spent(pid) - before
    return closed | {
        "open_cpu_ms": cpu / many.done * 1000, "first_p50_ms": high(many.first, 0.5),
        "first_p99_ms": high(many.first, 0.99), "taken_p50_ms": high(many.taken, 0.5),
        "taken_p99_ms": high(many.taken, 0.99), "missing": many.missing, "load": os.getloadavg()[0],
    }  # fmt: skip


async def once(side: Side, town: Path, officers: list[dict[str, Any]]) -> dict[str, Any]:
    """What one verdict costs, counted: the mean of ten by officers whose colleagues have the card open too."""
    with tempfile.TemporaryDirectory() as out:
        trace = Path(out) / "trace.json"
        async with crowd(side, town, officers, str(trace)) as (many, pid, people):
            await many.press(people[0], "合格")
            os.kill(pid, signal.SIGUSR1)
            await asyncio.sleep(0.05)
            for officer in people[1:11]:
                await many.press(officer, "合格")
            os.kill(pid, signal.SIGUSR2)
            await asyncio.sleep(0.5)
        counts = json.loads(trace.read_text())
    press, background = Counter[str](), Counter[str]()
    for owner, counted in counts["counted"].items():
        (background if BACKGROUND.issuperset(owner.split("+")) else press).update(counted)
    return {
        "statements": press["statement"] / 10, "commits": press["COMMIT"] / 10,
        "background_statements": background["statement"] / 10, "background_commits": background["COMMIT"] / 10,
        "owners": counts["counted"], "files": len(counts["files"]), "entered": counts["files"],
    }  # fmt: skip


@asynccontextmanager
async def crowd(
    side: Side, town: Path, officers: list[dict[str, Any]], trace: str = ""
) -> AsyncIterator[tuple[Crowd, int, list[Officer]]]:
    api = BotApi({known["chat"]: Officer(known["chat"], known["target"]) for known in officers})
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "data"
        shutil.copytree(town, place)
        async with (
            standing(api) as address, serving(side, place, api, address, trace) as (pid, port),
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as http,
        ):  # fmt: skip
            people = list(api.officers.values())
            many = Crowd(http, port, api, side.tree is None)
            await asyncio.gather(*(many.open_checklist(officer) for officer in people))
            yield many, pid, people


def sides_of(given: argparse.Namespace, server: Any) -> list[Side]:
    sides = [Side(THIS, ROOT), Side(WITHIN, ROOT, lifted=False)]
    if server:
        sides.append(Side(ON_POSTGRES, ROOT, server=server))
    if given.before:
        sides.append(Side(BEFORE, Path(given.before).resolve()))
    if not given.no_peer:
        sides.append(Side(PTB, script="press_peer.py"))
    if given.aiogram:
        sides.append(Side(AIOGRAM, python=given.aiogram, script="press_aiogram.py"))
    return sides


async def main(given: argparse.Namespace) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql.running() if given.postgres else nullcontext() as server,
    ):
        sides = sides_of(given, server)
        towns = {side.name: Path(folder) / str(n) for n, side in enumerate(sides)}
        officers = {side.name: await prepared(side, towns[side.name]) for side in sides}
        for side in sides:
            if side.tree and side.lifted and not side.server:
                side.once = await once(side, towns[side.name], officers[side.name])
        for _ in range(given.rounds):
            for side in sides:
                side.rounds.append(await measured(side, towns[side.name], officers[side.name], given))
                shown = {name: round(value, 1) for name, value in side.rounds[-1].items()}
                print(side.name, shown, file=sys.stderr)
    return {side.name: {"rounds": side.rounds, "median": medians(side), **side.once} for side in sides}


def medians(side: Side) -> dict[str, float]:
    return {name: statistics.median(figures[name] for figures in side.rounds) for name in side.rounds[0]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", help="a work tree of an older commit")
    parser.add_argument("--aiogram", metavar="PYTHON", help="an interpreter that has aiogram")
    parser.add_argument("--postgres", action="store_true", help="this tree on PostgreSQL too")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each loop")
    parser.add_argument("--rate", type=int, default=100, help="updates a second of the open loop")
    parser.add_argument("--no-peer", action="store_true", help="without python-telegram-bot")
    parser.add_argument("--json", help="write what was measured to this file")
    parser.add_argument("--result", help="write the figures of docs/performance.md to this file")
    arguments = parser.parse_args()
    figures = asyncio.run(main(arguments))
    written = json.dumps(figures, ensure_ascii=False, indent=1)
    print(written)
    if arguments.json:
        Path(arguments.json).write_text(written + "\n")
    if arguments.result:
        shown = json.dumps(result(figures, arguments), ensure_ascii=False, indent=1)
        Path(arguments.result).write_text(shown + "\n")
