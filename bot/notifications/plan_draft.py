"""News of a plan that is drafted: a consent asked for, an objection, every consent there, sent back (Art. 12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, lines, literal, rows
from bot.views import plan_draft as views
from bot.views.task import short
from models.queries import plan_drafts
from models.rules.actor import Role
from models.rules.plan_change import PlanChangeKind


async def _consent_asked(parcel: OutgoingNotification) -> None:
    entry = await plan_drafts.entry(parcel.payload["entry"])
    if entry is None:
        return await _gone(parcel)
    link = parcel.services.district.link(f"/console/drafts/{entry.draft}")
    await parcel.news(views.entry(entry, parcel.by.department, link, parcel.words), f"plan_entry:{entry.id}")


async def _complete(parcel: OutgoingNotification) -> None:
    draft = await plan_drafts.draft(parcel.payload["draft"])
    if draft is None:
        return await _gone(parcel)
    link = parcel.services.district.link(f"/console/drafts/{draft.id}")
    if parcel.by.role == Role.HEAD:
        return await parcel.news(views.ready(draft, link, parcel.words), f"plan:{draft.id}")
    await _told(parcel, parcel.words("plan_draft.ready", year=draft.year), "")


async def _objected(parcel: OutgoingNotification) -> None:
    entry, words = await plan_drafts.entry(parcel.payload["entry"]), parcel.words
    if entry is None:
        return await _gone(parcel)
    consent = next(
        (answer for answer in entry.participating if answer.department == parcel.payload["department"]), None
    )
    reason = words("asked.reason", reason=literal(consent.reason, 300)) if consent and consent.reason else ""
    title = words(
        "news.plan_objected", department=consent.name if consent else "", title=literal(entry.form.title, 80)
    )
    await _told(parcel, title, reason)


async def _sent_back(parcel: OutgoingNotification) -> None:
    reason = parcel.words("asked.reason", reason=literal(parcel.payload["reason"], 300))
    await _told(parcel, parcel.words("news.plan_sent_back"), reason)


async def _changed(parcel: OutgoingNotification) -> None:
    """What an amendment withdrew or widened, with its reason and the public page."""
    told, words = parcel.payload, parcel.words
    title = {"title": literal(told["title"], 120)}
    if told["change"] == PlanChangeKind.WIDENED:
        opens, closes = (short(date.fromisoformat(day), words) for day in told["window"][-2:])
        headline = words("news.plan_widened", opens=opens, closes=closes, **title)
    else:
        headline = words("news.plan_withdrawn", **title)
    reason = words("asked.reason", reason=literal(told["reason"], 300)) if told["reason"] else None
    key = [Button(words("button.console"), url=parcel.services.district.link(f"/plans/{told['entry']}"))]
    await parcel.news(View(lines(bold(headline), reason), rows(key)))


async def _gone(parcel: OutgoingNotification) -> None:
    named = parcel.payload.get("entry")
    await parcel.news(
        View(bold(parcel.words("news.plan_entry_gone"))), f"plan_entry:{named}" if named else ""
    )


async def _told(parcel: OutgoingNotification, title: str, reason: str) -> None:
    link = parcel.services.district.link(f"/console/drafts/{parcel.payload['draft']}")
    key = [Button(parcel.words("button.console"), url=link)]
    await parcel.news(View(lines(bold(title), reason or None), rows(key)))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "plan.consent_asked": _consent_asked,
    "plan.complete": _complete,
    "plan.objected": _objected,
    "plan.sent_back": _sent_back,
    "plan.changed": _changed,
}
