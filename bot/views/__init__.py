"""What a chat shows: each view turns a frozen value into text and buttons, and knows nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.callbacks import Act
from locales import Html
from models.rules import text as writing

TEXT = 4096
CUT = 280


@dataclass(frozen=True, slots=True)
class Button:
    """An act with its numbers, an address to open, or a text to copy. `style`: success, danger, primary."""

    label: str
    act: Act | None = None
    args: tuple[int | str, ...] = ()
    url: str = ""
    copy: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Telegram's HTML (what is not `Html` is shown literally) and the rows of buttons below it."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


def button(label: str, act: Act, *args: int | str, style: str = "") -> Button:
    """A button that does something."""
    return Button(label, act, args, style=style)


def rows(*given: list[Button] | None) -> tuple[tuple[Button, ...], ...]:
    """Rows of buttons without the empty ones."""
    return tuple(tuple(row) for row in given if row)


def lines(*given: str | None) -> Html:
    """Lines of a card without the empty ones."""
    return Html("\n").join(line for line in given if line)


def joined(sign: str, parts: Iterable[str]) -> Html:
    """The parts with this sign between them."""
    return Html.escape(sign).join(parts)


def tagged(tag: str, said: str) -> Html:
    """`said` inside one of Telegram's tags: `code`, `blockquote expandable`."""
    return Html(f"<{tag}>") + said + Html(f"</{tag.partition(' ')[0]}>")


def bold(said: str) -> Html:
    return tagged("b", said)


def literal(written: Any, longest: int = CUT) -> Html:
    """What a person wrote, shown as written and cut to `longest` UTF-16 units (D23, D24, D25)."""
    return Html.escape(cut(writing.visible(str(written)), longest))


def cut(said: str, longest: int = CUT) -> str:
    """At most `longest` UTF-16 units, whole characters, with … when something is missing."""
    if units(said) <= longest:
        return said
    kept, used = [], 1
    for character in said:
        used += units(character)
        if used > longest:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def label(said: str, widest: float = 18.0) -> str:
    """A button's label of at most `widest` Chinese characters: names differ at their end, so the middle goes."""
    if width(said) <= widest:
        return said
    head, tail = said[:6], ""
    for character in reversed(said[6:]):
        if width(head + "…" + character + tail) > widest:
            break
        tail = character + tail
    return head + "…" + tail


def width(said: str) -> float:
    """In Chinese characters; a narrow one counts half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in said)


def units(said: str) -> int:
    """Length as Telegram counts it."""
    return len(said.encode("utf-16-le", "surrogatepass")) // 2


def bar(done: int, all: int) -> str:
    """▓▓▓▓▓▓▓░░░░░: one sign a question, twelve at most."""
    width = min(all, 12)
    full = done * width // all if all else 0
    return "▓" * full + "░" * (width - full)
