"""未能存入的消息: what was set aside, with another try a tap away (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.set_aside import SetAside

LISTED = 8


def set_aside(found: Sequence[SetAside], words: Words, *, own: bool, console: str = "") -> View:
    """The list. `own`: all of it is the reader's own, so that names are left out."""
    shown = found[:LISTED]
    return View(
        lines(
            bold(words("set_aside.title", n=len(found))) if found else words("set_aside.none"),
            *[f"{place}. " + what(one, words) + ("" if own else " · " + literal(one.name or one.sender, 20))
              for place, one in enumerate(shown, 1)],
            words("set_aside.text") if found else None,
            words("set_aside.more", n=len(found) - LISTED) if len(found) > LISTED else None,
        ),
        rows(
            *[[button(words("button.retry", number=place), Act.RETRY, one.update_id)] for place, one in enumerate(shown, 1)],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def news(one: SetAside, words: Words) -> View:
    """To the sender: it was not entered, it is not lost, and what to do."""
    return View(
        lines(bold(words("set_aside.news")), what(one, words), words("set_aside.news_text")),
        rows(
            [button(words("button.retry_this"), Act.RETRY, one.update_id, style="primary")],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def waits(one: SetAside, words: Words) -> View:
    """To the sender: it is here, it will be entered by itself."""
    return View(lines(bold(words("set_aside.waits")), what(one, words), words("set_aside.waits_text")))


def entered(one: SetAside, words: Words) -> View:
    return View(lines(bold(words("set_aside.entered")), what(one, words)))


def what(one: SetAside, words: Words) -> str:
    """11:03 的照片「…」."""
    excerpt = words("set_aside.excerpt", text=literal(one.excerpt, 40)) if one.excerpt else ""
    return words("set_aside.line", at=one.since, kind=words(f"set_aside.kind.{one.kind}")) + excerpt
