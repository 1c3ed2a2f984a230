"""The head is asked whether a letter may go out (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import span
from locales import Words
from models.queries.pending_decisions import PendingNotice
from models.states import NoticeState


def asked(letter: PendingNotice, console: str, words: Words) -> View:
    """Who is told of what, by whom; agree, or send it back with a reason."""
    time = span(letter.begins, letter.ends, words) if letter.begins and letter.ends else None
    texts = [
        bold(words("approval.title")),
        literal(letter.target, 80),
        words.html("card.number", number=letter.task_number),
        words("card.visit", time=time) if time else None,
        words("approval.by", name=literal(letter.leader, 40)),
    ]
    if letter.state == NoticeState.DRAFTED:
        return View(
            lines(*texts, words("approval.text")),
            rows(
                [
                    button(words("button.approve"), Act.APPROVAL, letter.id, 1, style="success"),
                    button(words("button.send_back"), Act.APPROVAL, letter.id, 0, style="danger"),
                ],
                [Button(words("button.console"), url=console)],
            ),
        )
    sent_back = letter.state == NoticeState.REVOKED
    return View(lines(*texts, bold(words("approval.sent_back" if sent_back else "approval.agreed"))))


def why(letter: PendingNotice, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("approval.why")), literal(letter.target, 80), words("approval.why_text")),
        rows([button(words("button.back"), Act.ASKED_APPROVAL, letter.id)]),
    )
