"""Chats as Telegram remembers them: who is in, what was said, edited and deleted, who has blocked the bot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from server.practice.clock import Clock
from server.practice.refusals import bad, forbidden
from server.practice.storage import Storage

Message = dict[str, Any]
_PUBLIC = ("id", "type", "title", "first_name", "username", "is_forum")


class Chats:
    """`touched` collects the people whose phones look different since it was last taken."""

    def __init__(self, storage: Storage, clock: Clock, bot: dict[str, Any]) -> None:
        self._storage = storage
        self._clock = clock
        self.bot = bot
        self.users: dict[int, dict[str, Any]] = {int(key): body for key, body in storage.rows("user").items()}
        self._chats: dict[int, dict[str, Any]] = {
            int(key): body for key, body in storage.rows("chat").items()
        }
        self._messages: dict[int, dict[int, Message]] = {}
        self._revisions: dict[tuple[int, int], int] = {}
        for key, (message, revision) in storage.rows("message").items():
            chat_id, message_id = map(int, key.split(":"))
            self._messages.setdefault(chat_id, {})[message_id] = message
            self._revisions[chat_id, message_id] = revision
        self.revision = max(self._revisions.values(), default=0)
        self.touched: set[int] = set()

    def enrol(self, user: dict[str, Any]) -> None:
        """Make a person known; a known one is brought up to date."""
        self.users[user["id"]] = user
        self._storage.put("user", user["id"], user)
        if user["id"] not in self._chats:
            self._save(
                {"id": user["id"], "type": "private", "members": [user["id"]], "next": 1, "opened": False}
            )
        self._chats[user["id"]].update(_names(user))
        self._save(self._chats[user["id"]])

    def found_group(self, chat_id: int, title: str, members: Iterable[int], kind: str = "supergroup") -> None:
        self._save(
            {"id": chat_id, "type": kind, "title": title, "members": list(members), "next": 1, "opened": True,
             "bot": "member"}
        )  # fmt: skip

    def chat(self, chat_id: int) -> dict[str, Any]:
        """The chat as kept, not as sent; KeyError when there is none."""
        return self._chats[chat_id]

    def of_person(self, user_id: int) -> list[dict[str, Any]]:
        return [chat for chat in self._chats.values() if user_id in chat["members"]]

    def public(self, chat_id: int) -> dict[str, Any]:
        chat = self._chats[chat_id]
        return {name: chat[name] for name in _PUBLIC if name in chat}

    def reachable(self, chat_id: int | None) -> dict[str, Any]:
        """The chat if the bot may write there; else Telegram's refusal."""
        chat = self._chats.get(chat_id) if chat_id is not None else None
        if chat is None or not chat["opened"]:
            raise bad("chat not found")
        if "migrated_to" in chat:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat["migrated_to"])
        if chat.get("blocked"):
            raise forbidden("bot was blocked by the user")
        if chat.get("bot") in ("left", "kicked"):
            raise forbidden(f"bot was kicked from the {chat['type']} chat")
        return chat

    def change(self, chat_id: int, **fields: Any) -> None:
        """Set fields of a chat; None takes one away."""
        chat = self._chats[chat_id]
        for name, value in fields.items():
            if value is None:
                chat.pop(name, None)
            else:
                chat[name] = value
        self._save(chat)

    def post(self, chat_id: int, sender: dict[str, Any], **content: Any) -> Message:
        """A new message; `content` holds the remaining fields of the Bot API's Message."""
        chat = self._chats[chat_id]
        message: Message = {
            "message_id": chat["next"],
            "from": sender,
            "chat": self.public(chat_id),
            "date": int(self._clock()),
            **{name: value for name, value in content.items() if value is not None},
        }
        from_bot = sender["id"] == self.bot["id"]
        self.change(chat_id, next=chat["next"] + 1, posts=chat.get("posts", 0) + from_bot)
        self._keep(message)
        return message

    def edit(self, message: Message, *, silent: bool = False, **content: Any) -> Message:
        """The message with these fields set (None: taken away) and its edit date."""
        changed = {**message, **content}
        if not silent:
            changed["edit_date"] = int(self._clock())
        changed = {name: value for name, value in changed.items() if value is not None}
        self._keep(changed)
        return changed

    def delete(self, chat_id: int, message_id: int) -> None:
        self._messages[chat_id].pop(message_id)
        self._revisions.pop((chat_id, message_id))
        self._storage.put("message", f"{chat_id}:{message_id}", None)
        self.touched.update(self._chats[chat_id]["members"])

    def message(self, chat_id: int, message_id: int) -> Message | None:
        return self._messages.get(chat_id, {}).get(message_id)

    def messages(self, chat_id: int) -> Iterator[tuple[Message, int]]:
        """Every message with the revision of its last change, oldest first."""
        for message_id, message in self._messages.get(chat_id, {}).items():
            yield message, self._revisions[chat_id, message_id]

    def quoted(self, chat_id: int, message_id: int | None) -> Message | None:
        """A message as it stands inside the one that answers it."""
        if message_id is None or (target := self.message(chat_id, message_id)) is None:
            return None
        return {name: value for name, value in target.items() if name != "reply_to_message"}

    def upgrade(self, chat_id: int, new_id: int) -> None:
        """A group becomes a supergroup with another id."""
        old = self._chats[chat_id]
        self.found_group(new_id, old["title"], old["members"])
        self.change(chat_id, migrated_to=new_id)

    def _keep(self, message: Message) -> None:
        chat_id, message_id = message["chat"]["id"], message["message_id"]
        self.revision += 1
        self._messages.setdefault(chat_id, {})[message_id] = message
        self._revisions[chat_id, message_id] = self.revision
        self._storage.put("message", f"{chat_id}:{message_id}", [message, self.revision])
        self.touched.update(self._chats[chat_id]["members"])

    def _save(self, chat: dict[str, Any]) -> None:
        self._chats[chat["id"]] = chat
        self._storage.put("chat", chat["id"], chat)
        self.touched.update(chat["members"])


def _names(user: dict[str, Any]) -> dict[str, Any]:
    return {name: user[name] for name in ("first_name", "username") if name in user}
