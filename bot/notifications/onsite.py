"""News of what happened at the door, worded as it goes out (Art. 16 (2), 18)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.buttons import Act
from bot.notifications.notification import Notification
from bot.views import View, bold, button, lines, literal, rows
from bot.views import onsite as views
from bot.views import task as task_views
from models.queries import onsite


async def _refusal_reported(parcel: Notification) -> None:
    found = await onsite.report(parcel.payload["report"])
    await parcel.news(views.to_confirm(found, parcel.words), f"refusal:{found.id}")


async def _absence_reported(parcel: Notification) -> None:
    found = await onsite.missed(parcel.payload["report"])
    await parcel.news(views.to_confirm(found, parcel.words), f"absence:{found.id}")


async def _refusal_asked(parcel: Notification) -> None:
    found = await onsite.report(parcel.payload["report"])
    console = parcel.services.district.link(f"/console/tasks/{found.number}")
    await parcel.news(views.to_decide(found, console, parcel.words), f"refusal:{found.id}")


async def _refusal_decided(parcel: Notification) -> None:
    key = "onsite.chat.established" if parcel.payload["agree"] else "onsite.chat.dismissed"
    await _of_task(parcel, parcel.words(key, said=literal(parcel.payload["said"], 300)))


async def _suspended(parcel: Notification) -> None:
    await _of_task(
        parcel, parcel.words("onsite.chat.suspended", reason=literal(parcel.payload["reason"], 300))
    )


async def _unsent(parcel: Notification) -> None:
    card = await parcel.card(parcel.payload["task"])
    said = [task_views.unsent_line(one, parcel.words) for one in card.unsent]
    if said:
        await _of_task(parcel, lines(parcel.words("onsite.chat.unsent"), *said))


async def _of_task(parcel: Notification, said: str) -> None:
    card = await parcel.card(parcel.payload["task"])
    await parcel.news(
        View(
            lines(bold(said), literal(card.target, 80), parcel.words.html("card.number", number=card.number)),
            rows([button(parcel.words("button.open_task"), Act.OPEN, card.id, style="primary")]),
        )
    )


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {
    "cooperation.reported": _refusal_reported,
    "absence.reported": _absence_reported,
    "cooperation.asked": _refusal_asked,
    "cooperation.decided": _refusal_decided,
    "visit.suspended": _suspended,
    "evidence.unsent": _unsent,
}
