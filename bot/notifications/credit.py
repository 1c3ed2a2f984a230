"""信用修复 asked for: the head of the department reads it at the desk, where its papers are (Art. 19)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, lines, rows


async def _asked(parcel: OutgoingNotification) -> None:
    text = lines(
        bold(parcel.words("credit.chat.asked")),
        parcel.words.html("card.number", number=parcel.payload["task"]),
    )
    desk = Button(parcel.words("button.console"), url=parcel.services.district.link("/console/credit"))
    await parcel.news(View(text, rows([desk])))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {"credit.asked": _asked}
