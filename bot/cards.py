"""One message for one thing, edited in place; a new one only when the old cannot be changed (D14, U6)."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.buttons import Act
from bot.callbacks import encode
from bot.plain_bot import Keys, PlainBot
from bot.views import Button, View, legible
from locales import Html
from models.procedure import dialogue

log = logging.getLogger(__name__)

PLAIN = frozenset({"settings", "phone", "trouble", "bare"})  # subjects that never carry evidence
Redactor = Callable[[str], Awaitable[View]]

Locks = WeakValueDictionary[int, asyncio.Lock]
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, Locks] = WeakKeyDictionary()
_seen: dict[
    tuple[int, int], str
] = {}  # chat and message -> what Telegram took from this process to show there
REMEMBERED = 20_000


def _lock_of(chat: int) -> asyncio.Lock:
    """One lock a chat in each event loop: what a loop that is gone held holds nobody up."""
    return _locks.setdefault(asyncio.get_running_loop(), WeakValueDictionary()).setdefault(
        chat, asyncio.Lock()
    )


STAYS = "morning"  # a list of several things: what one of its buttons shows comes below it, the list stays


def stands(subject: str | None) -> bool:
    """Whether the message of this subject stays what it is under a press."""
    return subject is not None and subject.partition(":")[0] == STAYS


class CardBoard:
    """A chat's cards. `secret` seals the buttons for the person of this private chat; without `companion`, where
    the district's address is not one that a phone trusts, the way to the companion is not offered. With a
    `curtain`, what it says of a subject is shown in place of every view that could carry evidence. `district`: whose
    name a button that is too wide leaves out.
    """

    def __init__(
        self, bot: Bot, secret: bytes, chat: int, *, companion: bool = True, curtain: Redactor | None = None,
        district: str = "",
    ) -> None:  # fmt: skip
        self._district = district
        assert isinstance(bot, PlainBot)
        self._bot, self._secret, self._chat, self._companion = bot, secret, chat, companion
        self._curtain = curtain
        self.lock = _lock_of(chat)
        self._held = False

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Nobody else shows anything in this chat meanwhile: what is read in the block still holds when it is shown."""
        async with self.lock:
            self._held = True
            try:
                yield
            finally:
                self._held = False

    async def show(
        self,
        subject: str,
        view: View,
        *,
        place: int | None = None,
        anew: bool = False,
        reply_to: int | None = None,
        quiet: bool = False,
    ) -> int:
        """Show `view` on the card of `subject`, or on the message `place`; `anew`: at the end of the chat.

        Returns the message's id.
        """
        async with nullcontext() if self._held else self.lock:
            return await self.show_within(
                subject, view, place=place, anew=anew, reply_to=reply_to, quiet=quiet
            )

    async def show_within(
        self, subject: str, view: View, *, place: int | None = None, anew: bool = False,
        reply_to: int | None = None, quiet: bool = False,
    ) -> int:  # fmt: skip
        """The same for whoever holds the chat's `lock` already."""
        if self._curtain and subject.partition(":")[0] not in PLAIN:
            view = await self._curtain(subject)
        view = legible(view, self._district)
        card = await dialogue.card(self._chat, subject)
        keys, print_ = self.keys(view), content_hash(view)
        before = card[0] if card else None
        target = place or before
        below = bool(before and reply_to and before > reply_to)  # it came after what it answers (R10)
        if target and (below or not anew):
            if card == (target, print_) and self.sure(target, print_):
                return target
            if await self._edit(target, view, keys, print_):
                await dialogue.placed(self._chat, subject, target, print_, new=False)
                await self._clear(before, but=target)
                return target
            await dialogue.forget(self._chat, target)
        message_id = await self._send(view, reply_to=reply_to, quiet=quiet)
        _seen[self._chat, message_id] = print_
        await dialogue.placed(self._chat, subject, message_id, print_, new=True)
        await self._clear(before, but=message_id)
        return message_id

    def fit(self, view: View) -> View:
        """The view as it is shown: with nothing that no button can carry."""
        return legible(view, self._district)

    @property
    def hides(self) -> bool:
        """Something else is shown in place of every view."""
        return self._curtain is not None

    def sure(self, message: int, print_: str) -> bool:
        """True when this process knows that Telegram shows this. What the database says may be on its way only:
        the process that wrote it may have ended before it said so to Telegram.
        """
        return _seen.get((self._chat, message)) == print_

    async def change_card(
        self, subject: str, message: int, view: View, print_: str, *, before: int | None = None
    ) -> None:
        """Show on its message what the database says already that this card shows; the one `before` it goes away. The
        chat's `lock` is held.
        """
        if not await self._edit(message, view, self.keys(view), print_):
            await dialogue.forget(self._chat, message)
            created = await self._send(view)
            await dialogue.placed(self._chat, subject, created, print_, new=True)
            _seen[self._chat, created] = print_
        await self._clear(before, but=message)

    async def send(self, view: View, *, plain: bool = False) -> int:
        """A message that is no card. `plain`: nothing of an inspection is in it."""
        shown = await self._curtain("") if self._curtain and not plain else view
        return await self._send(legible(shown, self._district))

    async def _send(self, view: View, *, reply_to: int | None = None, quiet: bool = False) -> int:
        return await self._bot.send_card(
            self._chat, Html.escape(view.text), self.keys(view), reply_to=reply_to, quiet=quiet
        )

    async def away(self, message: int) -> None:
        """Take away a message of ours that is no card."""
        async with self.lock:
            if await dialogue.shown_by(self._chat, message) is None:
                await self._clear(message, but=0)

    async def change(self, message: int, view: View) -> None:
        """Change a message that is no card; a new one when that cannot be."""
        view = legible(view, self._district)
        if not await self._edit(message, view, self.keys(view)):
            await self.send(view)

    async def _edit(self, message: int, view: View, keys: Keys, print_: str = "") -> bool:
        _seen.pop((self._chat, message), None)
        try:
            await self._bot.edit_card(self._chat, message, Html.escape(view.text), keys)
        except BadRequest as refused:
            text = refused.message.lower()
            if "not modified" in text:
                return self._seen_at(message, print_)
            if "message" in text and ("not found" in text or "can't be edited" in text or "no text" in text):
                return False
            raise
        return self._seen_at(message, print_)

    def _seen_at(self, message: int, print_: str) -> bool:
        _seen[self._chat, message] = print_
        while len(_seen) > REMEMBERED:
            del _seen[next(iter(_seen))]
        return True

    async def _clear(self, message: int | None, *, but: int) -> None:
        """Take the old card away, so that only one of them has buttons. No row says any more that it is one."""
        if message is None or message == but:
            return
        try:
            await self._bot.delete_message(self._chat, message)
        except (BadRequest, Forbidden) as refused:
            log.debug("an old card stays: %s", refused.message)

    def keys(self, view: View) -> Keys:
        shown = [
            [button for button in row if self._companion or button.act != Act.PHONE] for row in view.rows
        ]
        return [[self._key(button) for button in row] for row in shown if row]

    def _key(self, button: Button) -> dict[str, Any]:
        if button.url:
            return {"text": button.label, "url": button.url}
        if button.copy:
            return {"text": button.label, "copy_text": {"text": button.copy[:256]}}
        assert button.act is not None
        data = encode(self._secret, self._chat, button.act, *button.args)
        style = {"style": str(button.style)} if button.style else {}
        return {"text": button.label, "callback_data": data, **style}


def content_hash(view: View) -> str:
    """By which it is known whether a card shows this already."""
    return hashlib.sha256(repr(view).encode("utf-8", "surrogatepass")).hexdigest()
