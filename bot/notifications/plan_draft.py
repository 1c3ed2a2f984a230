"""News of a plan that is drafted: a consent asked for, an objection, every consent there, sent back (Art. 12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import Notification
from bot.views import Button, View, bold, lines, literal, rows
from bot.views import plan_draft as views
from models.queries import plan_drafts
from models.rules.actor import Role


async def _consent_asked(parcel: Notification) -> None:
    found = await plan_drafts.entry(parcel.payload["entry"])
    if found is None:
        return await _gone(parcel)
    link = parcel.services.district.link(f"/console/drafts/{found.draft}")
    await parcel.news(views.entry(found, parcel.by.department, link, parcel.words), f"plan_entry:{found.id}")


async def _complete(parcel: Notification) -> None:
    found = await plan_drafts.draft(parcel.payload["draft"])
    if found is None:
        return await _gone(parcel)
    link = parcel.services.district.link(f"/console/drafts/{found.id}")
    if parcel.by.role == Role.HEAD:
        return await parcel.news(views.ready(found, link, parcel.words), f"plan:{found.id}")
    await _told(parcel, parcel.words("plan_draft.ready", year=found.year), "")


async def _objected(parcel: Notification) -> None:
    found, words = await plan_drafts.entry(parcel.payload["entry"]), parcel.words
    if found is None:
        return await _gone(parcel)
    said = next((one for one in found.participating if one.department == parcel.payload["department"]), None)
    reason = words("asked.reason", reason=literal(said.reason, 300)) if said and said.reason else ""
    title = words(
        "news.plan_objected", department=said.name if said else "", title=literal(found.form.title, 80)
    )
    await _told(parcel, title, reason)


async def _sent_back(parcel: Notification) -> None:
    reason = parcel.words("asked.reason", reason=literal(parcel.payload["reason"], 300))
    await _told(parcel, parcel.words("news.plan_sent_back"), reason)


async def _gone(parcel: Notification) -> None:
    await parcel.news(View(bold(parcel.words("news.plan_entry_gone"))))


async def _told(parcel: Notification, title: str, reason: str) -> None:
    link = parcel.services.district.link(f"/console/drafts/{parcel.payload['draft']}")
    key = [Button(parcel.words("button.console"), url=link)]
    await parcel.news(View(lines(bold(title), reason or None), rows(key)))


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {
    "plan.consent_asked": _consent_asked,
    "plan.complete": _complete,
    "plan.objected": _objected,
    "plan.sent_back": _sent_back,
}
