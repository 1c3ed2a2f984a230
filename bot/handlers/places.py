"""Asking where a person is with Telegram's own key: only its answer is a place just taken (Art. 16 (2))."""

from __future__ import annotations

from telegram import KeyboardButton, ReplyKeyboardMarkup

from bot.turn import Turn
from models.procedure import dialogue


async def ask(turn: Turn, text: str) -> None:
    """Say it, with the key below; its answer is known by the message that it answers."""
    key = KeyboardButton(turn.words("onsite.chat.share"), request_location=True)
    message = await turn.say(
        text, keyboard=ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)
    )
    await dialogue.keep(turn.chat, at=turn.at, place_key=message)
