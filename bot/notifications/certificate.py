"""News that an officer's certificate ends soon, as an older version owed it (Art. 10). The morning word says it now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from bot.notifications.notification import OutgoingNotification
from bot.views import View, bold, lines, literal
from bot.views.task import short


async def _ends(parcel: OutgoingNotification) -> None:
    payload, words = parcel.payload, parcel.words
    until = short(date.fromisoformat(payload["until"]), words)
    text = words(
        "news.certificate_text", name=literal(payload["officer"], 80), until=until, left=payload["left"]
    )
    await parcel.news(View(lines(bold(words("news.certificate")), text)))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {"certificate.ends": _ends}
