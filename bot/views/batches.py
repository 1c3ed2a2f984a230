"""A batch's window for the head who may extend it; what became of a draw that was to be voided (Art. 13, 14)."""

from __future__ import annotations

from datetime import date, timedelta

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.windows_ending import EndingBatch

LONGER = (7, 14, 30)


def extend(batch: EndingBatch, today: date, words: Words) -> View:
    """Until when, by one tap each."""
    begin = max(batch.closes, today)
    keys = [
        button(
            words("batch.until", day=short(begin + timedelta(days=days), words)), Act.EXTEND, batch.number,
            int(batch.practice), days,
        )
        for days in LONGER
    ]  # fmt: skip
    return View(
        lines(
            bold(words("batch.extend")),
            literal(batch.title, 80),
            words("batch.closes", day=short(batch.closes, words)),
            words("batch.left", n=batch.left),
            words("batch.extend_text") if batch.open else words("batch.over"),
        ),
        rows(*[[key] for key in keys] if batch.open else [], [button(words("button.list"), Act.LIST, 0)]),
    )


def why(batch: EndingBatch, until: date, words: Words) -> View:
    """The reason is awaited; everybody will read it."""
    return View(
        lines(
            bold(words("batch.why", day=short(until, words))),
            literal(batch.title, 80),
            words("batch.why_text"),
        ),
        rows([button(words("button.back"), Act.EXTEND, batch.number, int(batch.practice))]),
    )


def extended(batch: EndingBatch, words: Words) -> View:
    return View(lines(bold(words("news.extended", day=short(batch.closes, words))), literal(batch.title, 80)))


def desk(batches: tuple[EndingBatch, ...], words: Words) -> tuple[tuple[str, Button], ...]:
    """A line and its key for each window that ends soon."""
    return tuple(
        (
            words("batch.desk", title=literal(batch.title, 60), day=short(batch.closes, words), n=batch.left),
            button(words("batch.desk_key", title=batch.title), Act.EXTEND, batch.number, int(batch.practice)),
        )
        for batch in batches
    )


def void_decided(draw: str, agreed: bool, words: Words) -> View:
    key = "witness.void_agreed" if agreed else "witness.void_declined"
    return View(lines(bold(words(key)), words("witness.draw", draw=literal(draw, 64))))
