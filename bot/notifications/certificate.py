"""News that an officer's certificate ends soon (Art. 10)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from bot.notifications.notification import Notification
from bot.views import View, bold, lines, literal
from bot.views.task import short


async def _ends(parcel: Notification) -> None:
    payload, words = parcel.payload, parcel.words
    until = short(date.fromisoformat(payload["until"]), words)
    said = words(
        "news.certificate_text", name=literal(payload["officer"], 80), until=until, left=payload["left"]
    )
    await parcel.news(View(lines(bold(words("news.certificate")), said)))


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {"certificate.ends": _ends}
