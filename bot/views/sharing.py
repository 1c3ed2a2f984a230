"""分工: a section's questions in pieces, and who takes which; whoever answers is recorded as ever (Art. 7, 15)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import View, bold, button, joined, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.queries.question import QuestionCard

PIECE = 5
PIECES = 24
"""What a card can carry; the rest stays open to all."""


def pieces(card: TaskCard) -> list[list[int]]:
    """The questions of the section that are asked on site, a few at a time."""
    numbers = [ask.number for ask in card.sheet.on_site(card.department)]
    return [numbers[i : i + PIECE] for i in range(0, len(numbers), PIECE)]


def piece_of(card: TaskCard, first: int) -> list[int]:
    """The piece that begins with this question, or holds it by now."""
    return next((piece for piece in pieces(card) if first in piece), [])


def sharing(card: TaskCard, seat: int, words: Words) -> View:
    colleagues = [member for member in card.members if member.department == card.department]
    chosen = next((member for member in colleagues if card.seats.get(member.id) == seat), card.me)
    return View(
        lines(
            bold(words("share.title")) + " · " + literal(card.target, 40),
            *summary(card, words),
            words("share.text", name=literal(chosen.name, 40)),
        ),
        rows(
            *[[button(_piece(card, piece, words), Act.SHARE_SET, card.id, piece[0], seat)] for piece in pieces(card)[:PIECES]],
            [
                button(words("share.for", name=member.name), Act.SHARE, card.id, card.seats[member.id])
                for member in colleagues
                if member.id != chosen.id and member.id in card.seats
            ],
            [button(words("button.jump"), Act.JUMP, card.id), button(words("button.task"), Act.OPEN, card.id)],
        ),
    )  # fmt: skip


def summary(card: TaskCard | QuestionCard, words: Words) -> list[str]:
    """Each officer of the section with the questions taken."""
    taken: dict[str, list[int]] = {}
    for number, name in sorted(card.shared.items()):
        taken.setdefault(name, []).append(number)
    return [
        words("share.line", name=literal(name, 40), numbers=span(numbers)) for name, numbers in taken.items()
    ]


def _piece(card: TaskCard, piece: Sequence[int], words: Words) -> str:
    names = list(dict.fromkeys(card.shared[number] for number in piece if number in card.shared))
    return words("share.piece", numbers=span(piece), who=joined("、", names) or words("share.nobody"))


def span(numbers: Sequence[int]) -> str:
    """1–3、7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
