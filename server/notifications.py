"""What an entity is told after the visit, in words: for the chat, a mail, a text message (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from locales import Words, closest, words
from models.district import District
from models.queries.notification import Told, told
from models.refusal import Refusal
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
        found = await told(notification_id, self._now(), self._district)
        if found.overtaken:
            raise Refusal("notification.overtaken", article="16(3)")
        return worded(found, words(closest(language)), self._district)


def worded(found: Told, spoken: Words, district: District) -> Said:
    """The step, what may be done, until when, where, and that nothing is ever paid."""
    url = url_of(found.notice, district) if found.notice else ""
    what = sentence(found, spoken)
    lines = (
        spoken("told.to", target=found.target, number=found.task), what, may(found, spoken),
        spoken("told.where", url=url) if url else spoken("told.no_page"),
        spoken("told.ends", district=district.name, phone=district.complaint_phone),
    )  # fmt: skip
    return Said(
        found.task, found.kind, spoken("told.subject", what=spoken(f"told.{found.kind}.title"), number=found.task),
        "\n".join(line for line in lines if line), _brief(found, spoken, district, url), url,
    )  # fmt: skip


def sentence(found: Told, spoken: Words) -> str:
    """What happened."""
    key = "told.not_visited" if found.kind == "concluded" and not found.visited else f"told.{found.kind}"
    types = spoken.joined(spoken(f"result.{one}") for one in found.types)
    return spoken(key, day=found.day, types=types, reason=found.reason, version=found.version)


def may(found: Told, spoken: Words) -> str:
    """What the entity may do about it, and until when."""
    return spoken(f"told.{found.kind}.may", until=found.until) if spoken.has(f"told.{found.kind}.may") else ""


def _brief(found: Told, spoken: Words, district: District, url: str) -> str:
    until = spoken("told.brief.until", day=f"{found.until:%m-%d}") if found.until else ""

    def said(target: str) -> str:
        what = spoken(f"told.{found.kind}.title")
        return spoken(
            "told.brief", target=target, district=district.name, what=what, until=until, url=url,
            phone=district.complaint_phone,
        )  # fmt: skip

    room = TWO_MESSAGES - units(said(""))
    return said(found.target if units(found.target) <= room else cut(found.target, max(room - 1, 4)))
