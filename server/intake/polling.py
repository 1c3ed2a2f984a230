"""Fetches updates; the next request confirms them, so it is made only after they are stored (F1, F3)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp

from models import store
from models.operations import inbox
from server import http_answer
from server.intake.leader_lease import LeaderLease
from server.logs import Seldom
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

WAIT, LEASE, PAUSE = 4, 8.0, 1.0
LARGEST = 32 << 20  # bytes of an answer with a hundred updates
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "inline_query"]


class Poller:
    """One process polls at a time (D9): a lease in the database decides which."""

    def __init__(
        self, api: str, holder: str, now: Callable[[], datetime], wake: Callable[[], None],
        lease: float = LEASE, read: Callable[[bytes], inbox.RawUpdate] = inbox.read,
        waiting: Waiting = REAL_TIME,
    ) -> None:  # fmt: skip
        self._api, self._now, self._wake, self._read, self._waiting = api, now, wake, read, waiting
        self._seat = LeaderLease("poller", holder, lease, now, waiting.monotonic)
        self._seldom = Seldom(log)
        self._offset = 0
        self._cleared = False

    async def run(self) -> None:
        """Until cancelled. `deleteWebhook` first, since a webhook forbids polling."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WAIT + 20)) as http:
            try:
                while True:
                    wait = await self._round(http)
                    await self._waiting.sleep(wait)
            finally:
                await self._seat.leave()

    async def _round(self, http: aiohttp.ClientSession) -> float:
        """One request, if it is our turn; the seconds to wait before the next."""
        try:
            if not await self._seat.mine():
                self._cleared = False
                self._seldom.warning("another process polls; standing by")
                return PAUSE
            if not self._cleared:
                await self._call(http, "deleteWebhook", {"drop_pending_updates": False})
                self._cleared = True
            return await self._fetch(http)
        except (aiohttp.ClientError, store.Unavailable, OSError, ValueError) as error:
            self._seldom.warning("no updates: %s", type(error).__name__)
        except Exception:
            log.exception("no updates")
        return PAUSE

    async def _fetch(self, http: aiohttp.ClientSession) -> float:
        body = {"offset": self._offset, "timeout": WAIT, "limit": 100, "allowed_updates": ALLOWED}
        answer = await self._call(http, "getUpdates", body)
        if not answer.get("ok"):
            self._seldom.warning("Bot API: %s %s", answer.get("error_code"), answer.get("description"))
            return float((answer.get("parameters") or {}).get("retry_after", 3))
        arrivals = [self._read(json.dumps(raw).encode()) for raw in answer.get("result") or []]
        if not arrivals:
            return 0.0
        counts = await inbox.keep(arrivals, at=self._now())
        if counts.strays:
            log.error("%d updates put aside: unreadable, or a known number with another body", counts.strays)
        self._wake()
        numbers = [arrival.update_id + 1 for arrival in arrivals if arrival.update_id is not None]
        stuck = not numbers or max(numbers) <= self._offset
        self._offset = max([self._offset, *numbers])
        return 3.0 if stuck else 0.0

    async def _call(self, http: aiohttp.ClientSession, method: str, body: object) -> dict[str, Any]:
        async with http.post(f"{self._api}/{method}", json=body) as answer:
            reply = await http_answer.parsed(answer, LARGEST)
        if not isinstance(reply, dict):
            raise ValueError("no answer of the Bot API")
        return reply
