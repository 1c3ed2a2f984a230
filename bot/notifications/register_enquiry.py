"""The quarter's question whether the register is still right, with its answers below it (Art. 7, 10)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import register_enquiry as views
from models.procedure.register_enquiry import KIND
from models.queries.register_enquiry import standing


async def _asked(parcel: OutgoingNotification) -> None:
    line = await standing(parcel.by.id)
    if line and line.id == parcel.payload["enquiry"]:
        await parcel.news(views.question(line, parcel.words), f"enquiry:{line.id}")


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {KIND: _asked}
