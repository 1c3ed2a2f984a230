"""The screen of a practice phone: what a person sees, and waiting for it to appear."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from server.practice.callback_queries import Toast
from server.practice.chats import Message
from server.practice.message_view import MessageView, id_of
from server.practice.people import Holder
from server.practice.refusals import PhoneRefusal
from server.practice.state import TelegramState

_Seen = TypeVar("_Seen")
Wanted = str | Callable[[MessageView], bool]
PATIENCE = 60.0
"""Seconds; a wait ends with what is waited for, so a busy machine costs nothing but time."""


class Screen:
    """`chat` is a group's id; without it the private chat with the bot is meant."""

    def __init__(self, exchange: TelegramState, person: Holder) -> None:
        self._exchange = exchange
        self.person = person
        self._mark = 0

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def bot_messages(self) -> int:
        """How many messages the bot has sent here, deleted ones included, edits not."""
        return int(self._exchange.chats.chat(self.id).get("posts", 0))

    def messages(self, chat: int | None = None) -> list[MessageView]:
        """Everything in the chat, oldest first."""
        return [self._shown(*message) for message in self._exchange.chats.messages(chat or self.id)]

    def last(self, chat: int | None = None) -> MessageView | None:
        """The newest message of the bot."""
        return next((shown for shown in reversed(self.messages(chat)) if shown.from_bot), None)

    def find(self, wanted: Wanted, chat: int | None = None) -> MessageView | None:
        """The newest message of the bot that holds this text or satisfies this question."""
        return next(
            (shown for shown in reversed(self.messages(chat)) if shown.from_bot and _fits(shown, wanted)),
            None,
        )

    def buttons(self, message_id: int | MessageView | None = None, *, chat: int | None = None) -> list[str]:
        """Labels under this message, or under the newest message of the bot that has any."""
        for shown in reversed(self.messages(chat)):
            if shown.id == id_of(message_id) if message_id is not None else shown.from_bot and shown.rows:
                return shown.buttons
        return []

    def keyboard(self, chat: int | None = None) -> list[str]:
        """Labels of the keyboard under the text field; empty when it was taken away."""
        return [key["text"] for row in self.keys(chat) for key in row]

    def keys(self, chat: int | None = None) -> list[list[dict[str, Any]]]:
        keyboard = self._exchange.chats.chat(chat or self.id).get("keyboard")
        return list(keyboard["markup"]["keyboard"]) if keyboard else []

    def toasts(self) -> list[Toast]:
        """Answers to presses that had words, oldest first."""
        return [toast for toast in self._exchange.presses.toasts(self.id) if toast.text]

    def download(self, shown: MessageView) -> bytes:
        """The bytes of a photo (largest size) or document."""
        file_id = shown.document or shown.photo
        if file_id is None:
            raise PhoneRefusal("nothing to download in this message")
        return self._exchange.files.content(file_id)

    async def wait_for(
        self,
        wanted: Wanted = "",
        timeout: float = PATIENCE,
        *,
        chat: int | None = None,
        any_time: bool = False,
    ) -> MessageView:
        """The bot's message, new or edited since this phone's last act, that fits `wanted`.

        `wanted` is a part of its text or a question put to it; `any_time` also takes what stood there
        before. Raises TimeoutError with what is on the phone.
        """
        since = 0 if any_time else self._mark

        def look() -> MessageView | None:
            for shown in reversed(self.messages(chat)):
                if shown.from_bot and shown.revision > since and _fits(shown, wanted):
                    return shown
            return None

        return await self._until(look, timeout, f"waited in vain for {wanted!r}")

    async def wait_toast(self, text: str = "", timeout: float = PATIENCE) -> Toast:
        """The newest toast or alert that holds this text."""

        def look() -> Toast | None:
            return next((toast for toast in reversed(self.toasts()) if text in toast.text), None)

        return await self._until(look, timeout, f"waited in vain for the toast {text!r}")

    async def _until(self, look: Callable[[], _Seen | None], timeout: float, failure: str) -> _Seen:
        end = time.monotonic() + timeout
        while (result := look()) is None:
            left = end - time.monotonic()
            if left <= 0 or (not await self._exchange.changes.wait(left) and look() is None):
                raise TimeoutError(f"{failure}\n{self.transcript()}")
        return result

    def transcript(self, last: int = 8) -> str:
        """The end of the chat in plain lines, for a failing test."""
        lines = []
        for shown in self.messages()[-last:]:
            kinds = ("photo", "document", "contact", "location")
            kind = next((name for name in kinds if name in shown.raw), "")
            who = self.person.name if shown.mine else "bot"
            lines.append(f"  #{shown.id} {who}: {kind} {shown.text!r} {shown.buttons or ''}")
        return "\n".join([*lines, f"  keyboard: {self.keyboard()}", f"  toasts: {self.toasts()[-3:]}"])

    def _shown(self, message: Message, revision: int | None = None) -> MessageView:
        sender = message["from"]["id"]
        return MessageView(
            id=message["message_id"],
            chat_id=message["chat"]["id"],
            mine=sender == self.id,
            from_bot=sender == self._exchange.bot["id"],
            text=message.get("text") or message.get("caption") or "",
            revision=self._exchange.chats.revision if revision is None else revision,
            raw=message,
        )


def _fits(shown: MessageView, wanted: Wanted) -> bool:
    return wanted in shown.text if isinstance(wanted, str) else bool(wanted(shown))
