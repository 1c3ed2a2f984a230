"""One message on its way to a chat: whose, in which words, and how it is shown (D17, U23)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.buttons import Act
from bot.cards import CardBoard
from bot.dependencies import App, Dependencies
from bot.reader import Recipient
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries import person as people
from models.queries import visits_of_day
from models.queries.card import TaskCard, task_card
from models.rules.actor import Actor


@dataclass
class OutgoingNotification:
    """One message on its way."""

    application: App
    services: Dependencies
    table: CardBoard
    chat: int
    by: Actor
    words: Words
    at: datetime
    payload: dict[str, Any]
    key: str
    kind: str = ""  # of the message
    under: str = ""  # the subject of its card, where it follows what it is about

    async def quiet(self) -> bool:
        """In the quiet hours nothing rings, save a change of a visit of the same day (U23)."""
        hours = self.services.district.quiet_hours
        return hours.hold(self.at) and not await visits_of_day.changed(self.kind, self.payload, self.at)

    async def news(self, view: View, under: str = "") -> None:
        """A message of its own. Under the same subject it is shown once, however often it is handed over."""
        named = under or self.under or "news:" + hashlib.sha256(self.key.encode()).hexdigest()[:24]
        await self.table.show(named, view, quiet=await self.quiet())

    async def recipient(self) -> Recipient:
        """Whose chat this is, in every role that reads there."""
        return Recipient(await people.person(self.chat), self.services, self.words, self.at)

    async def card(self, number: str) -> TaskCard:
        return await task_card(number, self.by.id, self.at)

    async def of_task(
        self,
        headline: str,
        *more: str | None,
        number: str = "",
        keys: list[list[Button]] | None = None,
    ) -> None:
        """A line of news with the way to the task."""
        card = await self.card(number or self.payload["task"])
        view = View(
            lines(
                bold(headline),
                literal(card.target, 80),
                self.words.html("card.number", number=card.number),
                *more,
            ),
            rows(*(keys or []), [button(self.words("button.open_task"), Act.OPEN, card.id, style="primary")]),
        )
        await self.news(view)
