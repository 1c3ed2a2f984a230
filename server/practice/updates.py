"""Updates on their way to the bot: kept until confirmed, by offset when polled, by 2xx when pushed (F4, F5).

Messages wait 24 hours, presses 150 seconds. Messages queue by chat and presses by person, so a press
and a photo of one person may arrive in either order, as they do with Telegram.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from server.practice.changes import Changes
from server.practice.clock import Clock
from server.practice.refusals import ApiRefusal
from server.practice.storage import Storage

MESSAGE_LIFE = 86_400
PRESS_LIFE = 150
FIRST_UPDATE = 700_000_001
_NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")


class Updates:
    def __init__(self, storage: Storage, clock: Clock, changes: Changes) -> None:
        self._storage = storage
        self._clock = clock
        self._changes = changes
        self._waiting: dict[int, dict[str, Any]] = {
            int(key): body for key, body in storage.rows("update").items()
        }
        meta = storage.rows("meta")
        self._next: int = meta.get("next_update", FIRST_UPDATE)
        self._allowed: list[str] = meta.get("allowed_updates", [])
        self.webhook: dict[str, Any] = meta.get("webhook", {})
        self.lost: set[int] = set()  # grew too old before anybody took them
        self._poll: asyncio.Future[None] | None = None

    def emit(self, kind: str, payload: dict[str, Any], queue: int) -> int | None:
        """Put an update in line; None when the bot did not ask for this kind."""
        if kind not in self._allowed if self._allowed else kind in _NOT_BY_DEFAULT:
            return None
        update_id = self._next
        self.inject({"update_id": update_id, kind: payload}, queue)
        return update_id

    def inject(self, update: Any, queue: int = 0) -> None:
        """Put anything in line as it is: repeated ids, unknown kinds, malformed bodies."""
        update_id = update.get("update_id") if isinstance(update, dict) else None
        key = update_id if isinstance(update_id, int) else self._next
        self._next = max(self._next, key + 1)
        life = PRESS_LIFE if isinstance(update, dict) and "callback_query" in update else MESSAGE_LIFE
        self._waiting[key] = {"update": update, "queue": queue, "until": self._clock() + life}
        self._storage.put("update", key, self._waiting[key])
        self._storage.put("meta", "next_update", self._next)

    def waiting(self) -> list[tuple[int, dict[str, Any]]]:
        """What is still to be confirmed, by id; what grew too old is lost here, as at Telegram."""
        now = self._clock()
        for update_id in [key for key, data in self._waiting.items() if data["until"] < now]:
            self.lost.add(update_id)
            self.confirm(update_id)
        return sorted(self._waiting.items())

    def confirm(self, update_id: int) -> None:
        if self._waiting.pop(update_id, None) is not None:
            self._storage.put("update", update_id, None)

    def drop_all(self) -> None:
        for update_id in list(self._waiting):
            self.confirm(update_id)

    def allow(self, kinds: Iterable[str] | None) -> None:
        if kinds is not None:
            self._allowed = list(kinds)
            self._storage.put("meta", "allowed_updates", self._allowed)

    @property
    def allowed(self) -> list[str]:
        return self._allowed

    def set_webhook(self, webhook: dict[str, Any]) -> None:
        self.webhook = webhook
        self._storage.put("meta", "webhook", webhook)

    @property
    def polled(self) -> bool:
        """Somebody waits for news just now."""
        return self._poll is not None and not self._poll.done()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Any]:
        """getUpdates: confirms everything before the offset, then waits for news.

        A second poll ends the first with 409, as Telegram does.
        """
        if self.webhook.get("url"):
            raise ApiRefusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        self._confirm_before(offset)
        mine = self._take_over()
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while not (news := self._after(offset, limit)) and (left := end - loop.time()) > 0:
            if self._changes.closed:
                return []
            await self._changes.wait(left)
            if mine.done():
                raise ApiRefusal(
                    409,
                    "Conflict: terminated by other getUpdates request;"
                    " make sure that only one bot instance is running",
                )
        if self._poll is mine:
            self._poll = None
        return news

    def _confirm_before(self, offset: int) -> None:
        ids = [update_id for update_id, _ in self.waiting()]
        first = ids[offset] if offset < 0 and len(ids) >= -offset else offset
        for update_id in ids:
            if update_id < first:
                self.confirm(update_id)

    def _after(self, offset: int, limit: int) -> list[Any]:
        return [data["update"] for key, data in self.waiting() if key >= offset][:limit]

    def _take_over(self) -> asyncio.Future[None]:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
            self._changes.tell(set())
        self._poll = asyncio.get_running_loop().create_future()
        return self._poll
