"""省级平台回执 in the chat: which number and day the platform has the result under (Art. 8)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.states import RECEIPT_DUE, TaskState


def offer(task: int, state: TaskState, words: Words, *, head: bool = False) -> list[Button] | None:
    """From the end of the visit on, before and after the publication; `head`: on the card of the head."""
    if state not in RECEIPT_DUE:
        return None
    return [button(words("button.receipt"), Act.RECEIPT, task, *([True] if head else []))]


def asking(task: int, number: str, target: str, standing: str, words: Words, *, head: bool) -> View:
    """What to type. `standing`: the receipt's number that is there already."""
    back = button(words("button.back"), Act.REVIEW if head else Act.OPEN, task)
    return View(
        lines(
            bold(words("web.receipt")),
            literal(target, 80),
            words.html("card.number", number=number),
            words("receipt.standing", number=literal(standing, 80)) if standing else None,
            words("receipt.write"),
        ),
        rows([back]),
    )
