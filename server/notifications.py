"""What an entity is told after the visit, in words: for the chat, a mail, a text message (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from locales import Words, closest, words
from models.district import District
from models.queries.notification import EntityNotification, told
from models.refusal import Refusal
from server import orders
from server.letters import TWO_MESSAGES, cut, units, url_of


@dataclass(frozen=True)
class Said:
    """A step in words. `text` is whole; `brief` fits two text messages; `url`: the entity's page, or nothing."""

    number: str
    kind: str
    subject: str
    text: str
    brief: str
    url: str


class Wording:
    """`await wording(notification_id, language)`; refuses what is not true any more."""

    def __init__(self, district: District, now: Callable[[], datetime]) -> None:
        self._district, self._now = district, now

    async def __call__(self, notification_id: int, language: str) -> Said:
        step = await told(notification_id, self._now(), self._district)
        if step.overtaken:
            raise Refusal("notification.overtaken", article="16(3)")
        return worded(step, words(closest(language)), self._district)


def worded(step: EntityNotification, spoken: Words, district: District) -> Said:
    """The step, what may be done, until when, where, and that nothing is ever paid."""
    url = (
        orders.url_of(step.order, district)
        if step.order
        else url_of(step.notice, district)
        if step.notice
        else ""
    )
    what = sentence(step, spoken)
    lines = (
        spoken("told.to", target=step.target, number=step.task), what, may(step, spoken),
        spoken("told.where", url=url) if url else spoken("told.no_page"),
        spoken("told.ends", district=district.name, phone=district.complaint_phone),
    )  # fmt: skip
    return Said(
        step.task, step.kind, spoken("told.subject", what=spoken(f"told.{step.kind}.title"), number=step.task),
        "\n".join(line for line in lines if line), _brief(step, spoken, district, url), url,
    )  # fmt: skip


def sentence(step: EntityNotification, spoken: Words) -> str:
    """What happened."""
    key = "told.not_visited" if step.kind == "concluded" and not step.visited else f"told.{step.kind}"
    if step.answered:
        key += f".{step.answered}"
    types = spoken.joined(spoken(f"result.{type_}") for type_ in step.types)
    return spoken(
        key, day=step.day, types=types, reason=step.reason, version=step.version, number=step.number, order=step.order,
        department=step.department, points=spoken.joined(map(str, step.points)),
    )  # fmt: skip


def may(step: EntityNotification, spoken: Words) -> str:
    """What the entity may do about it, and until when."""
    keys = (f"told.{step.kind}.{step.answered}.may", f"told.{step.kind}.may")
    return next((spoken(key, until=step.until) for key in keys if spoken.has(key)), "")


def _brief(step: EntityNotification, spoken: Words, district: District, url: str) -> str:
    until = spoken("told.brief.until", day=f"{step.until:%m-%d}") if step.until else ""

    def text_for(target: str) -> str:
        what = spoken(f"told.{step.kind}.title")
        return spoken(
            "told.brief", target=target, district=district.name, what=what, until=until, url=url,
            phone=district.complaint_phone,
        )  # fmt: skip

    room = TWO_MESSAGES - units(text_for(""))
    return text_for(step.target if units(step.target) <= room else cut(step.target, max(room - 1, 4)))
