"""What a message belongs to: by what it answers, by what was open when it was sent, by the part before it (F5, D3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from telegram import Message

from bot.handlers.current_task import task_for
from bot.turn import Turn
from bot.views import units
from locales import LANGUAGES, words
from models.procedure import dialogue
from models.procedure.dialogue import OpenPrompt
from models.queries.card import TaskCard
from models.queries.typed_answer import TypedAnswer, pictured_by, typed_by, unplaced_by
from models.refusal import Refusal

LONGEST, SPLIT_FROM = 4096, 2048  # Telegram's clients split what is longer, at a good place before its end
TOGETHER = timedelta(seconds=3)


def passed_on(message: Message) -> bool:
    """True for what somebody else wrote or made: passed on, or made by a bot."""
    return message.forward_origin is not None or message.via_bot is not None


def source(turn: Turn, message: Message) -> str:
    return f"chat:{turn.chat}:{message.message_id}"


async def replied_to(turn: Turn, message: Message) -> tuple[int, int, TypedAnswer | None] | None:
    """Task and question of the message that this one answers, and the answer that it gave. Refused where it answers a
    photo that belongs to no question yet.
    """
    replied = message.reply_to_message
    if replied is None:
        return None
    came = source(turn, replied)
    if earlier := await pictured_by(came):
        return *earlier, None
    if answered := await typed_by(came):
        return answered.task, answered.question, answered
    if message.text and await unplaced_by(came):
        raise Refusal("photo.place_first", article="16")
    shown = await _on_the_card(turn, replied)
    return (*shown, None) if shown else None


async def _on_the_card(turn: Turn, replied: Message) -> tuple[int, int] | None:
    """Task and question of the card that is answered, whatever was opened since."""
    kind, _, number = (await dialogue.shown_by(turn.chat, replied.message_id) or "").partition(":")
    if kind != "task":
        return None
    _, card = await task_for(turn, number)
    if card.mine is None:
        return None
    question = titled(card, replied.text or "")
    return (card.id, question) if question else None


def titled(card: TaskCard, text: str) -> int | None:
    """The question whose title stands in a card's text."""
    assert card.mine
    head = text.splitlines()
    titles = {
        spoken("question.title", number=ask.number, section=card.mine.name): ask.number
        for spoken in map(words, LANGUAGES)
        for ask in card.sheet.on_site(card.department)
    }
    return next((n for title, n in titles.items() for line in head if line.startswith(title)), None)


def continued(prompt: OpenPrompt | None, message: Message) -> tuple[OpenPrompt, str] | None:
    """What the text before this one was for, and the sign to join them with, when Telegram split one text in two."""
    last: dict[str, Any] | None = (prompt.data if prompt else {}).get("typed")
    if not last or message.reply_to_message or last["units"] < SPLIT_FROM or message.message_id <= last["id"]:
        return None
    sent = datetime.fromisoformat(last["date"])
    if not timedelta(0) <= message.date - sent <= TOGETHER:
        return None
    return OpenPrompt(last["flow"], last["subject"], last["data"], sent), "" if last[
        "units"
    ] >= LONGEST else "\n"


async def remember(turn: Turn, waiting: OpenPrompt) -> None:
    """What this text was for, in case its second half follows."""
    message = turn.message
    if units(message.text or "") < SPLIT_FROM:
        return
    data = {name: waiting.data[name] for name in ("task", "q", "expects") if name in waiting.data}
    last = {
        "id": message.message_id, "date": message.date.isoformat(), "units": units(message.text or ""),
        "flow": waiting.flow, "subject": waiting.subject, "data": data,
    }  # fmt: skip
    await dialogue.keep(turn.chat, at=turn.at, typed=last)
