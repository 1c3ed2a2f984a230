"""The tour of the demonstration: its steps in order, who does each, where it is done, and how far it has come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from locales import words
from models.queries import demo_cast
from models.queries.demo_cast import CastMember, DemoCast
from server.config import Settings
from server.practice.words import words as page_words

STEPS = (
    ("revealed", None),
    ("drawn", None),
    ("verified", None),
    ("accepted", "leader"),
    ("network", "member"),
    ("network_closed", "leader"),
    ("scheduled", "leader"),
    ("acknowledged", "entity"),
    ("arrived", "leader"),
    ("begun", "leader"),
    ("answered", "member"),
    ("signed", "leader"),
    ("concluded", "leader"),
    ("entered", "leader"),
    ("reviewed", None),
    ("agreed", "entity"),
    ("published", None),
)


NAMED = {
    "hold": "web.ceremony.hold",
    "verify": "web.verify.here",
    "accept": "button.accept",
    "network": "button.network",
    "passed": "verdict.pass",
    "same": "finding.same",
    "network_close": "button.network_close",
    "sure": "network.close.sure",
    "days": "button.days",
    "fix": "button.fix",
    "urgent": "short.urgent",
    "received": "button.received",
    "door": "onsite.chat.arrive",
    "code": "onsite.chat.code",
    "in_browser": "button.phone_open",
    "locate": "onsite.chat.locate",
    "share": "onsite.chat.share",
    "back": "button.task",
    "begin": "button.begin",
    "all_here": "button.begin_all",
    "checklist": "button.checklist",
    "finalise": "button.finalise",
    "sheet": "button.sheet",
    "draw_up": "button.sheet_draw",
    "phone_side": "button.phone",
    "sign": "field.record.sign",
    "conclude": "button.conclude",
    "concluded": "conclude.sure",
    "result": "button.result",
    "enter": "button.enter",
    "agree": "web.review.agree",
    "nothing": "button.agree_result",
    "publish": "web.publish",
}
"""What the steps' texts call by name, and the wording that stands on it: a step never names what is not there."""
OWN = ("practice_photo", "as_photo")
"""The same of the practice page itself."""


def on_the_screen(spoken: str) -> dict[str, str]:
    """What stands on each button that a step names, without its numbers."""
    wording = words(spoken)
    page = page_words("zh" if spoken == "zh_Hans" else "en")
    here = {name: wording(key) for name, key in NAMED.items()} | {name: page[name] for name in OWN}
    return {name: label.partition("{")[0].strip() for name, label in here.items()}


def guide(settings: Settings) -> Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]:
    async def steps() -> list[Mapping[str, Any]]:
        cast = await demo_cast.demo_cast()
        if noted(settings).get("verified") == cast.draw:
            cast = replace(cast, done=cast.done | {"verified"})
        return [_step(settings, cast, name, part) for name, part in STEPS]

    return steps


def _actor(cast: DemoCast, name: str, part: str | None) -> CastMember | None:
    """Who does this step: for checklists and results somebody of a department that is not done, the leader last."""
    if name == "answered":
        waiting = [player for player in cast.players if player.department in cast.open_sections]
        return next(iter(waiting), None)
    if name == "entered":
        waiting = [
            player for player in cast.players if player.department in cast.owing and player.part != "leader"
        ]
        return next(iter(waiting), next((player for player in cast.players if player.part == "leader"), None))
    return next((player for player in cast.players if player.part == part), None)


def _step(settings: Settings, cast: DemoCast, name: str, part: str | None) -> Mapping[str, Any]:
    player = _actor(cast, name, part)
    links = {
        "revealed": "/demo/witnesses",
        "drawn": f"/demo/console?next=/console/draws/{quote(cast.draw)}",
        "verified": "/demo/verify",
        "reviewed": f"/demo/console?as=head&next=/console/tasks/{quote(cast.task)}",
        "published": f"/demo/console?as=head&next=/console/tasks/{quote(cast.task)}",
    }
    zh, en = words("zh_Hans"), words("en")
    waiting = {"answered": cast.open_sections, "entered": cast.owing}.get(name, ())
    told = {
        "task": cast.task or "-",
        "target": next((member.name for member in cast.players if member.part == "entity"), "-"),
        "sections": waiting or ["-"],
        "name": player.name if player else "-",
    }
    text = f"demo.step.{name}.text"
    return {
        "title": {"zh": zh(f"demo.step.{name}.title"), "en": en(f"demo.step.{name}.title")},
        "text": {
            "zh": zh(text, **told, **on_the_screen("zh_Hans")),
            "en": en(text, **told, **on_the_screen("en")),
        },
        "phone": phone_number(f"{player.part}:{player.key}") if player else None,
        "link": settings.public + links[name] if name in links else None,
        "done": name in cast.done,
    }


def phone_number(seat: str) -> int:
    """The same phone after every start."""
    return 1000 + int.from_bytes(hashlib.sha256(seat.encode()).digest()[:4], "big") % 8999_000


def marker(settings: Settings) -> Path:
    return settings.folder / "demo.json"


def noted(settings: Settings) -> dict[str, str]:
    """What the folder's note of the demo says."""
    return dict(json.loads(marker(settings).read_text()))


def note(path: Path, created: dict[str, str]) -> None:
    """Write the note; the folder is a demo's from then on."""
    path.write_text(json.dumps(created))
    path.with_suffix(".part").unlink(missing_ok=True)
