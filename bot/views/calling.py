"""电话告知: the questions whether somebody answered, and who said what (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard


def calling(card: TaskCard, words: Words, *, told: bool) -> View:
    asked = words("calling.said") if told else words("calling.text")
    outcomes = [
        button(words("web.phone.reached.yes"), Act.CALLED, card.id, 1, style="success"),
        button(words("calling.nobody"), Act.CALLED, card.id, 0),
    ]
    return View(
        lines(bold(words("web.phone")), literal(card.target, 80), asked),
        rows(None if told else outcomes, [button(words("button.back"), Act.OPEN, card.id)]),
    )
