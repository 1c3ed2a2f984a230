"""News of two joint inspections that may become one: asked for, objected to, merged (Art. 12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, lines, literal, rows
from bot.views import plan_merge as views
from models.queries import plan_merges
from models.queries.plan_merges import EntryMerge


async def _asked(parcel: OutgoingNotification) -> None:
    proposal = await plan_merges.merge(parcel.payload["merge"])
    if proposal is None:
        return
    view = views.proposal(proposal, parcel.by.department, _link(parcel, proposal), parcel.words)
    await parcel.news(view, f"plan_merge:{proposal.id}")


async def _told(parcel: OutgoingNotification) -> None:
    proposal, words = await plan_merges.merge(parcel.payload["merge"]), parcel.words
    if proposal is None:
        return
    head = next((head for head in proposal.heads if head.department == parcel.payload["department"]), None)
    objected = head is not None and head.agreed is False
    title = (
        words("news.merge_objected", department=head.name, title=literal(proposal.form.title, 80))
        if head is not None and objected
        else words(
            "news.merged", ends=literal(proposal.ends_title, 80), title=literal(proposal.form.title, 80)
        )
    )
    reason = (
        words("asked.reason", reason=literal(head.reason, 300)) if head is not None and objected else None
    )
    key = [Button(words("button.console"), url=_link(parcel, proposal))]
    await parcel.news(View(lines(bold(title), reason), rows(key)))


def _link(parcel: OutgoingNotification, proposal: EntryMerge) -> str:
    return parcel.services.district.link(f"/console/merges?year={proposal.year}")


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "plan.merge_asked": _asked,
    "plan.merge_objected": _told,
    "plan.merged": _told,
}
