"""News of a message of one's own that waits, was set aside, or is entered now (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import Notification
from bot.views import set_aside as views
from models.procedure import dialogue
from models.queries import set_aside


async def _waiting(parcel: Notification) -> None:
    """Said while it waits: what has been entered meanwhile needs no word."""
    found = await set_aside.one(parcel.payload["update"])
    if found and found.state == "waiting":
        await parcel.news(views.waits(found, parcel.words), _card(parcel))


async def _set_aside(parcel: Notification) -> None:
    found = await set_aside.one(parcel.payload["update"])
    if found and found.state == "set_aside":
        await parcel.news(views.news(found, parcel.words), _card(parcel))


async def _entered(parcel: Notification) -> None:
    """Said where it was said that it waits, and nowhere else."""
    found = await set_aside.one(parcel.payload["update"])
    if found and await dialogue.card(parcel.chat, _card(parcel)):
        await parcel.news(views.entered(found, parcel.words), _card(parcel))


def _card(parcel: Notification) -> str:
    return f"update:{parcel.payload['update']}"


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {
    "update.waiting": _waiting,
    "update.set_aside": _set_aside,
    "update.entered": _entered,
}
