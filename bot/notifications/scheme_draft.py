"""News of a scheme: a signature asked for, an objection, in force; a batch that nobody will draw (Art. 13)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, lines, literal, rows
from bot.views import scheme_draft as views
from models.queries import ceremony, scheme_drafts


async def _sign_asked(parcel: OutgoingNotification) -> None:
    draft = await scheme_drafts.draft(parcel.payload["draft"])
    if draft is None:
        return
    link = parcel.services.district.link(f"/console/schemes/drafts/{draft.id}")
    short = await scheme_drafts.shortages(draft, most=parcel.services.district.visits_a_year)
    view = views.draft(draft, parcel.by.department, link, parcel.words, short)
    await parcel.news(view, f"scheme:{draft.id}")


async def _objected(parcel: OutgoingNotification) -> None:
    draft = await scheme_drafts.draft(parcel.payload["draft"])
    if draft is None:
        return
    line = next((line for line in draft.crews if line.department == parcel.payload["department"]), None)
    reason = parcel.words("asked.reason", reason=literal(line.reason, 300)) if line and line.reason else None
    title = parcel.words(
        "scheme.chat.objected", department=line.name if line else "", title=literal(draft.title, 80)
    )
    await _told(parcel, title, reason, f"/console/schemes/drafts/{draft.id}")


async def _in_force(parcel: OutgoingNotification) -> None:
    draft = await scheme_drafts.draft(parcel.payload["draft"])
    if draft is None:
        return
    title = parcel.words("scheme.chat.now_in_force", title=literal(draft.title, 80))
    short = await scheme_drafts.shortages(draft, most=parcel.services.district.visits_a_year)
    lacking = lines(*views.lacking(draft, short, parcel.words)) or None
    await _told(parcel, title, lacking, f"/console/schemes/drafts/{draft.id}")


async def _voided(parcel: OutgoingNotification) -> None:
    batch = await ceremony.batch(parcel.payload["batch"])
    if batch is None:
        return
    title = parcel.words("scheme.chat.voided", code=batch.code, title=literal(batch.title, 80))
    reason = parcel.words("asked.reason", reason=literal(parcel.payload["reason"], 300))
    await _told(parcel, title, reason, f"/console/batches/{batch.code}")


async def _told(parcel: OutgoingNotification, title: str, reason: str | None, at: str) -> None:
    key = [Button(parcel.words("button.console"), url=parcel.services.district.link(at))]
    await parcel.news(View(lines(bold(title), reason), rows(key)))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "scheme.sign_asked": _sign_asked,
    "scheme.objected": _objected,
    "scheme.in_force": _in_force,
    "batch.voided": _voided,
}
