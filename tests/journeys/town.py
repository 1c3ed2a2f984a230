"""A district for a journey: the real command line, the real house, a mail server, phones and a browser's client."""

from __future__ import annotations

import asyncio
import contextlib
import email
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiosmtpd.controller import Controller

from models import data
from models.rules.day import CHINA
from server.config import Settings
from server.practice import Phone
from server.runtime import run
from tests.support import fork_server
from tests.support.practice_phones import Stage, practice

ROOT = Path(__file__).parents[2]
FILES = {"checklists": "checkpoints.csv"}
PASSWORD = "only for this test, 2026"
LOTTERY = "lottery:示例彩票@2026-11-27T09:30+08:00 2026300"


class Post:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Town:
    """Where the journey happens. The house goes by Telegram's clock, which goes on from where the journey moves it."""

    settings: Settings
    stage: Stage
    post: Post
    folder: Path
    phones: dict[str, Phone] = field(default_factory=dict)

    def move(self, at: datetime) -> None:
        """It is this time, for the house and at Telegram."""
        self.stage.exchange.clock.advance(at.timestamp() - self.stage.exchange.clock())

    async def command(self, *words: str, typed: str = "") -> str:
        """One `shuangsuiji` command as a process of its own; what it printed. It must end with 0."""
        done = await asyncio.to_thread(fork_server.run, *words, env={}, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    async def registers(self) -> None:
        """一单两库 from the project's own files."""
        for kind in ("departments", "items", "checklists", "targets", "inspectors"):
            path = self.folder / f"{kind}.csv"
            path.write_bytes(data.read(FILES.get(kind, f"{kind}.csv")))
            assert "不合格 0" in await self.command("import", kind, str(path))

    async def papers(self) -> None:
        """The plan and the scheme, whose draw has a lottery beside its two witnesses."""
        for kind, name in (("plan", "plan-2026.toml"), ("scheme", "scheme-hotels.toml")):
            path = self.folder / name
            path.write_bytes(
                data.read(name).replace(b'"witness:WJ"]', b'"witness:WJ", "%b"]' % LOTTERY.encode())
            )
            await self.command(kind, "adopt", str(path))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with run(self.settings, now=lambda: datetime.fromtimestamp(self.stage.exchange.clock(), CHINA)):
            yield

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.settings.public, cookie_jar=jar) as http:
            yield Visitor(http)

    async def enrol(self, name: str, link: str, number: str) -> Phone:
        """Open the invitation on a phone of one's own and share the own contact."""
        phone = self.stage.phone(name, phone_number=number)
        await phone.start(link.rpartition("start=")[2] or link)
        await phone.wait_for("身份绑定")
        await phone.press("分享本人手机号码")
        await phone.wait_for("已绑定", any_time=True)
        return phone


@dataclass
class Visitor:
    """A browser without scripts: pages, forms, cookies."""

    http: aiohttp.ClientSession

    async def page(self, path: str) -> str:
        async with self.http.get(path) as answer:
            said = await answer.text()
            assert answer.status == 200, (path, answer.status, said[:500])
            return said

    async def fetch(self, path: str) -> bytes:
        async with self.http.get(path) as answer:
            assert answer.status == 200, (path, answer.status)
            return await answer.read()

    async def submit(self, page: str, action: str, **fields: str | list[str]) -> str:
        """Send the form of `page` that goes to `action`; the page that comes back. A list: boxes of one name."""
        said = await self.page(page)
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', said, re.S)
        assert form, (page, action, said[:2000])
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        pairs = [
            (name, value)
            for name, given in (hidden | fields).items()
            for value in (given if isinstance(given, list) else [given])
        ]
        async with self.http.post(action, data=pairs, headers={"Sec-Fetch-Site": "same-origin"}) as answer:
            after = await answer.text()
            assert answer.status == 200, (action, answer.status, after[:1500])
            return after


@asynccontextmanager
async def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: datetime) -> AsyncIterator[Town]:
    """Everything but the house itself, which `running` starts and stops."""
    post = Post()
    mail = Controller(post, hostname="127.0.0.1", port=free_port())
    await asyncio.to_thread(mail.start)
    try:
        async with practice() as stage:
            port = free_port()
            given = {
                "data_dir": str(tmp_path / "data"), "listen": f"127.0.0.1:{port}", "bot_token": stage.token,
                "bot_api_url": stage.address, "smtp_url": f"smtp://127.0.0.1:{mail.port}",
                "smtp_from": "notice@district.example",
            }  # fmt: skip
            for name, value in given.items():
                monkeypatch.setenv(f"SHUANGSUIJI_{name.upper()}", value)
            monkeypatch.chdir(tmp_path)
            made = Town(replace(Settings(), **given), stage, post, tmp_path)
            made.move(at)
            yield made
    finally:
        with contextlib.suppress(Exception):
            await asyncio.to_thread(mail.stop)
