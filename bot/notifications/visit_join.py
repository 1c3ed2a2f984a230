"""News of two visits that may become one: asked for, objected to, joined, parted (Art. 15)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import visit_join as views
from models.queries import visit_joins


async def _told(parcel: OutgoingNotification) -> None:
    proposal = await visit_joins.find(parcel.payload["join"])
    if proposal is not None:
        await parcel.news(views.proposal(proposal, parcel.by, parcel.words), f"visit_join:{proposal.id}")


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = dict.fromkeys(
    ("visit.join_asked", "visit.join_objected", "visit.joined", "visit.join_parted"), _told
)
