"""A resolution of the joint conference was given to a department, or given up (Art. 5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import short
from models.queries import conference
from models.rules.actor import Role


async def _resolved(parcel: OutgoingNotification) -> None:
    line, words = await conference.resolution(parcel.payload["resolution"]), parcel.words
    if line is None:
        return
    title = words(
        "conference.given_up" if line.dropped else "conference.given", department=literal(line.called, 60)
    )
    reason = words("asked.reason", reason=literal(line.report, 300)) if line.dropped else None
    texts = lines(
        bold(title), literal(line.text, 500), words("conference.due", day=short(line.due, words)), reason
    )
    report = [button(words("conference.resolution"), Act.RESOLUTION, line.id, style="primary")]
    desk = [Button(words("button.console"), url=parcel.services.district.link("/console/conference"))]
    of_head = parcel.by.role == Role.HEAD and line.ended is None
    await parcel.news(View(texts, rows(report if of_head else None, desk)))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "conference.resolved": _resolved,
    "conference.dropped": _resolved,
}
