"""未能存入的消息: what was set aside, with another try a tap away (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.set_aside import SetAside

LISTED = 8


def set_aside(updates: Sequence[SetAside], words: Words, *, own: bool, console: str = "") -> View:
    """The list. `own`: all of it is the reader's own, so that names are left out."""
    shown = updates[:LISTED]
    return View(
        lines(
            bold(words("set_aside.title", n=len(updates))) if updates else words("set_aside.none"),
            *[
                f"{place}. "
                + what(update, words)
                + ("" if own else " · " + literal(update.name or update.sender, 20))
                for place, update in enumerate(shown, 1)
            ],
            words("set_aside.text") if updates else None,
            words("set_aside.more", n=len(updates) - LISTED) if len(updates) > LISTED else None,
        ),
        rows(
            *[
                [button(words("button.retry", number=place), Act.RETRY, update.update_id)]
                for place, update in enumerate(shown, 1)
            ],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def news(update: SetAside, words: Words) -> View:
    """To the sender: it was not entered, it is not lost, and what to do."""
    return View(
        lines(bold(words("set_aside.news")), what(update, words), words("set_aside.news_text")),
        rows(
            [button(words("button.retry_this"), Act.RETRY, update.update_id, style="primary")],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def waits(update: SetAside, words: Words) -> View:
    """To the sender: it is here, it will be entered by itself."""
    return View(lines(bold(words("set_aside.waits")), what(update, words), words("set_aside.waits_text")))


def entered(update: SetAside, words: Words) -> View:
    return View(lines(bold(words("set_aside.entered")), what(update, words)))


def what(update: SetAside, words: Words) -> str:
    """11:03 的照片「…」."""
    excerpt = words("set_aside.excerpt", text=literal(update.excerpt, 40)) if update.excerpt else ""
    return words("set_aside.line", at=update.since, kind=words(f"set_aside.kind.{update.kind}")) + excerpt
