"""Ending without a visit: asked once; for a target that is gone, as what, and where that was found (Art. 16 (1))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.rules.online import GONE_TYPES


def sure(card: TaskCard, words: Words) -> View:
    return View(
        lines(bold(words("online.title")), literal(card.target, 80), words("online.text")),
        rows(
            [button(words("online.sure"), Act.END_ONLINE, card.id, 1, style="success")],
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )


def types(card: TaskCard, words: Words) -> View:
    return View(
        lines(bold(words("online.gone")), literal(card.target, 80), words("online.gone_text")),
        rows(
            *[[button(words(f"result.{code}"), Act.GONE_AS, card.id, code)] for code in GONE_TYPES],
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )


def finding(card: TaskCard, result: str, words: Words) -> View:
    return View(
        lines(bold(words(f"result.{result}")), literal(card.target, 80), words("online.type")),
        rows([button(words("button.back"), Act.OPEN, card.id)]),
    )
