"""What is said of a photo: what it is worth, what would raise that, where it belongs (D33, D34)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import View, bold, button, joined, lines, literal, rows, tagged
from locales import Words
from models.queries.question import QuestionCard
from models.rules import checklist
from models.rules.checklist import Ask, Gap
from models.rules.photo import Doubt, Grade, MeasuredDoubt

MOST, ROOM, FIRST = (
    90,
    2400,
    6,
)  # a card of Telegram holds a hundred buttons; characters of all texts; lines of their own
SAID = (Doubt.UNREADABLE, Doubt.NO_DATUM, Doubt.FAR, Doubt.CLOCK_OFF, Doubt.FORWARDED)


def kept(count: int, number: int | None, grade: Grade, doubts: Sequence[MeasuredDoubt], words: Words) -> str:
    """One line of news above the card (HTML)."""
    texts = [
        words("photo.kept", n=count, number=number) if number else words("photo.kept_unplaced", n=count),
        words(f"photo.grade.{grade}"),
        *[words(f"photo.doubt.{m.doubt}", amount=abs(m.amount or 0)) for m in doubts if m.doubt in SAID],
    ]
    return joined("", texts)


def place(card: QuestionCard, news: str, words: Words) -> View:
    """属于哪一项? The questions that still lack a photo come first; each stands with its text beside its number."""
    mine = card.sheet.on_site(card.department)
    asks = sorted(mine, key=lambda ask: (not _lacks(card, ask), ask.number))[:MOST]
    keys = [
        button(
            words("photo.place_key" if not _lacks(card, ask) else "photo.place_due", number=ask.number),
            Act.PLACE,
            card.id,
            ask.number,
        )
        for ask in asks
    ]
    longest = ROOM // max(24, len(asks))  # whole, as long as a card of Telegram has room for it
    texts = [words("photo.place_line", number=ask.number, text=literal(ask.text, longest)) for ask in asks]
    return View(
        lines(
            news,
            bold(words("photo.where")),
            literal(card.target, 60),
            *texts[:FIRST],
            tagged("blockquote expandable", joined("　", texts[FIRST:])) if texts[FIRST:] else None,
        ),
        rows(
            *[keys[i : i + 3] for i in range(0, len(keys), 3)], [button(words("button.grades"), Act.GRADES)]
        ),
    )


def _lacks(card: QuestionCard, ask: Ask) -> bool:
    given = card.sheet.given.get(ask.number)
    return Gap.PHOTO in checklist.gaps(ask, given) or (
        ask.photo == "always" and (given is None or not given.photos)
    )
