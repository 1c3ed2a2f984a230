"""当面送达: the question who received the letter (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.states import TO_VISIT, UNREACHED
from models.states import NoticeState as N
from models.states import TaskState as T


def offer(card: TaskCard, words: Words) -> list[Button] | None:
    """While nobody has been told yet, and after a visit in vain: each try counts for 无法联系."""
    again = card.state == T.UNREACHABLE and card.notice is not None and card.notice != N.WITHHELD
    if card.state not in TO_VISIT or not (card.notice in UNREACHED or again):
        return None
    return [
        button(words("web.phone"), Act.CALLED, card.id),
        button(words("field.handed.title"), Act.HANDED, card.id),
    ]


def handing(card: TaskCard, words: Words) -> View:
    return View(
        lines(bold(words("field.handed.title")), literal(card.target, 80), words("handing.text")),
        rows(
            [button(words("field.handed.nobody"), Act.HANDED, card.id, 1)],
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )
