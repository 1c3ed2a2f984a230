"""What the chat shows where it carries no evidence: numbers, times, the way to the companion (CHAT_EVIDENCE=off)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import PAGE, moment, short, span
from bot.views.term import line
from locales import Words
from models.queries.card import TaskCard
from models.queries.inbox import InboxLine
from models.queries.pending_decisions import PendingNotice
from models.states import TO_VISIT, NoticeState
from models.states import TaskState as T


def task_list(tasks: Sequence[InboxLine], words: Words, headline: str = "") -> View:
    """The tasks by their numbers."""
    waiting = sum(not line.accepted for line in tasks)
    return View(
        lines(
            bold(headline) if headline else None,
            bold(words("list.title", n=len(tasks))) if tasks else words("list.empty"),
            *[
                words(f"list.{line.when}") + literal(line.number) + " " + _when(line, words)
                for line in tasks[:PAGE]
            ],
        ),
        rows(
            *[[button(line.number, Act.OPEN, line.id)] for line in tasks[:PAGE]],
            [button(words("button.accept_all", n=waiting), Act.ACCEPT_ALL, style="success")]
            if waiting > 1
            else None,
            [button(words("button.phone"), Act.PHONE, 0)],
        ),
    )


def _when(line: InboxLine, words: Words) -> str:
    return moment(line.visit_from, words) if line.visit_from else ""


def task(card: TaskCard, words: Words, headline: str = "") -> View:
    """A task: number, time, state; what can be said with one tap, everything else on the phone."""
    asked = bool(card.proposal and not card.me.leader and card.state in TO_VISIT and card.me.agreed is None)
    return View(
        lines(
            bold(headline) if headline else None,
            words.html("card.number", number=card.number),
            _time(card, words),
            words("card.state", state=words(f"state.{card.state}")),
            words("card.due", due=short(card.due, words)) if card.state == T.CONCLUDED and card.due else None,
            words("bare.on_the_phone"),
        ),
        rows(
            [button(words("button.accept"), Act.ACCEPT, card.id, style="success")]
            if not card.me.accepted and card.state in TO_VISIT
            else None,
            [
                button(words("button.can"), Act.REPLY, card.id, 1, style="success"),
                button(words("button.cannot"), Act.REPLY, card.id, 0, style="danger"),
            ]
            if asked
            else None,
            [button(words("button.phone"), Act.PHONE, card.id), button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _time(card: TaskCard, words: Words) -> str:
    if card.proposal and card.proposed_from and card.proposed_until:
        return words("card.proposed", time=span(card.proposed_from, card.proposed_until, words))
    if card.visit_from and card.visit_until:
        return words("card.visit", time=span(card.visit_from, card.visit_until, words))
    return words("card.window", opens=short(card.opens, words), closes=short(card.closes, words))


def notice(letter: PendingNotice, url: str, words: Words) -> View:
    """To the entity: that there is a notice, when the visit is, where to read it."""
    received = letter.state == NoticeState.ACKNOWLEDGED
    return View(
        lines(
            bold(words("bare.notice", number=literal(letter.number))),
            words("card.visit", time=span(letter.begins, letter.ends, words))
            if letter.begins and letter.ends
            else None,
            words("bare.received") if received else None,
        ),
        rows(
            None
            if received
            else [button(words("button.received"), Act.RECEIVED, letter.id, style="success")],
            [Button(words("bare.read"), url=url)] if url else None,
        ),
    )


def told(kind: str, number: str, url: str, words: Words) -> View:
    """To the entity: which step after the visit there is news of, and where it is read and answered."""
    return View(
        lines(bold(words(f"told.{kind}.title")), words.html("card.number", number=number)),
        rows([Button(words("bare.read"), url=url)] if url else None),
    )


def news(
    headline: str,
    numbers: Sequence[str],
    keys: Sequence[list[Button]],
    words: Words,
    due: Sequence[Mapping[str, Any]] = (),
) -> View:
    """That something happened, about which tasks; of what is due, by when."""
    texts = [line(row, words, bare=True) for row in due[:8]] or [
        words.html("card.number", number=number) for number in numbers[:8]
    ]
    return View(lines(bold(headline), *texts), rows(*keys))
