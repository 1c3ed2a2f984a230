"""News of draws and batches: a witness is awaited, a draw is to be voided, a window moved (Art. 13, 14)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, lines, literal, rows
from bot.views import witness as views
from models.procedure import dialogue
from models.queries import ceremony
from models.rules.public.draw import CeremonyStep


async def _witness(parcel: OutgoingNotification) -> None:
    speaking = await ceremony.speaking(parcel.payload["pledge"])
    over = bool(speaking.value) or speaking.step in (CeremonyStep.HELD, CeremonyStep.VOIDED)
    card = f"witness:{speaking.id}"
    if over and not await dialogue.card(parcel.chat, card):
        return
    page = parcel.services.district.link(f"/draws/{speaking.draw}/witness")
    anew = not over and parcel.payload.get("subject") is None
    await parcel.table.show(
        card, views.asked(speaking, page, parcel.words), anew=anew, quiet=await parcel.quiet()
    )


async def _void_asked(parcel: OutgoingNotification) -> None:
    draw = await ceremony.ceremony(parcel.payload["draw"])
    if draw is None or draw.void_asked_at is None or draw.voided_at is not None:
        return
    link = parcel.services.district.link(f"/console/draws/{draw.code}")
    await parcel.news(views.void(draw.code, draw.number, draw.title, draw.void_reason, link, parcel.words))


async def _extended(parcel: OutgoingNotification) -> None:
    """The window of a batch moved: who, until when, why."""
    page = await ceremony.batch(parcel.payload["batch"])
    if page is None:
        return
    text = lines(
        bold(parcel.words("news.extended", day=page.closes)),
        literal(page.title, 80),
        parcel.words("asked.reason", reason=literal(parcel.payload["reason"], 300)),
    )
    await parcel.news(View(text, rows()))


async def _closed(parcel: OutgoingNotification) -> None:
    """A batch is over."""
    page = await ceremony.batch(parcel.payload["batch"])
    if page is None:
        return
    link = parcel.services.district.link(f"/console/batches/{page.code}")
    text = lines(bold(parcel.words("news.closed")), literal(page.title, 80))
    await parcel.news(View(text, rows([Button(parcel.words("button.console"), url=link)])))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "draw.witness": _witness,
    "draw.void_asked": _void_asked,
    "batch.extended": _extended,
    "batch.closed": _closed,
}
