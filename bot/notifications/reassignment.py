"""News of a task that may go, or has gone, to another team of its area (Art. 15)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import reassignment as views
from models.queries import reassignments


async def _told(parcel: OutgoingNotification) -> None:
    proposal = await reassignments.find(parcel.payload["reassignment"])
    if proposal is not None:
        await parcel.news(views.proposal(proposal, parcel.by, parcel.words), f"reassignment:{proposal.id}")


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = dict.fromkeys(
    ("task.reassignment_asked", "task.reassignment_objected", "task.reassigned"), _told
)
