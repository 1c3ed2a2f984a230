"""作废: which photo of a question, and for what reason."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.queries.companion import CompanionPhoto

MOST = 90  # a card of Telegram holds a hundred buttons
REASONS = ("place", "blurred", "people", "twice")


def which(card: TaskCard, number: int, photos: Sequence[CompanionPhoto], words: Words) -> View:
    """The photos of a question, oldest first, as the strip on the phone shows them."""
    return View(
        lines(bold(words("void.which", number=number)), literal(card.target, 60)),
        rows(
            *[
                [
                    button(
                        words("void.photo", n=n, time=words.clock(photo.at), grade=photo.grade),
                        Act.VOID_PHOTO,
                        card.id,
                        photo.id,
                    )
                ]
                for n, photo in enumerate(photos[:MOST], 1)
            ],
            [button(words("button.back"), Act.QUESTION, card.id, number)],
        ),
    )


def why(card: TaskCard, photo: CompanionPhoto, words: Words) -> View:
    """A usual reason by a tap, any other typed."""
    return View(
        lines(
            bold(words("void.title", number=photo.question)) + " · " + literal(card.target, 60),
            words("void.text"),
        ),
        rows(
            *[[button(words(f"void.why.{reason}"), Act.VOID_FOR, card.id, reason)] for reason in REASONS],
            [button(words("button.back"), Act.QUESTION, card.id, photo.question or 0)],
        ),
    )
