"""What an official is told without a chat: that there is news, of which task, where to read it (Art. 5-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from locales import closest, words
from models.district import District
from models.rules import text


@dataclass(frozen=True)
class StaffNews:
    """A message for a mail (`subject`, `text`) and for a text message (`brief`)."""

    subject: str
    text: str
    brief: str


class StaffWording:
    """`wording(payload, language)`: from the kind of the message (`word`) and the tasks that its `data` names."""

    def __init__(self, district: District) -> None:
        self._district = district

    def __call__(self, payload: Mapping[str, Any], language: str) -> StaffNews:
        spoken = words(closest(language))
        key = f"bare.kind.{payload['word']}"
        what = spoken(key) if spoken.has(key) else spoken("bare.news")
        data = payload["data"]
        reason = text.visible(str(data.get("reason") or ""))
        tasks = spoken.joined(_tasks(data)) or spoken("staff.no_task")
        said = {
            "what": what, "tasks": tasks, "district": self._district.name, "url": self._district.link("/console/"),
        }  # fmt: skip
        lines = [spoken("staff.text", **said), spoken("staff.reason", reason=reason) if reason else ""]
        return StaffNews(
            spoken("staff.subject", **said), "\n".join(filter(None, lines)), spoken("staff.brief", **said)
        )


def _tasks(payload: Mapping[str, Any]) -> list[str]:
    """The numbers of the tasks that a message is about, however it names them; no more than three."""
    named = payload.get("tasks") or ([payload["task"]] if payload.get("task") else [])
    return [str(one["task"] if isinstance(one, Mapping) else one) for one in named][:3]
