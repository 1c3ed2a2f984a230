"""The real process, `python -m server serve`, in a folder of its own, told to speak to the Bot API stand-in.

It is forked with the product imported; with another command, or where a storm runs at its full size, it is a new
interpreter each time.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sqlite3
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from models import store
from models.procedure import inspection
from models.rules.actor import Actor, Role
from models.tables import Assignment, Binding, Task
from server.practice import Phone
from tests.support import district, fork_server
from tests.support.district import written
from tests.support.practice_phones import Stage
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-webhook"
NEW = ("server", "serve")
STARTS_WITHIN = 120.0


@dataclass
class Served:
    """One served process after another, on the same data; none outlives the block."""

    stage: Stage
    folder: Path
    updates: str = "poll"
    more: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    only: str = ""
    name: str = "log"
    port: int = 0
    process: asyncio.subprocess.Process | fork_server.Forked | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def __aenter__(self) -> Served:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def fill(self, template: Path) -> None:
        """The tables are there already, so that the process need not make them."""
        shutil.copyfile(template, self.database)

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    @property
    def database(self) -> Path:
        return self.folder / "shuangsuiji.sqlite3"

    @property
    def log(self) -> str:
        path = self.folder / f"{self.name}.txt"
        return path.read_text(errors="replace") if path.exists() else ""

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGSUIJI_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # else every start compiles everything again
        ours = {
            "DATA_DIR": str(self.folder), "LISTEN": f"127.0.0.1:{self.port}", "BOT_TOKEN": self.stage.token,
            "BOT_API_URL": self.stage.address, "UPDATES": self.updates, "WEBHOOK_SECRET": SECRET,
        }  # fmt: skip
        return kept | {
            "PYTHONPATH": str(ROOT),
            **{f"SHUANGSUIJI_{name}": value for name, value in (ours | self.more).items()},
        }

    async def begin(self) -> None:
        """Start the process, without waiting for anything."""
        path = self.folder / f"{self.name}.txt"
        if not self.command:
            words = ("serve", "--only", self.only) if self.only else ("serve",)
            self.process = fork_server.begin(*words, cwd=self.folder, env=self._environment(), log=path)
            return
        with path.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self.command,
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )

    async def start(self) -> None:
        """Start the process and wait until updates come in."""
        sign = "getUpdates" if self.updates == "poll" else "setWebhook"
        before = len(self.stage.calls(sign))
        await self.begin()

        def asked() -> bool:
            assert self.running, self.log[-3000:]
            return len(self.stage.calls(sign)) > before

        await until(asked, STARTS_WITHIN)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def kill(self) -> None:
        if self.running and self.process:
            self.process.kill()
            await self.process.wait()

    async def stop(self, within: float) -> int:
        """SIGTERM; the exit code. TimeoutError when it takes longer."""
        assert self.process
        self.process.terminate()
        async with asyncio.timeout(within):
            return await self.process.wait()

    async def all_acted_upon(self, within: float = 600.0) -> None:
        """Until nothing waits at the stand-in or in the inbox."""

        def none_waits() -> bool:
            assert self.running, self.log[-3000:]
            return not (self.stage.waiting_updates() or self._in_line())

        await until(none_waits, within)

    def _in_line(self) -> int:
        with sqlite3.connect(self.database) as read:
            [waiting] = read.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()
        read.close()
        return int(waiting)


async def on_site(template: Path, served: Served, department: str, phones: int) -> tuple[Task, list[Phone]]:
    """A visit under way, and the bound phones of that many officers of a department."""
    served.fill(template)
    async with store.opened(f"sqlite://{served.database}", objects_at=served.folder / "objects"):
        return await under_way(served.stage, department, phones)


async def under_way(stage: Stage, department: str, phones: int) -> tuple[Task, list[Phone]]:
    """The same in the open store."""
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    await district.visit_fixed(task, district.district())
    present = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    begins = district.VISIT + timedelta(minutes=5)
    leader = await district.leader_of(task)
    await inspection.begin(
        task.number, [str(one) for one in present], by=leader, at=begins, untold="示例:当面告知"
    )
    people = (await district.team_of(task))[department][:phones]
    return task, [await _phone(stage, person) for person in people]


async def _phone(stage: Stage, person: Actor) -> Phone:
    account = await district.account(Role.INSPECTOR, person.id)
    phone = stage.phone(person.name)
    stage.exchange.chats.change(phone.id, opened=True)
    async with written():
        await Binding.create(account=account, telegram_id=phone.id, bound_at=district.CEREMONY)
    return phone
