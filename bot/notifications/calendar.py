"""News of a new list of days off: a term that moved, a visit that falls on a day off (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import View, bold, button, lines, rows
from bot.views.task import short
from models.queries import inbox
from models.rules.actor import Role


async def _due_moved(parcel: OutgoingNotification) -> None:
    payload, words = parcel.payload, parcel.words
    was = short(date.fromisoformat(payload["was"]), words) if payload["was"] else "—"
    due = short(date.fromisoformat(payload["due"]), words)
    await _of_task(parcel, words("news.due_moved"), words("news.due_moved_text", was=was, due=due))


async def _visit_on_day_off(parcel: OutgoingNotification) -> None:
    day = short(date.fromisoformat(parcel.payload["day"]), parcel.words)
    await _of_task(parcel, parcel.words("news.day_off"), parcel.words("news.day_off_text", day=day))


async def _of_task(parcel: OutgoingNotification, title: str, text: str) -> None:
    """Heads have no card of the task; officers open theirs."""
    number, keys = parcel.payload["task"], []
    if parcel.by.role == Role.INSPECTOR:
        mine = [line for line in await inbox.tasks_of(parcel.by.id, parcel.at) if line.number == number]
        keys = [[button(parcel.words("button.open_task"), Act.OPEN, line.id)] for line in mine]
    await parcel.news(
        View(lines(bold(title), parcel.words.html("card.number", number=number), text), rows(*keys))
    )


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "calendar.due_moved": _due_moved,
    "calendar.visit_on_day_off": _visit_on_day_off,
}
