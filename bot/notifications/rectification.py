"""News of orders to rectify: proof to be verified, a term that is over (Art. 17)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import recheck as rechecks
from bot.views import rectification as views
from models.queries import rectification
from models.queries.card import task_card
from models.refusal import Refusal
from models.rules.actor import Role


async def _asked(parcel: OutgoingNotification) -> None:
    """The order as it stands, with the acts of whoever reads it."""
    line = await rectification.line(parcel.payload["rectification"])
    link = parcel.services.district.link(f"/console/tasks/{line.task}#orders")
    head = parcel.by.role == Role.HEAD and parcel.by.department == line.department
    headline = parcel.words(f"news.{parcel.kind}") if parcel.kind in KINDS else ""
    goes = (
        rechecks.offered(line, parcel.by.id, parcel.at, parcel.words)
        if parcel.by.role == Role.INSPECTOR
        else ()
    )
    view = views.order(
        line, parcel.words, console=link, officer=await _serves(parcel, line), head=head, headline=headline, goes=goes
    )  # fmt: skip
    await parcel.news(view, f"rectification:{line.id}")


async def _serves(parcel: OutgoingNotification, line: rectification.OrderLine) -> bool:
    if parcel.by.role != Role.INSPECTOR:
        return False
    try:
        return (await task_card(line.task, parcel.by.id)).department == line.department
    except Refusal:
        return False


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "rectification.handed_in": _asked,
    "rectification.lapsed": _asked,
    "rectification.moved": _asked,
    "rectification.recheck": _asked,
    "rectification.recheck_sign": _asked,
    "rectification.ground_gone": _asked,
}
