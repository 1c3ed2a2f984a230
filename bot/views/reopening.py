"""重新打开 a closed section: which, and why."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.queries.question import ChecklistSection


def which(card: TaskCard, sections: Sequence[ChecklistSection], words: Words) -> View:
    """The closed sections that this officer may open; none: what stands in the way."""
    return View(
        lines(
            bold(words("reopen.title")) + " · " + literal(card.target, 60),
            words("reopen.which") if sections else words("reopen.none"),
        ),
        rows(
            *[[button(section.name, Act.REOPEN_OF, card.id, section.department)] for section in sections],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def why(card: TaskCard, section: ChecklistSection, words: Words) -> View:
    """The reason is typed."""
    return View(
        lines(
            bold(words("reopen.of", section=section.name)) + " · " + literal(card.target, 60),
            words("reopen.text"),
            words("reopen.type"),
        ),
        rows([button(words("button.task"), Act.OPEN, card.id)]),
    )
