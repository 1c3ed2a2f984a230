"""What a chat shows: each view turns a frozen value into text and buttons, and knows nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.buttons import Act, Value
from locales import Html
from models.rules import text as writing

TEXT = 4096
CUT = 280
WIDEST = 18.0  # of a button, in Chinese characters


@dataclass(frozen=True, slots=True)
class Button:
    """An act with its numbers, an address to open, or a text to copy. `style`: success, danger, primary; `short`: what
    stands on it, instead of a number, where the label is too wide.
    """

    label: str
    act: Act | None = None
    args: tuple[Value, ...] = ()
    url: str = ""
    copy: str = ""
    style: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Telegram's HTML (what is not `Html` is shown literally) and the rows of buttons below it."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


def button(label: str, act: Act, *args: Value, style: str = "", short: str = "") -> Button:
    """A button that does something."""
    return Button(label, act, args, style=style, short=short)


def rows(*given: list[Button] | None) -> tuple[tuple[Button, ...], ...]:
    """Rows of buttons without the empty ones."""
    return tuple(tuple(row) for row in given if row)


def lines(*given: str | None) -> Html:
    """Lines of a card without the empty ones."""
    return Html("\n").join(line for line in given if line)


def joined(sign: str, parts: Iterable[str]) -> Html:
    """The parts with this sign between them."""
    return Html.escape(sign).join(parts)


def tagged(tag: str, text: str) -> Html:
    """`said` inside one of Telegram's tags: `code`, `blockquote expandable`."""
    return Html(f"<{tag}>") + text + Html(f"</{tag.partition(' ')[0]}>")


def bold(text: str) -> Html:
    return tagged("b", text)


def literal(written: Any, longest: int = CUT) -> Html:
    """What a person wrote, shown as written and cut to `longest` UTF-16 units (D23, D24, D25)."""
    return Html.escape(cut(writing.visible(str(written)), longest))


def cut(text: str, longest: int = CUT) -> str:
    """At most `longest` UTF-16 units, whole characters, with … when something is missing."""
    if units(text) <= longest:
        return text
    remaining, used = [], 1
    for character in text:
        used += units(character)
        if used > longest:
            break
        remaining.append(character)
    return "".join(remaining).rstrip() + "…"


def legible(view: View, district: str = "") -> View:
    """Every button with its whole label. One that is too wide loses the district's own name; if that is not enough it is
    numbered, and its label stands in the text under that number: what differs is never cut out of the middle.
    """
    htmls: list[Html] = []
    rows_ = tuple(tuple(_fitted(key, district, htmls) for key in row) for row in view.rows)
    return View(lines(view.text, *htmls), rows_) if htmls else View(view.text, rows_)


def _fitted(key: Button, district: str, htmls: list[Html]) -> Button:
    if width(key.label) <= WIDEST:
        return key
    shorter = key.label.replace(district, "", 1) if district else key.label
    if width(shorter) <= WIDEST:
        return replace(key, label=shorter)
    short = key.short or str(len(htmls) + 1)
    line = literal(key.label, 200)
    htmls.append(line if key.label.startswith(short) else literal(short) + ". " + line)
    return replace(key, label=short)


def width(text: str) -> float:
    """In Chinese characters; a narrow one counts half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def bar(done: int, all: int) -> str:
    """▓▓▓▓▓▓▓░░░░░: one sign a question, twelve at most."""
    width = min(all, 12)
    full = done * width // all if all else 0
    return "▓" * full + "░" * (width - full)
