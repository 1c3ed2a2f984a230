"""Acts upon stored updates: one at a time for each person, many people at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from models import store
from models.delivery import Outage, outage_of, step_aside
from models.operations import inbox
from models.procedure import update_outcome
from server.intake.leader_lease import LeaderLease
from server.logs import Seldom
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

Handle = Callable[[dict[str, Any]], Awaitable[object]]
TOGETHER, LONGEST, PAUSE, LEASE = 32, 180.0, 1.0, 8.0
LOOK = 500
PICTURES = ("photo", "document")


class Worker:
    """`handle(raw)` acts upon one update; True when its act wrote down itself that it is done. ValueError: it cannot be
    read. `Outage`, and errors of the network and of files: a neighbour is away, the update waits until it is back. Any
    other error: tried again, then set aside.

    Nothing is remembered here but who is being served: what is to be done stands in the database. One process of several
    acts, since each person's updates keep their order; the others stand by. `every`: seconds after which it looks whether
    another process took something in.
    """

    def __init__(
        self, handle: Handle, now: Callable[[], datetime], waiting: Waiting = REAL_TIME, *,
        holder: str = "worker", every: float = PAUSE,
    ) -> None:  # fmt: skip
        self._handle, self._now, self._waiting, self._every = handle, now, waiting, every
        self._seat = LeaderLease("worker", holder, LEASE, now, waiting.monotonic)
        self._news = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(TOGETHER)
        self._pictures = asyncio.Semaphore(TOGETHER)  # they wait for downloads, and hold nobody else up
        self._seldom = Seldom(log)
        self._ending = False
        self._stored = 0  # how often new updates came

    def wake(self) -> None:
        """New updates were stored."""
        self._stored += 1
        self._news.set()

    async def run(self) -> None:
        """Until cancelled; what is under way is finished by `drain`."""
        while True:
            self._news.clear()
            wait = await self._round()
            await self._waiting.until(self._news, wait)

    async def _round(self) -> float:
        """Take up what is there, if it is our turn; the seconds to wait, unless there is news."""
        try:
            mine = await self._seat.mine()
            self._ending = not mine
            if mine:
                await self._take_up()
                return self._every
            self._seldom.warning("another process acts upon updates; standing by")
        except store.Unavailable as error:
            self._ending = True  # nobody knows whose turn it is
            self._seldom.warning("updates wait for the database: %s", error)
            await self._waiting.sleep(PAUSE)
        return PAUSE

    async def drain(self, seconds: float = 5.0) -> None:
        """Let the updates under way come to their end; the others stay stored, for whoever acts upon them next."""
        self._ending = True
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=seconds)
        await self._seat.leave()

    async def _take_up(self) -> None:
        seen = self._stored
        lines: dict[int, list[inbox.StoredUpdate]] = {}
        updates = await inbox.waiting(at=self._now(), but=self._busy, limit=LOOK)
        for row in updates:
            lines.setdefault(row.sender, []).append(row)
        if len(updates) == LOOK:
            seen = -1  # there may be more of anybody's
        for sender, rows in lines.items():
            self._busy[sender] = asyncio.create_task(
                self._follow(sender, rows, seen), name=f"updates of {sender}"
            )

    async def _follow(self, sender: int, rows: list[inbox.StoredUpdate], seen: int) -> None:
        done = False
        try:
            for row in rows:
                raw = json.loads(row.body)
                async with _Place(self._pictures if _brings_a_picture(raw) else self._room):
                    if self._ending or not await self._one(row, raw):
                        break
            else:
                done = True
        finally:
            del self._busy[sender]
            if self._stored != seen or not done:
                self._news.set()

    async def _one(self, row: inbox.StoredUpdate, raw: dict[str, Any]) -> bool:
        """True when the sender's next update may follow."""
        try:
            return await self._act(row, raw)
        except store.Unavailable as error:
            self._seldom.warning("update %s waits for the database: %s", row.update_id, error)
            await self._waiting.sleep(PAUSE)
            return False

    async def _act(self, row: inbox.StoredUpdate, raw: dict[str, Any]) -> bool:
        try:
            async with asyncio.timeout(LONGEST):
                settled = await self._handle(raw | {inbox.RETRIED: True} if row.retried else raw)
        except store.Unavailable:
            raise
        except Exception as error:
            if away := outage_of(error):
                return await self._postponed(row, away)
            hopeless = isinstance(error, ValueError)
            aside = await update_outcome.failed(row.update_id, repr(error), at=self._now(), hopeless=hopeless)
            log.error("update %s %s", row.update_id, "was put aside" if aside else "failed", exc_info=error)
            return aside
        if settled is not True:
            await update_outcome.done(row.update_id, at=self._now())
        return True

    async def _postponed(self, row: inbox.StoredUpdate, away: Outage) -> bool:
        await update_outcome.postponed(row.update_id, str(away), at=self._now(), seconds=away.seconds)
        self._seldom.warning("update %s waits: %s", row.update_id, away)
        return False


class _Place:
    """A place among those served together; given up early by who waits for Telegram's limits (`step_aside`)."""

    def __init__(self, room: asyncio.Semaphore) -> None:
        self._room, self._taken = room, False

    async def __aenter__(self) -> None:
        await self._room.acquire()
        self._taken = True
        step_aside.set(self._leave)

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._taken:
            self._taken = False
            self._room.release()


def _brings_a_picture(raw: dict[str, Any]) -> bool:
    message = raw.get("message") or raw.get("edited_message")
    return isinstance(message, dict) and any(kind in message for kind in PICTURES)
