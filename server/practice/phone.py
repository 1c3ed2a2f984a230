"""A practice phone: what a person can do to the bot and see of it. Tests and the page use the same one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from server.practice import entities, keyboards
from server.practice.callback_queries import Toast
from server.practice.chats import Message
from server.practice.initdata import launch_url, signed
from server.practice.message_view import MessageView, Pressed, id_of
from server.practice.people import Holder, international
from server.practice.refusals import PhoneRefusal
from server.practice.screen import PATIENCE, Screen
from server.practice.state import TelegramState

LONGEST = 4096  # UTF-16 units of one message
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


@dataclass(slots=True)
class Count:
    """Acts of the person and new messages of the bot; an edit in place is neither."""

    acts: int = 0
    bot_messages: int = 0


class Phone(Screen):
    """Every method without `_` that is awaited is one act of the person, and is counted as one.

    `chat` is a group's id; without it the private chat with the bot is meant.
    """

    def __init__(self, exchange: TelegramState, person: Holder) -> None:
        super().__init__(exchange, person)
        self.acts = 0

    @contextmanager
    def counted(self) -> Iterator[Count]:
        """Counts the acts and the bot's messages of a stretch."""
        count, acts, messages = Count(), self.acts, self.bot_messages
        try:
            yield count
        finally:
            count.acts = self.acts - acts
            count.bot_messages = self.bot_messages - messages

    async def say(
        self, text: str, *, reply_to: int | MessageView | None = None, chat: int | None = None
    ) -> MessageView:
        plain, rows = entities.finished(text, [])
        if not plain:
            raise PhoneRefusal("an empty text cannot be sent")
        if entities.units(plain) > LONGEST:
            return await self._say_in_parts(plain, reply_to, chat)
        return self._send(chat, reply_to, text=plain, entities=rows or None)

    async def _say_in_parts(
        self, text: str, reply_to: int | MessageView | None, chat: int | None
    ) -> MessageView:
        """As clients do: a text that is too long goes out as several messages, the first of which carries the reply."""
        acts = self.acts
        while entities.units(text) > LONGEST:
            head = text
            while entities.units(head) > LONGEST:
                head = head[: len(head) - (entities.units(head) - LONGEST + 1) // 2]
            await self.say(head, reply_to=reply_to, chat=chat)
            text, reply_to = text[len(head) :], None
        shown = await self.say(text, reply_to=reply_to, chat=chat)
        self.acts = acts + 1
        return shown

    async def start(self, payload: str = "") -> MessageView:
        """The start button, or a deep link `https://t.me/<bot>?start=PAYLOAD`."""
        if not _PAYLOAD.fullmatch(payload):
            raise PhoneRefusal("a start payload has up to 64 of A-Z a-z 0-9 _ -")
        return await self.say(f"/start {payload}".strip())

    async def open(self, link: str) -> str | None:
        """Follow a link: one to the bot starts it, any other is given back for the browser."""
        payload = self._exchange_payload(link)
        if payload is None:
            self.acts += 1
            return link
        await self.start(payload)
        return None

    async def press(
        self, label: str, message_id: int | MessageView | None = None, *, chat: int | None = None
    ) -> Pressed:
        """Press the button with this label (or callback data): newest message first, then the keyboard."""
        message, button = self._button(label, message_id, chat)
        return await self._press(message, button, chat)

    async def press_at(
        self, row: int, column: int, message_id: int | None, *, chat: int | None = None
    ) -> Pressed:
        """The button in this place under a message, or of the keyboard under the text field."""
        message = None
        try:
            if message_id is not None:
                message = self._exchange.chats.message(chat or self.id, message_id) or {}
                return await self._press(
                    message, message["reply_markup"]["inline_keyboard"][row][column], chat
                )
            return await self._press(None, self.keys(chat)[row][column], chat)
        except (KeyError, IndexError):
            raise PhoneRefusal("that button is gone") from None

    async def _press(self, message: Message | None, button: dict[str, Any], chat: int | None) -> Pressed:
        if message is None:
            return await self._press_key(button, chat)
        if "callback_data" in button:
            return self._press_inline(message, str(button["callback_data"]))
        self._act()
        for kind in ("url", "copy_text"):
            if kind in button:
                value = button[kind] if kind == "url" else button[kind]["text"]
                return Pressed("url" if kind == "url" else "copy", value)
        if "web_app" in button:
            return Pressed("web_app", self.launch(button["web_app"]["url"]))
        raise PhoneRefusal(f"nothing happens on {button['text']}")

    async def forge(
        self, data: str, message_id: int | MessageView | None = None, *, chat: int | None = None
    ) -> Pressed:
        """A press that no button offers: any data, under any message."""
        target = id_of(message_id) if message_id is not None else self._required(chat).id
        message = self._exchange.chats.message(chat or self.id, target)
        if message is None:
            raise PhoneRefusal("no such message")
        return self._press_inline(message, data)

    async def answer(self, pressed: Pressed, timeout: float = PATIENCE) -> Toast:
        """Wait for the bot's answer to a press (not an act); the text may be empty."""
        return await self._until(
            lambda: self._exchange.presses.answered(pressed.value), timeout, "the press was never answered"
        )

    async def share_contact(
        self, of: Holder | None = None, *, forwarded: bool = False, reply_to: int | MessageView | None = None
    ) -> MessageView:
        """One's own contact, or another person's; `forwarded` as if passed on from another chat."""
        person = of or self.person
        contact = {
            "phone_number": international(person.phone_number),
            "first_name": person.name,
            "user_id": person.id,
        }
        return self._send(
            None, reply_to, contact=contact, forward_origin=self._origin(person.name) if forwarded else None
        )

    def _origin(self, name: str) -> dict[str, Any]:
        """Where a message that was passed on came from."""
        return {"type": "hidden_user", "sender_user_name": name, "date": int(self._exchange.clock())}

    async def share_location(
        self, latitude: float, longitude: float, *, accuracy: float | None = None,
        live_period: int | None = None, reply_to: int | MessageView | None = None, chat: int | None = None,
        forwarded: bool = False, venue: str = "",
    ) -> MessageView:  # fmt: skip
        """A pin; with `live_period` a live location, `forwarded` as if passed on, `venue` a place chosen from the list."""
        location = {"latitude": latitude, "longitude": longitude}
        if accuracy is not None:
            location["horizontal_accuracy"] = accuracy
        if live_period is not None:
            location["live_period"] = live_period
        return self._send(
            chat, reply_to, location=location, forward_origin=self._origin("别人") if forwarded else None,
            venue={"location": location, "title": venue, "address": venue} if venue else None,
        )  # fmt: skip

    async def send_photo(
        self, content: bytes, caption: str = "", *, reply_to: int | MessageView | None = None,
        chat: int | None = None,
    ) -> MessageView:  # fmt: skip
        """Sent as a photo: recompressed, EXIF gone."""
        photo = await self._exchange.files.photo(content)
        return self._send(chat, reply_to, photo=photo, **_caption(caption))

    async def send_document(
        self, content: bytes, filename: str, caption: str = "", *, mime_type: str | None = None,
        reply_to: int | MessageView | None = None, chat: int | None = None,
    ) -> MessageView:  # fmt: skip
        """Sent as a file: byte for byte."""
        document = await self._exchange.files.document(content, filename, mime_type)
        return self._send(chat, reply_to, document=document, **_caption(caption))

    async def send_album(
        self, photos: Sequence[bytes], caption: str = "", *, reply_to: int | MessageView | None = None,
        chat: int | None = None,
    ) -> list[MessageView]:  # fmt: skip
        """Two to ten photos as one act; the caption stands under the first."""
        contents = [{"photo": await self._exchange.files.photo(photo)} for photo in photos]
        return self._album(contents, caption, reply_to, chat)

    async def send_files(
        self, files: Sequence[tuple[bytes, str]], caption: str = "", *, reply_to: int | MessageView | None = None,
        chat: int | None = None,
    ) -> list[MessageView]:  # fmt: skip
        """Two to ten documents (content, name) as one act."""
        contents = [{"document": await self._exchange.files.document(*file)} for file in files]
        return self._album(contents, caption, reply_to, chat)

    async def edit_message(
        self, message: int | MessageView, text: str, *, chat: int | None = None
    ) -> MessageView:
        """Change one's own text or caption."""
        result = self._exchange.chats.message(chat or self.id, id_of(message))
        if result is None or result["from"]["id"] != self.id:
            raise PhoneRefusal("not a message of one's own")
        self._act()
        plain, marked = entities.finished(text, [])
        if "text" in result:
            result = self._exchange.chats.edit(result, text=plain, entities=marked or None)
        else:
            result = self._exchange.chats.edit(result, **_caption(text))
        self._exchange.tell_message(result, edited=True)
        self._exchange.settle()
        return self._shown(result)

    async def edit_into_photo(
        self, message: int | MessageView, content: bytes, caption: str = ""
    ) -> MessageView:
        """Change one's own text into a photo with a caption: Telegram tells it as an edit without text."""
        result = self._exchange.chats.message(self.id, id_of(message))
        if result is None or result["from"]["id"] != self.id:
            raise PhoneRefusal("not a message of one's own")
        self._act()
        photo = await self._exchange.files.photo(content)
        result = self._exchange.chats.edit(result, text=None, entities=None, photo=photo, **_caption(caption))
        self._exchange.tell_message(result, edited=True)
        self._exchange.settle()
        return self._shown(result)

    async def move_live(self, message: int | MessageView, latitude: float, longitude: float) -> MessageView:
        """The live location that one shares goes on to another place."""
        result = self._exchange.chats.message(self.id, id_of(message))
        if result is None or not result.get("location", {}).get("live_period"):
            raise PhoneRefusal("no live location of one's own")
        self._act()
        location = {**result["location"], "latitude": latitude, "longitude": longitude}
        result = self._exchange.chats.edit(result, location=location)
        self._exchange.tell_message(result, edited=True)
        self._exchange.settle()
        return self._shown(result)

    async def sticker(self, emoji: str = "👍", *, chat: int | None = None) -> MessageView:
        return self._send(chat, None, sticker=self._exchange.files.sticker(emoji))

    async def voice(self, content: bytes = b"OggS", *, chat: int | None = None) -> MessageView:
        return self._send(chat, None, voice=self._exchange.files.voice(content))

    async def dice(self, value: int = 6, *, chat: int | None = None) -> MessageView:
        return self._send(chat, None, dice={"emoji": "🎲", "value": value})

    async def send_web_app_data(self, button_text: str, data: str) -> MessageView:
        """What a web app opened from the keyboard sends back (`sendData`)."""
        return self._send(None, None, web_app_data={"button_text": button_text, "data": data})

    async def send_raw(
        self, *, chat: int | None = None, reply_to: int | MessageView | None = None, **content: Any
    ) -> MessageView:
        """A message with any fields of the Bot API's Message: polls, forwards, things not yet invented."""
        return self._send(chat, reply_to, **content)

    async def block(self) -> None:
        self._membership("member", "kicked", blocked=True)

    async def unblock(self) -> None:
        self._membership("kicked", "member", blocked=None)

    def launch(self, url: str) -> str:
        """The address at which a web app opens for this person, with signed initData."""
        query_id = secrets.token_hex(12)
        self._exchange.set(f"query {query_id}", self.id)
        init_data = signed(
            self._exchange.token, self.person.user(), int(self._exchange.clock()), query_id=query_id
        )
        self._exchange.settle()
        return launch_url(url, init_data)

    def _exchange_payload(self, link: str) -> str | None:
        parts = urlsplit(link)
        username = self._exchange.bot["username"].lower()
        if parts.netloc.lower() in ("t.me", "telegram.me") and parts.path.strip("/").lower() == username:
            return parse_qs(parts.query).get("start", [""])[0]
        if parts.scheme == "tg" and parse_qs(parts.query).get("domain", [""])[0].lower() == username:
            return parse_qs(parts.query).get("start", [""])[0]
        return None

    def _act(self) -> None:
        self.acts += 1
        self._mark = self._exchange.chats.revision

    def _send(self, chat: int | None, reply_to: int | MessageView | None, **content: Any) -> MessageView:
        chats = self._exchange.chats
        chat_id = chat or self.id
        if chats.chat(chat_id).get("blocked"):
            raise PhoneRefusal("the bot is blocked on this phone")
        self._act()
        quoted = chats.quoted(chat_id, id_of(reply_to)) if reply_to is not None else None
        if not chats.chat(chat_id)["opened"]:
            chats.change(chat_id, opened=True)
        message = chats.post(chat_id, self.person.user(), reply_to_message=quoted, **content)
        self._exchange.tell_message(message)
        self._exchange.settle()
        return self._shown(message)

    def _album(
        self,
        contents: list[dict[str, Any]],
        caption: str,
        reply_to: int | MessageView | None,
        chat: int | None,
    ) -> list[MessageView]:
        if not 2 <= len(contents) <= 10:
            raise PhoneRefusal("an album has two to ten pictures")
        group = str(secrets.randbelow(10**16))
        contents[0].update(_caption(caption))
        acts = self.acts
        sent = [self._send(chat, reply_to, media_group_id=group, **content) for content in contents]
        self.acts = acts + 1
        return sent

    def _press_inline(self, message: Message, data: str) -> Pressed:
        self._act()
        press_id = self._exchange.presses.begin(self.id)
        press = {
            "id": press_id,
            "from": self.person.user(),
            "message": message,
            "chat_instance": str(message["chat"]["id"] * 7919),
            "data": data,
        }
        self._exchange.tell_press(press)
        self._exchange.settle()
        return Pressed("callback", press_id)

    async def _press_key(self, key: dict[str, Any], chat: int | None) -> Pressed:
        chat_id = chat or self.id
        keyboard = self._exchange.chats.chat(chat_id)["keyboard"]
        if keyboard["markup"].get("one_time_keyboard"):
            self._exchange.chats.change(chat_id, keyboard=None)
        if key.get("request_contact"):
            await self.share_contact(reply_to=keyboard["message_id"])
            return Pressed("contact", self.person.phone_number)
        if key.get("request_location"):
            await self.share_location(*self.person.place, reply_to=keyboard["message_id"], chat=chat)
            return Pressed("location", "{},{}".format(*self.person.place))
        if "web_app" in key:
            self._act()
            return Pressed("web_app", self.launch(key["web_app"]["url"]))
        await self.say(key["text"], chat=chat)
        return Pressed("text", key["text"])

    def _button(
        self, label: str, message_id: int | MessageView | None, chat: int | None
    ) -> tuple[Message | None, dict[str, Any]]:
        places = [
            (shown.raw, button)
            for shown in reversed(self.messages(chat))
            if message_id is None or shown.id == id_of(message_id)
            for row in shown.rows
            for button in row
        ]
        keys = [] if message_id is not None else [(None, key) for row in self.keys(chat) for key in row]
        for fits in (keyboards.is_label, keyboards.holds_label):
            for message, button in [*places, *keys]:
                if fits(button, label):
                    return message, button
        raise PhoneRefusal(f"there is no button {label!r}\n{self.transcript()}")

    def _required(self, chat: int | None) -> MessageView:
        shown = self.last(chat)
        if shown is None:
            raise PhoneRefusal("the bot has said nothing yet")
        return shown

    def _membership(self, old: str, new: str, *, blocked: bool | None) -> None:
        self._act()
        self._exchange.chats.change(self.id, blocked=blocked)
        self._exchange.tell_membership(self.id, self.person.user(), old, new)
        self._exchange.settle()


def _caption(caption: str) -> dict[str, Any]:
    plain, rows = entities.finished(caption, [])
    return {"caption": plain or None, "caption_entities": rows or None}
