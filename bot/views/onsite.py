"""At the door: who has come and how, 不予配合, 无法联系, 改日再查 (Art. 16 (2), 18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import moment
from locales import Words
from models.queries.card import TaskCard
from models.queries.onsite import Missed, OnSite, Report
from models.rules.cooperation import GROUNDS
from models.states import TaskState as T

REASONS = ("time", "entity", "material")


def door(card: TaskCard, found: OnSite, words: Words) -> View:
    """Who has come, and the ways to register."""
    return View(
        lines(
            bold(words("onsite.arrival")) + " · " + literal(card.target, 60),
            *[_arrived(arrival, words) for arrival in found.arrivals[-6:]],
            words("onsite.chat.door"),
        ),
        rows(
            [button(words("onsite.chat.code"), Act.CODE, card.id, style="primary")],
            [
                button(words("onsite.chat.locate"), Act.LOCATE, card.id),
                button(words("onsite.do.by_hand"), Act.BY_HAND, card.id),
            ],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def _arrived(one: Any, words: Words) -> str:
    far = " · " + words("onsite.far") if one.far else ""
    away = ""
    if one.how == "location" and one.distance is None:
        away = " · " + words("onsite.no_distance")
    elif one.distance is not None:
        known = "onsite.distance" if one.accuracy else "onsite.distance.bare"
        away = " · " + words(known, n=one.distance, accuracy=one.accuracy)
    return words(
        "onsite.chat.arrived", name=literal(one.name, 20), at=words.clock(one.at), how=words(f"onsite.how.{one.how}")
    ) + away + far  # fmt: skip


def otherwise(card: TaskCard, found: OnSite, words: Words) -> View:
    """What stops a visit; what is reported already waits here for a second officer."""
    waiting = [one for one in (found.refusal, found.absence) if one]
    return View(
        lines(
            bold(words("onsite.otherwise")) + " · " + literal(card.target, 60),
            *[_waits(one, words) for one in waiting],
            None if waiting else words("onsite.chat.otherwise"),
        ),
        rows(
            *[[_confirm(one, words)] for one in waiting if _confirmable(one) and one.by != card.me.id],
            [button(words("onsite.do.refusal"), Act.REFUSAL, card.id)] if not found.refusal else None,
            [button(words("onsite.do.absence"), Act.ABSENCE, card.id)] if not found.absence else None,
            [button(words("onsite.do.suspend"), Act.SUSPEND, card.id)]
            if card.me.leader and card.state == T.ON_SITE
            else None,
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def _facts(written: str) -> str:
    """In one paragraph: the whole is read on the console."""
    return literal(" ".join(written.split()), 400)


def _kind(one: Report | Missed) -> str:
    return "refusal" if isinstance(one, Report) else "absence"


def _waits(one: Report | Missed, words: Words) -> str:
    said = words("onsite.waits.second" if _confirmable(one) else "onsite.waits.photo")
    if not one.waits_for_a_second:
        said = words("onsite.waits.head", name=literal(one.confirmed_name, 20))
    return bold(words(f"onsite.{_kind(one)}")) + " " + said


def _confirmable(one: Report | Missed) -> bool:
    """A refusal to cooperate is confirmed with its photo alone (Art. 18)."""
    return one.waits_for_a_second and (not isinstance(one, Report) or bool(one.photos))


def _confirm(one: Report | Missed, words: Words) -> Button:
    act = Act.CONFIRM_REFUSAL if isinstance(one, Report) else Act.CONFIRM_ABSENCE
    return button(words(f"onsite.confirm.{_kind(one)}"), act, one.id, style="success")


def refusal(card: TaskCard, data: dict[str, Any], words: Words) -> View:
    """The grounds by taps, the facts typed, the photos sent; then one officer's report."""
    grounds, facts, photos = data.get("grounds", []), data.get("facts", ""), data.get("n", 0)
    return View(
        lines(
            bold(words("onsite.refusal")) + " · " + literal(card.target, 60),
            words("onsite.refusal.text"),
            *[literal(words(f"onsite.ground.{ground}"), 60) for ground in grounds],
            words("onsite.chat.facts", facts=_facts(facts)) if facts else words("onsite.chat.type_facts"),
            words("onsite.chat.photos", n=photos),
        ),
        rows(
            *[[_ground(card, ground, ground in grounds, words)] for ground in GROUNDS],
            [button(words("onsite.do.report"), Act.REPORTED, card.id, style="danger")]
            if grounds and facts
            else None,
            [
                button(words("button.back"), Act.OTHERWISE, card.id),
                button(words("button.task"), Act.OPEN, card.id),
            ],
        ),
    )


def _ground(card: TaskCard, ground: int, on: bool, words: Words) -> Button:
    said = words("onsite.chat.on" if on else "onsite.chat.off", said=words(f"onsite.chat.ground.{ground}"))
    return button(said, Act.GROUND, card.id, ground)


def absence(card: TaskCard, data: dict[str, Any], words: Words) -> View:
    """Photos of the place first, then what was found there."""
    facts, photos = data.get("facts", ""), data.get("n", 0)
    return View(
        lines(
            bold(words("onsite.absence")) + " · " + literal(card.target, 60),
            words("onsite.absence.text"),
            words("onsite.chat.facts", facts=_facts(facts)) if facts else words("onsite.chat.type_place"),
            words("onsite.chat.photos", n=photos),
        ),
        rows(
            [button(words("onsite.do.report"), Act.REPORTED, card.id, style="danger")]
            if facts and photos
            else None,
            [
                button(words("button.back"), Act.OTHERWISE, card.id),
                button(words("button.task"), Act.OPEN, card.id),
            ],
        ),
    )


def suspend(card: TaskCard, words: Words) -> View:
    """Why another day: a tap, or typed."""
    return View(
        lines(
            bold(words("onsite.suspend")) + " · " + literal(card.target, 60),
            words("onsite.suspend.text"),
            words("onsite.chat.suspend"),
        ),
        rows(
            *[
                [button(words(f"onsite.suspend.{reason}"), Act.SUSPEND_FOR, card.id, reason)]
                for reason in REASONS
            ],
            [
                button(words("button.back"), Act.OTHERWISE, card.id),
                button(words("button.task"), Act.OPEN, card.id),
            ],
        ),
    )


def to_confirm(one: Report | Missed, words: Words) -> View:
    """The report of a colleague, for somebody who was there too."""
    return View(
        lines(*_told(one, words), words("onsite.chat.confirm") if _confirmable(one) else _waits(one, words)),
        rows(
            [_confirm(one, words)] if _confirmable(one) else None,
            [button(words("button.open_task"), Act.OPEN, one.task)],
        ),
    )


def to_decide(one: Report, console: str, words: Words) -> View:
    """认定: the head agrees, or says why not."""
    said = [
        *_told(one, words),
        words("onsite.chat.confirmed", name=literal(one.confirmed_name, 20), n=len(one.photos)),
    ]
    if one.agreed is not None:
        outcome = words(
            "onsite.chat.established" if one.agreed else "onsite.chat.dismissed", said=literal(one.said, 300)
        )
        return View(lines(*said, bold(outcome)))
    return View(
        lines(*said),
        rows(
            [
                button(words("onsite.do.agree"), Act.REFUSAL_DECIDED, one.id, 1, style="danger"),
                button(words("onsite.do.dismiss"), Act.REFUSAL_DECIDED, one.id, 0),
            ],
            [Button(words("button.console"), url=console)],
        ),
    )


def dismissal(one: Report, words: Words) -> View:
    """The head's reason is awaited."""
    return View(
        lines(*_told(one, words), words("onsite.chat.why_not")),
        rows([button(words("button.back"), Act.ASKED_REFUSAL, one.id)]),
    )


def _told(one: Report | Missed, words: Words) -> Sequence[str]:
    grounds = one.grounds if isinstance(one, Report) else ()
    return [
        bold(words(f"onsite.{_kind(one)}")) + " · " + literal(one.target, 60),
        words.html("card.number", number=one.number),
        *[literal(words(f"onsite.ground.{ground}"), 80) for ground in grounds],
        tagged("blockquote", _facts(one.facts)),
        words("onsite.reported", name=literal(one.name, 20), at=moment(one.at, words)),
    ]


def desk_line(one: Report, words: Words) -> str:
    return words("onsite.chat.desk", target=literal(one.target, 60))


def desk_key(one: Report, words: Words) -> Button:
    return button(words("onsite.chat.desk_key", target=one.target), Act.ASKED_REFUSAL, one.id)
