"""News of a message of one's own that waits, was set aside, or is entered now (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import set_aside as views
from models.procedure import dialogue
from models.queries import set_aside


async def _waiting(parcel: OutgoingNotification) -> None:
    """Said while it waits: what has been entered meanwhile needs no word."""
    update = await set_aside.one(parcel.payload["update"])
    if update and update.state == "waiting":
        await parcel.news(views.waits(update, parcel.words), _card(parcel))


async def _set_aside(parcel: OutgoingNotification) -> None:
    update = await set_aside.one(parcel.payload["update"])
    if update and update.state == "set_aside":
        await parcel.news(views.news(update, parcel.words), _card(parcel))


async def _entered(parcel: OutgoingNotification) -> None:
    """Said where it was said that it waits, and nowhere else."""
    update = await set_aside.one(parcel.payload["update"])
    if update and await dialogue.card(parcel.chat, _card(parcel)):
        await parcel.news(views.entered(update, parcel.words), _card(parcel))


def _card(parcel: OutgoingNotification) -> str:
    return f"update:{parcel.payload['update']}"


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "update.waiting": _waiting,
    "update.set_aside": _set_aside,
    "update.entered": _entered,
}
