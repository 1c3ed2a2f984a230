"""CHAT_EVIDENCE=off: of each message only that there is news, and where it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, button
from bot.views import no_evidence as views
from models.queries import inbox
from models.queries.news_subjects import subjects
from models.rules.actor import Role

UNSENT = {"notice.paper"}


async def deliver(kind: str, parcel: OutgoingNotification) -> None:
    """That there is news and about which task; the rest is read on the phone, the console or the notice's page."""
    words = parcel.words
    if kind in UNSENT:
        return
    if kind == "notice" and parcel.by.role == Role.ENTITY:
        await parcel.news(View(""), f"notice:{parcel.payload['notice']}")
        return
    if kind == "notification" and parcel.services.told and "notification" in parcel.payload:
        step = await parcel.services.told(parcel.payload["notification"], words.language)
        await parcel.news(views.told(step.kind, step.number, step.url, words), "bare:" + parcel.key[:60])
        return
    numbers = await subjects(kind, parcel.payload)
    headline = f"bare.kind.{kind}"
    text = words(headline) if words.has(headline) else words("bare.news")
    due = [task for task in parcel.payload.get("tasks") or [] if isinstance(task, dict)]
    view = views.news(text, numbers, await _ways(parcel, numbers), words, due=due)
    await parcel.news(view, "bare:" + hashlib.sha256(parcel.key.encode()).hexdigest()[:24])


async def _ways(parcel: OutgoingNotification, numbers: Sequence[str]) -> list[list[Button]]:
    words = parcel.words
    if parcel.by.role == Role.INSPECTOR:
        lines_ = {line.number: line for line in await inbox.tasks_of(parcel.by.id, parcel.services.now())}
        opened = [[button(number, Act.OPEN, lines_[number].id)] for number in numbers[:8] if number in lines_]
        return [*opened, [button(words("button.phone"), Act.PHONE, 0)]]
    if parcel.by.role in (Role.HEAD, Role.LIAISON, Role.OFFICE):
        return [[Button(words("button.console"), url=parcel.services.district.link("/console/"))]]
    return []
