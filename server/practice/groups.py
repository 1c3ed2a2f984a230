"""What people do to a group: topics of a forum, who is in, what the bot may do there; told as Telegram tells it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from server.practice.chats import Message
from server.practice.refusals import bad
from server.practice.state import TelegramState

PIN = "not enough rights to manage pinned messages in the chat"
WRITE = "not enough rights to send text messages to the chat"


class Groups(TelegramState):
    """Everything here is done by the group's first member, its owner."""

    def add_bot(self, chat_id: int, by: int) -> None:
        """Somebody brings the bot into a group that is there already."""
        self.chats.change(chat_id, bot="member")
        self.tell_membership(chat_id, self.chats.users[by], "left", "member")
        self.settle()

    def add_bot_by(self, link: str, chat_id: int, by: int) -> None:
        """Somebody follows `https://t.me/<bot>?startgroup=PAYLOAD` and chooses a group: the bot is brought in and started."""
        payload = parse_qs(urlsplit(link).query).get("startgroup", [""])[0]
        self.add_bot(chat_id, by)
        text = f"/start@{self.bot['username']} {payload}"
        self.tell_message(self.chats.post(chat_id, self.chats.users[by], text=text))
        self.settle()

    def remove_bot(self, chat_id: int) -> None:
        self.chats.change(chat_id, bot="kicked")
        self.tell_membership(chat_id, self._owner(chat_id), "member", "kicked")
        self.settle()

    def allow(self, chat_id: int, *, pins: bool = True, writes: bool = True) -> None:
        """What the bot may do in a group; it hears of it."""
        self.chats.change(chat_id, pins=pins, writes=writes)
        self.tell_membership(
            chat_id, self._owner(chat_id), "member", "restricted" if not writes else "member"
        )
        self.settle()

    def topic(self, chat_id: int, name: str) -> int:
        """A new topic; the group becomes a forum. Its number is that of the message that opens it."""
        chat = self.chats.chat(chat_id)
        topics = {**chat.get("topics", {}), str(chat["next"]): "open"}
        self.chats.change(chat_id, is_forum=True, topics=topics)
        created = {"name": name, "icon_color": 7322096}
        return int(self._say(chat_id, chat["next"], forum_topic_created=created)["message_id"])

    def close_topic(self, chat_id: int, topic: int) -> None:
        self._set(chat_id, topic, "closed")
        self._say(chat_id, topic, forum_topic_closed={})

    def reopen_topic(self, chat_id: int, topic: int) -> None:
        self._set(chat_id, topic, "open")
        self._say(chat_id, topic, forum_topic_reopened={})

    def delete_topic(self, chat_id: int, topic: int) -> None:
        """With all that was said in it. Telegram tells a bot nothing of it."""
        self._set(chat_id, topic, "deleted")
        for message, _ in list(self.chats.messages(chat_id)):
            if message.get("message_thread_id") == topic:
                self.chats.delete(chat_id, message["message_id"])
        self.settle()

    def _set(self, chat_id: int, topic: int, state: str) -> None:
        self.chats.change(chat_id, topics={**self.chats.chat(chat_id)["topics"], str(topic): state})

    def _say(self, chat_id: int, topic: int, **content: Any) -> Message:
        """A service message in a topic, which a bot hears."""
        owner = self._owner(chat_id)
        message = self.chats.post(chat_id, owner, message_thread_id=topic, is_topic_message=True, **content)
        if self.chats.chat(chat_id).get("bot") == "member":
            self.updates.emit("message", message, chat_id)
        self.settle()
        return message

    def _owner(self, chat_id: int) -> dict[str, Any]:
        return self.chats.users[self.chats.chat(chat_id)["members"][0]]


def assert_writable(chat: dict[str, Any], topic: int | None) -> None:
    """Telegram's refusals of what a bot sends to a group."""
    if not chat.get("writes", True):
        raise bad(WRITE)
    state = chat.get("topics", {}).get(str(topic)) if topic else "open"
    if state in (None, "deleted"):
        raise bad("message thread not found")
    if state == "closed":
        raise bad("TOPIC_CLOSED")
