"""Everything that Telegram's servers would remember of one bot and the people around it, in one place."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

from server.practice.callback_queries import CallbackQueries
from server.practice.calls import Call
from server.practice.changes import Changes
from server.practice.chats import Chats, Message
from server.practice.clock import Clock
from server.practice.faults import Faults
from server.practice.files import Files
from server.practice.storage import Storage
from server.practice.updates import Updates

CALLS_KEPT = 100_000
_PRESS_QUEUE = 3 << 33


class TelegramState:
    """Chats, files, updates and settings; neither the methods that change it nor the phones that show it.

    With a `storage` folder everything goes on after a restart, a SIGKILL included.
    `http_web_apps` lets web app buttons lead to plain http, as Telegram's test environment does.
    """

    def __init__(
        self,
        token: str,
        *,
        bot_username: str = "xinhua_ssj_bot",
        bot_name: str = "双随机",
        storage: Path | None = None,
        http_web_apps: bool = False,
    ) -> None:
        self.token = token
        self.http_web_apps = http_web_apps
        self.bot: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.storage = Storage(storage)
        self.clock = Clock()
        self.changes = Changes()
        self.files = Files(self.storage)
        self.chats = Chats(self.storage, self.clock, self.bot)
        self.updates = Updates(self.storage, self.clock, self.changes)
        self.presses = CallbackQueries(self.storage, self.clock)
        self.faults = Faults(self.clock)
        self.settings: dict[str, Any] = self.storage.rows("setting")
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)

    def upgrade(self, chat_id: int, new_id: int) -> None:
        """A group becomes a supergroup with another id; the old one is refused from now on."""
        owner = self.chats.users[self.chats.chat(chat_id)["members"][0]]
        leaving = self.chats.post(chat_id, owner, migrate_to_chat_id=new_id)
        self.chats.upgrade(chat_id, new_id)
        arriving = self.chats.post(new_id, owner, migrate_from_chat_id=chat_id)
        for message in (leaving, arriving):
            self.updates.emit("message", message, message["chat"]["id"])
        self.settle()

    def settle(self) -> None:
        """Ends an act: written down first, then everyone who waits is told."""
        self.storage.flush()
        touched, self.chats.touched = self.chats.touched, set()
        self.changes.tell(touched)

    def tell_message(self, message: Message, *, edited: bool = False) -> None:
        kind = "edited_message" if edited else "message"
        if message["chat"]["type"] == "private" or self._meant_for_bot(message):
            self.updates.emit(kind, message, message["chat"]["id"])

    def tell_press(self, press: dict[str, Any]) -> None:
        self.updates.emit("callback_query", press, press["from"]["id"] + _PRESS_QUEUE)

    def tell_membership(self, chat_id: int, by: dict[str, Any], old: str, new: str) -> None:
        change = {
            "chat": self.chats.public(chat_id),
            "from": by,
            "date": int(self.clock()),
            "old_chat_member": _member(self.bot, old),
            "new_chat_member": _member(self.bot, new),
        }
        self.updates.emit("my_chat_member", change, chat_id)

    def set(self, key: str, value: Any) -> None:
        """Remember a setting of the bot: commands, menu buttons, descriptions."""
        self.settings[key] = value
        self.storage.put("setting", key, value)

    def close(self) -> None:
        self.storage.close()

    def _meant_for_bot(self, message: Message) -> bool:
        """Privacy mode: in a group a bot hears commands, its own name, and answers to itself."""
        text = message.get("text") or message.get("caption") or ""
        answered = message.get("reply_to_message", {}).get("from", {}).get("id")
        return text.startswith("/") or f"@{self.bot['username']}" in text or answered == self.bot["id"]


def _member(user: dict[str, Any], status: str) -> dict[str, Any]:
    member: dict[str, Any] = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    return member
