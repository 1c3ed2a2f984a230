"""News of what happened at the door, worded as it goes out (Art. 16 (2), 18)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import View, bold, button, lines, literal, rows
from bot.views import onsite as views
from bot.views import task as task_views
from models.queries import onsite


async def _refusal_reported(parcel: OutgoingNotification) -> None:
    report = await onsite.report(parcel.payload["report"])
    await parcel.news(views.to_confirm(report, parcel.words), f"refusal:{report.id}")


async def _absence_reported(parcel: OutgoingNotification) -> None:
    report = await onsite.missed(parcel.payload["report"])
    await parcel.news(views.to_confirm(report, parcel.words), f"absence:{report.id}")


async def _refusal_asked(parcel: OutgoingNotification) -> None:
    report = await onsite.report(parcel.payload["report"])
    console = parcel.services.district.link(f"/console/tasks/{report.number}")
    await parcel.news(views.to_decide(report, console, parcel.words), f"refusal:{report.id}")


async def _refusal_decided(parcel: OutgoingNotification) -> None:
    key = "onsite.chat.established" if parcel.payload["agree"] else "onsite.chat.dismissed"
    await _of_task(parcel, parcel.words(key, said=literal(parcel.payload["said"], 300)))


async def _suspended(parcel: OutgoingNotification) -> None:
    await _of_task(
        parcel, parcel.words("onsite.chat.suspended", reason=literal(parcel.payload["reason"], 300))
    )


async def _reopened(parcel: OutgoingNotification) -> None:
    card, code = await parcel.card(parcel.payload["task"]), parcel.payload["department"]
    name = next((section.name for section in card.sections if section.department == code), code)
    reason = literal(parcel.payload["reason"], 300)
    await _of_task(parcel, parcel.words("reopen.told", section=name, reason=reason))


async def _unsent(parcel: OutgoingNotification) -> None:
    card = await parcel.card(parcel.payload["task"])
    texts = [task_views.unsent_line(unsent, parcel.words) for unsent in card.unsent]
    if texts:
        await _of_task(parcel, lines(parcel.words("onsite.chat.unsent"), *texts))


async def _of_task(parcel: OutgoingNotification, text: str) -> None:
    card = await parcel.card(parcel.payload["task"])
    await parcel.news(
        View(
            lines(bold(text), literal(card.target, 80), parcel.words.html("card.number", number=card.number)),
            rows([button(parcel.words("button.open_task"), Act.OPEN, card.id, style="primary")]),
        )
    )


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "cooperation.reported": _refusal_reported,
    "absence.reported": _absence_reported,
    "cooperation.asked": _refusal_asked,
    "cooperation.decided": _refusal_decided,
    "visit.suspended": _suspended,
    "section.reopened": _reopened,
    "evidence.unsent": _unsent,
}
