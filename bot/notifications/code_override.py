"""News of a credit code that waits for a second person's word (Art. 10)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import code_override as views
from models.queries import code_overrides


async def _asked(parcel: OutgoingNotification) -> None:
    proposal = await code_overrides.find(parcel.payload["override"])
    if proposal is None:
        return
    link = parcel.services.district.link("/console/code-overrides")
    view = views.proposal(proposal, parcel.by.mark != proposal.proposed_by, link, parcel.words)
    await parcel.news(view, f"code:{proposal.id}")


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {"code.asked": _asked}
