"""One update of one person: who they are, what they sent, and how to answer it once."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Bot, CallbackQuery, Message, ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.cards import CardBoard
from bot.deferred import Deferred
from bot.dependencies import Dependencies
from bot.views import View, cut
from locales import Html, Words
from models.operations import inbox
from models.procedure import dialogue
from models.procedure.dialogue import OpenPrompt
from models.queries.person import Person
from models.refusal import Refusal
from models.rules.actor import Actor, Role

log = logging.getLogger(__name__)

TOAST = 200


@dataclass
class Turn:
    """What a handler works with. `at` is the instant of the act, `key()` makes each act of it happen once."""

    update: Update
    bot: Bot
    services: Dependencies
    person: Person
    words: Words
    at: datetime
    table: CardBoard
    adrift: bool = False  # the press came from a message that is no card any more
    beside: bool = False  # it came from a list that stays
    deferred: Deferred | None = None  # the update is one transaction: what it shows goes out after it
    joins: str | None = None  # this text is the second half of the one before: the sign between them
    _acts: int = 0
    _answered: bool = field(default=False)

    @property
    def chat(self) -> int:
        return self.person.telegram_id

    @property
    def press(self) -> CallbackQuery | None:
        return self.update.callback_query

    @property
    def message(self) -> Message:
        """The message that was sent, or under which a button was pressed."""
        message = self.update.effective_message
        assert isinstance(message, Message)
        return message

    @property
    def sent(self) -> datetime:
        """When the message was sent, by our clock."""
        return self.services.telegram_clock.ours(self.message.date)

    @property
    def pressed(self) -> int | None:
        """The card under which a button was pressed."""
        return self.message.message_id if self.press and not (self.adrift or self.beside) else None

    @property
    def retried(self) -> bool:
        """A person had this update tried again: it is older than what is open now."""
        return bool((self.update.api_kwargs or {}).get(inbox.RETRIED))

    def key(self) -> str:
        """A new key for each act of this update, the same ones when it is handled again."""
        self._acts += 1
        return f"u{self.update.update_id}" + (f".{self._acts}" if self._acts > 1 else "")

    def begin_again(self) -> None:
        """Nothing of this update is done yet, or all of it was undone."""
        self._acts = 0

    def actor(self, *roles: Role) -> Actor:
        """The first account of this person in one of `roles`; refused when there is none."""
        actors = self.person.acting(*roles)
        if not actors:
            raise Refusal("actor.role", role=roles[0], allowed=list(roles))
        return actors[0]

    async def prompt(self) -> OpenPrompt | None:
        return self.deferred.prompt if self.deferred else await dialogue.prompt(self.chat)

    async def ask(self, flow: str, subject: str = "", **data: Any) -> None:
        """Wait for what this person types or sends next."""
        if self.deferred:
            standing = self.deferred.prompt
            self.deferred.prompt = await dialogue.ask_after(
                standing, self.chat, flow, subject, at=self.at, **data
            )
        else:
            await dialogue.ask(self.chat, flow, subject, at=self.at, **data)

    async def leave(self) -> OpenPrompt | None:
        """Wait for nothing; what was begun stays as a draft."""
        left = await dialogue.leave(self.chat, at=self.at)
        if self.deferred:
            self.deferred.prompt = await dialogue.prompt(self.chat)
        return left

    async def toast(self, key: str, /, *, alert: bool = False, **params: Any) -> None:
        """Answer the press, once (U7)."""
        await self.answer(self.words(key, **params), alert=alert)

    async def answer(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press with these words, once; a press too old to be answered is let go (D15)."""
        if self.press is None or self._answered:
            return
        if self.deferred:
            self.deferred.answer = self.deferred.answer or (lambda: self.answer(text, alert=alert))
            return
        self._answered = True
        try:
            await self.press.answer(cut(text, TOAST), show_alert=alert)
        except BadRequest as refused:
            if "query" not in refused.message.lower():
                raise
            log.info("a press was too old to be answered")

    async def show(self, subject: str, view: View, *, anew: bool = False, reply: bool = False) -> None:
        """Show a card: on the message that was pressed, else where the subject stands already; after a press
        from an old message at the end of the chat, where it is seen; after a typed line below that line.
        """
        typed = self.update.message is not None and self.update.message.text is not None
        anew = anew or self.adrift or self.beside or typed
        answers = reply or (typed and not (self.message.text or "").startswith("/"))
        reply_to = self.message.message_id if answers else None
        if self.deferred:
            await self.deferred.show(subject, view, anew=anew, reply_to=reply_to)
            return
        await self.table.show(
            subject, view, place=None if anew else self.pressed, anew=anew, reply_to=reply_to
        )

    async def say(
        self, text: str, *, keyboard: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None
    ) -> int:
        """A plain message: `Html`, or text that is shown literally. Its id."""
        message = await self.bot.send_message(
            self.chat, Html.escape(text), parse_mode=ParseMode.HTML, reply_markup=keyboard
        )
        return message.message_id

    async def nod(self) -> None:
        """A thumb on what the person sent: taken. No message is spent on it."""
        if self.deferred:
            self.deferred.nod = self.nod
            return
        try:
            await self.bot.set_message_reaction(self.chat, self.message.message_id, "👍")
        except TelegramError as refused:
            log.debug("no thumb: %s", refused.message)
