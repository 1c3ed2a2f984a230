"""News of draws and batches: a witness is awaited, a draw is to be voided, a window moved (Art. 13, 14)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import Notification
from bot.views import Button, View, bold, lines, literal, rows
from bot.views import witness as views
from models.procedure import dialogue
from models.queries import ceremony
from models.rules.public.draw import Step


async def _witness(parcel: Notification) -> None:
    found = await ceremony.speaking(parcel.payload["pledge"])
    over = bool(found.value) or found.step in (Step.HELD, Step.VOIDED)
    card = f"witness:{found.id}"
    if over and not await dialogue.card(parcel.chat, card):
        return
    page = parcel.services.district.link(f"/draws/{found.draw}/witness")
    anew = not over and parcel.payload.get("subject") is None
    await parcel.table.show(card, views.asked(found, page, parcel.words), anew=anew, quiet=parcel.quiet)


async def _void_asked(parcel: Notification) -> None:
    found = await ceremony.ceremony(parcel.payload["draw"])
    if found is None or found.void_asked_at is None or found.voided_at is not None:
        return
    link = parcel.services.district.link(f"/console/draws/{found.code}")
    await parcel.news(
        views.void(found.code, found.number, found.title, found.void_reason, link, parcel.words)
    )


async def _extended(parcel: Notification) -> None:
    """The window of a batch moved: who, until when, why."""
    found = await ceremony.batch(parcel.payload["batch"])
    if found is None:
        return
    said = lines(
        bold(parcel.words("news.extended", day=found.closes)),
        literal(found.title, 80),
        parcel.words("asked.reason", reason=literal(parcel.payload["reason"], 300)),
    )
    await parcel.news(View(said, rows()))


async def _closed(parcel: Notification) -> None:
    """A batch is over."""
    found = await ceremony.batch(parcel.payload["batch"])
    if found is None:
        return
    link = parcel.services.district.link(f"/console/batches/{found.code}")
    said = lines(bold(parcel.words("news.closed")), literal(found.title, 80))
    await parcel.news(View(said, rows([Button(parcel.words("button.console"), url=link)])))


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {
    "draw.witness": _witness,
    "draw.void_asked": _void_asked,
    "batch.extended": _extended,
    "batch.closed": _closed,
}
