"""At the door: who has come and how, 不予配合, 无法联系, 改日再查 (Art. 16 (2), 18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import moment
from locales import Words
from models.queries.card import TaskCard
from models.queries.onsite import NonCooperationReport, OnSite, UnreachableReport
from models.rules.cooperation import GROUNDS
from models.states import TaskState as T

REASONS = ("time", "entity", "material")


def door(card: TaskCard, on_site: OnSite, words: Words) -> View:
    """Who has come, and the ways to register."""
    return View(
        lines(
            bold(words("onsite.arrival")) + " · " + literal(card.target, 60),
            *[_arrived(arrival, words) for arrival in on_site.arrivals[-6:]],
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


def _arrived(arrival: Any, words: Words) -> str:
    far = " · " + words("onsite.far") if arrival.far else ""
    away = ""
    if arrival.how == "location" and arrival.distance is None:
        away = " · " + words("onsite.no_distance")
    elif arrival.distance is not None:
        known = "onsite.distance" if arrival.accuracy else "onsite.distance.bare"
        away = " · " + words(known, n=arrival.distance, accuracy=arrival.accuracy)
    return words(
        "onsite.chat.arrived", name=literal(arrival.name, 20), at=words.clock(arrival.at), how=words(f"onsite.how.{arrival.how}")
    ) + away + far  # fmt: skip


def otherwise(card: TaskCard, on_site: OnSite, words: Words) -> View:
    """What stops a visit; what is reported already waits here for a second officer."""
    waiting = [report for report in (on_site.refusal, on_site.absence) if report]
    return View(
        lines(
            bold(words("onsite.otherwise")) + " · " + literal(card.target, 60),
            *[_waits(report, words) for report in waiting],
            None if waiting else words("onsite.chat.otherwise"),
        ),
        rows(
            *[
                [_confirm(report, words)]
                for report in waiting
                if _confirmable(report) and report.by != card.me.id
            ],
            [button(words("onsite.do.refusal"), Act.REFUSAL, card.id)] if not on_site.refusal else None,
            [button(words("onsite.do.absence"), Act.ABSENCE, card.id)] if not on_site.absence else None,
            [button(words("onsite.do.suspend"), Act.SUSPEND, card.id)]
            if card.me.leader and card.state == T.ON_SITE
            else None,
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def _facts(written: str) -> str:
    """In one paragraph: the whole is read on the console."""
    return literal(" ".join(written.split()), 400)


def _kind(report: NonCooperationReport | UnreachableReport) -> str:
    return "refusal" if isinstance(report, NonCooperationReport) else "absence"


def _waits(report: NonCooperationReport | UnreachableReport, words: Words) -> str:
    text = words("onsite.waits.second" if _confirmable(report) else "onsite.waits.photo")
    if not report.waits_for_a_second:
        text = words("onsite.waits.head", name=literal(report.confirmed_name, 20))
    return bold(words(f"onsite.{_kind(report)}")) + " " + text


def _confirmable(report: NonCooperationReport | UnreachableReport) -> bool:
    """A refusal to cooperate is confirmed with its photo alone (Art. 18)."""
    return report.waits_for_a_second and (not isinstance(report, NonCooperationReport) or bool(report.photos))


def _confirm(report: NonCooperationReport | UnreachableReport, words: Words) -> Button:
    act = Act.CONFIRM_REFUSAL if isinstance(report, NonCooperationReport) else Act.CONFIRM_ABSENCE
    return button(words(f"onsite.confirm.{_kind(report)}"), act, report.id, style="success")


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
    text = words("onsite.chat.on" if on else "onsite.chat.off", said=words(f"onsite.chat.ground.{ground}"))
    return button(text, Act.GROUND, card.id, ground)


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


def to_confirm(report: NonCooperationReport | UnreachableReport, words: Words) -> View:
    """The report of a colleague, for somebody who was there too."""
    return View(
        lines(
            *_told(report, words),
            words("onsite.chat.confirm") if _confirmable(report) else _waits(report, words),
        ),
        rows(
            [_confirm(report, words)] if _confirmable(report) else None,
            [button(words("button.open_task"), Act.OPEN, report.task)],
        ),
    )


def to_decide(report: NonCooperationReport, console: str, words: Words) -> View:
    """认定: the head agrees, or says why not."""
    texts = [
        *_told(report, words),
        words("onsite.chat.confirmed", name=literal(report.confirmed_name, 20), n=len(report.photos)),
    ]
    if report.agreed is not None:
        outcome = words(
            "onsite.chat.established" if report.agreed else "onsite.chat.dismissed",
            said=literal(report.said, 300),
        )
        return View(lines(*texts, bold(outcome)))
    return View(
        lines(*texts),
        rows(
            [
                button(words("onsite.do.agree"), Act.REFUSAL_DECIDED, report.id, 1, style="danger"),
                button(words("onsite.do.dismiss"), Act.REFUSAL_DECIDED, report.id, 0),
            ],
            [Button(words("button.console"), url=console)],
        ),
    )


def dismissal(report: NonCooperationReport, words: Words) -> View:
    """The head's reason is awaited."""
    return View(
        lines(*_told(report, words), words("onsite.chat.why_not")),
        rows([button(words("button.back"), Act.ASKED_REFUSAL, report.id)]),
    )


def _told(report: NonCooperationReport | UnreachableReport, words: Words) -> Sequence[str]:
    grounds = report.grounds if isinstance(report, NonCooperationReport) else ()
    return [
        bold(words(f"onsite.{_kind(report)}")) + " · " + literal(report.target, 60),
        words.html("card.number", number=report.number),
        *[literal(words(f"onsite.ground.{ground}"), 80) for ground in grounds],
        tagged("blockquote", _facts(report.facts)),
        words("onsite.reported", name=literal(report.name, 20), at=moment(report.at, words)),
    ]


def desk_line(report: NonCooperationReport, words: Words) -> str:
    return words("onsite.chat.desk", target=literal(report.target, 60))


def desk_key(report: NonCooperationReport, words: Words) -> Button:
    return button(words("onsite.chat.desk_key", target=report.target), Act.ASKED_REFUSAL, report.id)
