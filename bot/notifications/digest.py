"""召集人月报 in the convenor's chat: the month's headline, the way to the page and to the paper (Art. 5, 6, 21)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, lines, literal, rows
from models.queries.digest import monthly
from models.rules.actor import Role


async def _digest(parcel: OutgoingNotification) -> None:
    month, words, district = parcel.payload["month"], parcel.words, parcel.services.district
    digest = await monthly(month, parcel.at)
    headline = words(
        "digest.chat",
        n=digest.report.tasks,
        meetings=len(digest.meetings),
        open=len(digest.open),
        late=digest.late,
    )
    page = [Button(words("button.console"), url=district.link("/console/conference"))]
    paper = Button(
        words("digest.page.pdf", month=month), url=district.link(f"/console/conference/digest-{month}.pdf")
    )
    subject = bold(words("digest.subject", district=literal(district.name, 60), month=month))
    of_office = parcel.by.role == Role.OFFICE
    await parcel.news(View(lines(subject, headline), rows(page, [paper] if of_office else None)))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {"digest": _digest}
