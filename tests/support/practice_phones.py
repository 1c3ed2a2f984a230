"""Practice phones for tests: the Bot API stand-in on loopback, and people who hold phones joined to it.

async with practice() as stage:
    bot = Application.builder().token(stage.token).base_url(stage.base_url) ...
    zhang = stage.phone("张检查", phone_number="13800000001")
    await zhang.start()
    await zhang.press("接受")
    await zhang.wait_for("已接受")
    await stage.bot_is_idle()
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from server.practice import EXCHANGE, Holder, Phone, TelegramServer, practice_app
from server.practice.calls import Call
from server.practice.faults import Faults
from tests.support.waiting import PATIENCE, pause

TOKEN = "4242424242:practice-token-for-tests-only"
FIRST_PERSON = 1_000_001


@dataclass
class Stage:
    """`address` is `http://127.0.0.1:PORT`; `base_url` and `base_file_url` are what PTB wants."""

    exchange: TelegramServer
    address: str
    _next_person: int = FIRST_PERSON

    @property
    def token(self) -> str:
        return self.exchange.token

    @property
    def base_url(self) -> str:
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.address}/file/bot"

    @property
    def faults(self) -> Faults:
        return self.exchange.faults

    def phone(
        self, name: str, *, id: int | None = None, phone_number: str = "", language: str = "zh-hans",
        role: str = "", username: str | None = None,
    ) -> Phone:  # fmt: skip
        """A person with a phone; without an id the next free one."""
        if id is None:
            id, self._next_person = self._next_person, self._next_person + 1
        return self.exchange.phone(Holder(id, name, role, phone_number, language, username))

    def calls(self, method: str | None = None, chat_id: int | None = None) -> list[Call]:
        """Calls of the bot in order, all but getUpdates, or those of one method or chat."""
        return [
            call
            for call in self.exchange.calls
            if (call.method.lower() == method.lower() if method else call.method.lower() != "getupdates")
            and chat_id in (None, call.chat_id)
        ]

    def waiting_updates(self) -> list[dict[str, Any]]:
        """Updates the bot has not yet confirmed."""
        return [kept["update"] for _, kept in self.exchange.updates.waiting()]

    async def bot_is_idle(self, quiet: float = 0.15, timeout: float = PATIENCE) -> None:
        """Until every update is confirmed and the bot has called nothing (but getUpdates) for a moment."""
        end = time.monotonic() + timeout
        seen, since = len(self.calls()), time.monotonic()
        while time.monotonic() < end:
            await pause(0.02)
            now = len(self.calls())
            if now != seen or self.exchange.updates.waiting():
                seen, since = now, time.monotonic()
            elif time.monotonic() - since >= quiet:
                return
        raise TimeoutError(f"the bot is still busy; {len(self.waiting_updates())} updates wait")


@asynccontextmanager
async def practice(
    *, token: str = TOKEN, storage: Path | None = None, port: int = 0, **options: Any
) -> AsyncIterator[Stage]:
    """The stand-in, served for as long as the block runs.

    `storage` and `port` let a second one go on where the first stopped.
    """
    app = practice_app(token, storage=storage, **options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        bound = runner.addresses[0][1]
        yield Stage(app[EXCHANGE], f"http://127.0.0.1:{bound}")
    finally:
        await runner.cleanup()
