"""Fetches updates; the next request confirms them, so it is made only after they are stored (F1, F3)."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from datetime import datetime

import aiohttp

from models.procedure import intake

log = logging.getLogger(__name__)

WAIT, LEASE = 4, 8.0
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "inline_query"]


class Poller:
    """One process polls at a time (D9): a lease in the database decides which."""

    def __init__(self, api: str, holder: str, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._api, self._holder, self._now, self._wake = api, holder, now, wake
        self._offset = 0
        self._said = 0.0

    async def run(self) -> None:
        """Until cancelled. `deleteWebhook` first, since a webhook forbids polling."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WAIT + 20)) as http:
            cleared = False
            try:
                while True:
                    if not await intake.lease("poller", self._holder, LEASE, at=self._now()):
                        self._say("another process polls; standing by")
                        await asyncio.sleep(1.0)
                        continue
                    try:
                        if not cleared:
                            await self._call(http, "deleteWebhook", {"drop_pending_updates": False})
                            cleared = True
                        await self._fetch(http)
                    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                        self._say(f"no updates: {type(error).__name__}")
                        await asyncio.sleep(1.0)
            finally:
                await intake.release("poller", self._holder)

    async def _fetch(self, http: aiohttp.ClientSession) -> None:
        body = {"offset": self._offset, "timeout": WAIT, "limit": 100, "allowed_updates": ALLOWED}
        answer = await self._call(http, "getUpdates", body)
        if not answer.get("ok"):
            self._say(f"Bot API answered {answer.get('error_code')}: {answer.get('description')}")
            wait = (answer.get("parameters") or {}).get("retry_after", 3)
            await asyncio.sleep(min(float(wait), 30.0))
            return
        found = answer.get("result") or []
        if not found:
            return
        arrivals = [intake.read(json.dumps(raw, ensure_ascii=False).encode()) for raw in found]
        await intake.keep(arrivals, at=self._now())
        self._wake()
        numbers = [one.update_id for one in arrivals if one.update_id is not None]
        self._offset = max([self._offset, *(n + 1 for n in numbers)])

    async def _call(self, http: aiohttp.ClientSession, method: str, body: object) -> dict:  # type: ignore[type-arg]
        async with http.post(f"{self._api}/{method}", json=body) as answer:
            return dict(json.loads(await answer.text()))

    def _say(self, what: str) -> None:
        """One line a minute."""
        if time.monotonic() - self._said > 60:
            self._said = time.monotonic()
            log.warning("polling: %s", what)
