"""Forty officers press real buttons: `python -m tests.bench.bench_press [--before TREE] [--rounds N] [--json FILE]`.

In turns in one run: this tree, another tree of this project (`--before`, a work tree of an older commit), and stock
python-telegram-bot with one Tortoise transaction a press (`press_peer`). Each is a process of its own with SQLite
`synchronous=FULL`, fed through its webhook; the Bot API is a stand-in in this process that answers at once. Of five
updates three are verdicts, one goes to another question, one is a typed note; each officer sends the next when the card
of the last has come. Reported: presses a second, processor time a press, first answers, acknowledgements; and of this
tree and the older one, counted apart from the clock, what one press costs in statements, commits and files.
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
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOKEN, SECRET = "4242424242:a-token-for-this-bench-only", "a-secret-of-the-webhook"
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE, QUIET = 60.0, 5.0
NEWS = "电话告知"  # what leaders are told beside their cards


@dataclass
class Officer:
    """A phone: the keys of its newest card, and when the answer and the card of the update under way came."""

    chat: int
    target: str
    card: int = 0
    keys: list[dict[str, str]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    turn: int = 0

    def key(self, *labels: str) -> dict[str, str] | None:
        return next((key for label in labels for key in self.keys if label in key["text"]), None)


@dataclass
class BotApi:
    """The Bot API as far as a chat of cards needs it."""

    officers: dict[int, Officer] = field(default_factory=dict)
    message: int = 100
    calls: int = 0
    hooked: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        said: dict[str, Any] = dict(await request.post()) if request.can_read_body else {}
        self.calls += 1
        if method == "setwebhook":
            self.hooked.set()
        return web.json_response({"ok": True, "result": self._result(method, said)})

    def _result(self, method: str, said: dict[str, Any]) -> Any:
        if method == "getme":
            return {"id": 4242424242, "is_bot": True, "first_name": "示例", "username": "example_bot"}
        officer = self.officers.get(int(said.get("chat_id") or 0))
        if method in ("sendmessage", "editmessagetext") and officer:
            self.message += method == "sendmessage"
            number = int(said.get("message_id") or self.message)
            if NEWS not in said.get("text", ""):
                markup = json.loads(said.get("reply_markup") or "{}")
                officer.card, officer.keys = (
                    number,
                    [key for row in markup.get("inline_keyboard", []) for key in row],
                )
                officer.drawn.set()
            chat = {"id": officer.chat, "type": "private", "first_name": "示例"}
            return {
                "message_id": number,
                "date": int(time.time()),
                "chat": chat,
                "text": said.get("text", ""),
            }
        if method == "answercallbackquery":
            officer = self.officers.get(int(said["callback_query_id"].split("-")[0]))
        if method in ("answercallbackquery", "setmessagereaction") and officer:
            if said.get("text") or method == "setmessagereaction":
                officer.drawn.clear()  # its card comes after such an answer; one before it was a colleague's doing
            officer.answered.set()
        return True


@dataclass
class Side:
    """One of those measured."""

    name: str
    tree: Path | None = None  # None: the peer
    rounds: list[dict[str, float]] = field(default_factory=list)
    once: dict[str, Any] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(tree: Path, **ours: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGSUIJI_")}
    return kept | {"PYTHONPATH": str(tree), "PTB_TIMEDELTA": "1", **ours}


def prepared(tree: Path, folder: Path) -> list[dict[str, Any]]:
    """The town in `folder`, made by this tree."""
    folder.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, str(HERE / "press_town.py"), str(folder)], env=environment(tree), cwd=tree,
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


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
        command = [sys.executable, str(HERE / "press_peer.py"), str(folder / "peer.sqlite3")]
        given = {"PORT": str(port), "API": address, "TOKEN": TOKEN}
    else:
        command = (
            [sys.executable, str(HERE / "press_traced.py")]
            if trace
            else [sys.executable, "-m", "server", "serve"]
        )
        ours = {
            "DATA_DIR": str(folder), "LISTEN": f"127.0.0.1:{port}", "BOT_TOKEN": TOKEN, "BOT_API_URL": address,
            "UPDATES": "webhook", "WEBHOOK_SECRET": SECRET,
        }  # fmt: skip
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


class Crowd:
    """The officers, and the updates they send."""

    def __init__(self, http: aiohttp.ClientSession, port: int, api: BotApi, peer: bool) -> None:
        self.http, self.api, self.peer = http, api, peer
        self.url = f"http://127.0.0.1:{port}/telegram"
        self.number = 1000
        self.done = self.silent = 0
        self.first: list[float] = []
        self.taken: list[float] = []

    async def send(self, officer: Officer, **what: Any) -> None:
        """One update, until it is answered and its card has come."""
        self.number += 1
        officer.answered.clear()
        officer.drawn.clear()
        began = time.perf_counter()
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with self.http.post(
            self.url, json={"update_id": self.number, **what}, headers=headers
        ) as answer:
            assert answer.status == 200, answer.status
        self.taken.append(time.perf_counter() - began)
        await asyncio.wait_for(officer.answered.wait(), PATIENCE)
        self.first.append(time.perf_counter() - began)
        try:
            await asyncio.wait_for(officer.drawn.wait(), QUIET)
        except TimeoutError:
            self.silent += 1  # it was answered, and its card stayed as it was
        self.done += 1

    def _from(self, officer: Officer) -> dict[str, Any]:
        return {"id": officer.chat, "is_bot": False, "first_name": "示例", "language_code": "zh-hans"}

    def _message(self, officer: Officer, number: int, text: str) -> dict[str, Any]:
        chat = {"id": officer.chat, "type": "private", "first_name": "示例"}
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": chat,
            "from": self._from(officer),
            "text": text,
        }

    async def press(self, officer: Officer, *labels: str) -> None:
        key = officer.key(*labels, "要点列表") or (
            officer.keys[0] if officer.keys else {"callback_data": "q:1:0"}
        )
        press = {
            "id": f"{officer.chat}-{self.number}", "from": self._from(officer), "chat_instance": "1",
            "message": self._message(officer, officer.card or 1, "示例"), "data": key["callback_data"],
        }  # fmt: skip
        await self.send(officer, callback_query=press)

    async def say(self, officer: Officer, text: str) -> None:
        self.api.message += 1
        await self.send(officer, message=self._message(officer, self.api.message, text))

    async def open_checklist(self, officer: Officer) -> None:
        officer.answered.set()
        if self.peer:
            await self.press(officer)
            return
        self.api.message += 1
        command = self._message(officer, self.api.message, "/today")
        command["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        self.number += 1
        officer.drawn.clear()
        async with self.http.post(
            self.url, json={"update_id": self.number, "message": command}, headers=headers
        ):
            await asyncio.wait_for(officer.drawn.wait(), PATIENCE)
        await self.press(officer, officer.target)
        await self.press(officer, "检查表")

    async def go_on(self, officer: Officer, until: float) -> None:
        """Three verdicts, another question, a note."""
        while time.perf_counter() < until:
            officer.turn += 1
            match officer.turn % 5:
                case 0 if officer.key("备注"):
                    await self.say(officer, f"示例说明{officer.turn}")
                case 4:
                    await self.press(
                        officer, *(("下一", "跳过", "上一") if officer.turn % 2 else ("上一", "下一", "跳过"))
                    )
                case _:
                    await self.press(officer, *(("不合格", "合格") if officer.turn % 2 else ("合格",)))


def spent(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def high(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


async def measured(
    side: Side, town: Path, officers: list[dict[str, Any]], seconds: float
) -> dict[str, float]:
    """One round of one side."""
    async with crowd(side, town, officers) as (many, pid, people):
        many.done, many.first[:], many.taken[:] = 0, [], []
        began, before = time.perf_counter(), spent(pid)
        await asyncio.gather(*(many.go_on(one, began + seconds) for one in people))
        took, cpu = time.perf_counter() - began, spent(pid) - before
    return {
        "per_second": many.done / took, "cpu_ms": cpu / many.done * 1000, "first_p50_ms": high(many.first, 0.5),
        "first_p99_ms": high(many.first, 0.99), "taken_p99_ms": high(many.taken, 0.99), "presses": many.done,
        "silent": many.silent,
    }  # fmt: skip


async def once(side: Side, town: Path, officers: list[dict[str, Any]]) -> dict[str, Any]:
    """What one verdict costs, counted: the mean of ten by officers whose colleagues have the card open too."""
    with tempfile.TemporaryDirectory() as out:
        trace = Path(out) / "trace.json"
        async with crowd(side, town, officers, str(trace)) as (many, pid, people):
            await many.press(people[0], "合格")
            os.kill(pid, signal.SIGUSR1)
            await asyncio.sleep(0.05)
            for one in people[1:11]:
                await many.press(one, "合格")
            os.kill(pid, signal.SIGUSR2)
            await asyncio.sleep(0.5)
        found = json.loads(trace.read_text())
    counted = found["counted"]
    return {
        "statements": counted["statement"] / 10, "commits": counted.get("COMMIT", 0) / 10, "files": len(found["files"]),
        "entered": found["files"],
    }  # fmt: skip


@asynccontextmanager
async def crowd(
    side: Side, town: Path, officers: list[dict[str, Any]], trace: str = ""
) -> AsyncIterator[tuple[Crowd, int, list[Officer]]]:
    api = BotApi({one["chat"]: Officer(one["chat"], one["target"]) for one in officers})
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "data"
        shutil.copytree(town, place)
        async with (
            standing(api) as address, serving(side, place, api, address, trace) as (pid, port),
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as http,
        ):  # fmt: skip
            people = list(api.officers.values())
            many = Crowd(http, port, api, side.tree is None)
            await asyncio.gather(*(many.open_checklist(one) for one in people))
            yield many, pid, people


async def main(given: argparse.Namespace) -> dict[str, Any]:
    sides = [Side("this tree", ROOT)]
    if given.before:
        sides.append(Side("before", Path(given.before).resolve()))
    if not given.no_peer:
        sides.append(Side("python-telegram-bot", None))
    with tempfile.TemporaryDirectory() as folder:
        towns = {side.name: Path(folder) / str(n) for n, side in enumerate(sides)}
        officers = {side.name: prepared(side.tree or ROOT, towns[side.name]) for side in sides}
        for side in sides:
            if side.tree:
                side.once = await once(side, towns[side.name], officers[side.name])
        for _ in range(given.rounds):
            for side in sides:
                side.rounds.append(await measured(side, towns[side.name], officers[side.name], given.seconds))
                print(
                    side.name,
                    {name: round(value, 1) for name, value in side.rounds[-1].items()},
                    file=sys.stderr,
                )
    return {
        side.name: {name: statistics.median(one[name] for one in side.rounds) for name in side.rounds[0]}
        | side.once
        for side in sides
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", help="a work tree of an older commit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", help="write the figures to this file")
    arguments = parser.parse_args()
    figures = asyncio.run(main(arguments))
    said = json.dumps(figures, ensure_ascii=False, indent=1)
    print(said)
    if arguments.json:
        Path(arguments.json).write_text(said + "\n")
