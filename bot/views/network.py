"""网络检查先行: looked up first, with source and finding, before anybody travels (Art. 16 (1))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import moment
from locales import Words
from models.queries.card import TaskCard
from models.rules.checklist import Ask, Network, ValueKind, settles
from models.states import TaskState

LINES = 8
VERDICTS = {"pass": "success", "fail": "danger", "open": ""}


def asks(card: TaskCard) -> tuple[Ask, ...]:
    """The questions of the officer's department that can be looked up."""
    return tuple(ask for ask in card.sheet.of(card.department) if ask.network != "no")


def overview(card: TaskCard, words: Words, *, text: str = "") -> View:
    """Which questions can be looked up, and what was found."""
    return View(
        lines(
            text or None,
            bold(words("network.title")) + " · " + literal(card.target, 40),
            words("network.text"),
            *[
                words(
                    "network.line",
                    number=ask.number,
                    state=_state(card, ask, words),
                    text=literal(ask.text, 40),
                )
                for ask in asks(card)[:LINES]
            ],
        ),
        rows(
            *[
                [
                    button(
                        words("network.button", number=ask.number, state=_state(card, ask, words)),
                        Act.NETWORK_QUESTION,
                        card.id,
                        ask.number,
                    )
                ]
                for ask in asks(card)
            ],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def _state(card: TaskCard, ask: Ask, words: Words) -> str:
    network = card.sheet.network.get(ask.number)
    return words(f"network.{network.verdict}") if network else words("network.none")


def question(card: TaskCard, data: Mapping[str, Any], words: Words) -> View:
    """One question: first the verdict, then the finding; the source is there already."""
    ask = card.sheet.ask(data["q"])
    network = card.sheet.network.get(ask.number)
    step = data.get("step", "verdict")
    return View(
        lines(
            bold(words("network.question", number=ask.number)) + " · " + literal(card.target, 40),
            literal(ask.text, 200),
            words("question.basis", basis=literal(ask.basis, 90)),
            words(
                "network.source",
                source=literal(data.get("source") or ask.network_source or words("network.no_source"), 80),
            ),
            words(
                "network.found",
                verdict=words(f"network.{network.verdict}"),
                finding=literal(network.finding, 120),
            )
            if network
            else None,
            *(_seen(card, network, words) if network else ()),
            *_enclosed(data, words),
            words("network.chosen", verdict=words(f"network.{data['verdict']}"))
            if step != "verdict" and data.get("verdict")
            else None,
            bold(words(_hint(ask, step, data))),
            words("network.proof_hint")
            if step == "finding" and not (data.get("shot") or data.get("link"))
            else None,
        ),
        rows(*_keys(card, ask, step, data, words), *_ways(card, ask, words)),
    )


def _seen(card: TaskCard, network: Network, words: Words) -> tuple[str | None, ...]:
    """Who looked it up and when, why it was changed, where it was seen: an address as text, never a link (D67)."""
    who = literal(card.authors.get(network.by, network.by), 40)
    return (
        words("network.by", name=who, at=moment(network.at, words)) if network.at else None,
        words("network.link", link=tagged("code", literal(network.link, 120))) if network.link else None,
    )


def _enclosed(data: Mapping[str, Any], words: Words) -> tuple[str | None, ...]:
    """What will go with the finding that is being written down."""
    return (
        words("network.shot_kept") if data.get("shot") else None,
        words("network.link", link=tagged("code", literal(data["link"], 120))) if data.get("link") else None,
    )


def _hint(ask: Ask, step: str, data: Mapping[str, Any]) -> str:
    if step == "finding" and _needs_value(ask, data.get("verdict", "")):
        return f"network.type_value.{ask.kind}"
    return f"network.step.{step}"


def _needs_value(ask: Ask, verdict: str) -> bool:
    return settles(ask, verdict) and ask.kind in (ValueKind.NUM, ValueKind.DATE)


def findings(ask: Ask, verdict: str) -> tuple[str, ...]:
    """Findings to tap; where a number or a date is to be written down, none."""
    if _needs_value(ask, verdict):
        return ()
    return {"pass": ("same",), "fail": ("differs", "missing"), "open": ("site",)}.get(verdict, ())


def _keys(card: TaskCard, ask: Ask, step: str, data: Mapping[str, Any], words: Words) -> list[list[Button]]:
    if step == "verdict":
        network = card.sheet.network.get(ask.number)
        shot = [button(words("button.network_shot"), Act.NETWORK_SHOT, card.id, ask.number)]
        begun = card.state == TaskState.ON_SITE
        return [
            [
                button(words(f"network.{v}"), Act.NETWORK_VERDICT, card.id, ask.number, v, style=style)
                for v, style in VERDICTS.items()
                if not begun or (v == "open" and card.sheet.settled(ask))
            ],
            *([shot] if network and network.screenshot else []),
        ]
    keys: list[list[Button]] = []
    if step == "finding":
        keys = [
            [button(words(f"finding.{key}"), Act.NETWORK_FINDING, card.id, ask.number, key)]
            for key in findings(ask, data["verdict"])
        ]
        keys.append([button(words("button.other_source"), Act.NETWORK_SOURCE, card.id, ask.number)])
    return keys


def _ways(card: TaskCard, ask: Ask, words: Words) -> list[list[Button] | None]:
    online = [asked.number for asked in asks(card)]
    place = online.index(ask.number)
    before, after = online[max(0, place - 1)], online[place + 1] if place + 1 < len(online) else 0
    return [
        [
            *([button(words("button.previous"), Act.NETWORK_QUESTION, card.id, before)] if place else []),
            *([button(words("button.skip"), Act.NETWORK_QUESTION, card.id, after)] if after else []),
        ],
        [
            button(words("button.network_list"), Act.NETWORK, card.id),
            button(words("button.task"), Act.OPEN, card.id),
        ],
    ]


def closing(card: TaskCard, words: Words) -> View:
    """Before the leader ends the network check: what was not looked up goes on to the site."""
    open_ = [
        ask.number for ask in card.sheet.asks if ask.network != "no" and ask.number not in card.sheet.network
    ]
    return View(
        lines(
            bold(words("network.close.title")) + " · " + literal(card.target, 40),
            words("network.close.text", n=len(open_), numbers=words.joined(open_)),
        ),
        rows(
            [button(words("network.close.sure"), Act.NETWORK_CLOSE, card.id, 1, style="success")],
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )
