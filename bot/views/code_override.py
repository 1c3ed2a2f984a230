"""校验位例外 in the chat: a credit code that a second person confirms (Art. 10)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries.code_overrides import OverrideLine


def proposal(asked: OverrideLine, may: bool, console: str, words: Words) -> View:
    """The code, whose it is and why it is to be taken. `may`: the reader is a second person."""
    standing = (
        "waits" if asked.waits else "holds" if asked.holds else "ended" if asked.ended_at else "declined"
    )
    return View(
        lines(
            bold(words("web.override")),
            literal(asked.code, 18),
            words("web.override.expected", digit=asked.expected),
            literal(" · ".join(filter(None, (asked.name, asked.target, asked.department_name))), 200),
            words("asked.reason", reason=literal(asked.reason, 300)),
            words("web.override.what") if asked.waits else None,
            bold(words(f"web.override.{standing}")),
            literal(asked.decision or asked.end_reason, 300) or None,
        ),
        rows(
            [
                button(words("web.override.agree"), Act.CODE_DECIDE, asked.id, 1, style="success"),
                button(words("web.override.decline"), Act.CODE_DECIDE, asked.id, 0, style="danger"),
            ]
            if asked.waits and may
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )  # fmt: skip


def why(asked: OverrideLine, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("override.why")), literal(asked.code, 18)),
        rows([button(words("button.back"), Act.CODE_ASKED, asked.id)]),
    )
