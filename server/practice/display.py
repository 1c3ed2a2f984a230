"""What a practice phone shows, as JSON for the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.practice.message_view import MessageView
from server.practice.methods.account import commands_for, menu_button
from server.practice.phone import Phone
from server.practice.state import TelegramState
from server.practice.words import in_language

MESSAGES_SHOWN = 200


def unread(exchange: TelegramState, phone: Phone) -> int:
    """Messages of the bot that came after what was last looked at; edits are not news."""
    read = exchange.chats.chat(phone.id).get("read", 0)
    return sum(shown.from_bot and shown.id > read for shown in phone.messages())


def mark_read(exchange: TelegramState, phone: Phone) -> None:
    newest = max((shown.id for shown in phone.messages()), default=0)
    if exchange.chats.chat(phone.id).get("read", 0) < newest:
        exchange.chats.change(phone.id, read=newest)
        exchange.settle()


def person(exchange: TelegramState, phone: Phone, language: str) -> dict[str, Any]:
    return {
        "id": phone.id,
        "name": phone.person.name,
        "role": in_language(phone.person.role, language),
        "number": phone.person.phone_number,
        "unread": unread(exchange, phone),
    }


def screen(exchange: TelegramState, phone: Phone, language: str) -> dict[str, Any]:
    """Everything needed to draw the phone anew."""
    chat = exchange.chats.chat(phone.id)
    keyboard = chat.get("keyboard")
    return {
        "person": person(exchange, phone, language),
        "bot": {"name": exchange.bot["first_name"], "username": exchange.bot["username"]},
        "opened": chat["opened"],
        "blocked": bool(chat.get("blocked")),
        "messages": [_message(shown) for shown in phone.messages()[-MESSAGES_SHOWN:]],
        "keyboard": keyboard["markup"] if keyboard else None,
        "pinned": chat.get("pinned", [])[-1:],
        "reactions": chat.get("reactions", {}),
        "toasts": [asdict(toast) for toast in exchange.presses.toasts(phone.id)],
        "commands": commands_for(exchange, chat, phone.person.language),
        "menu": menu_button(exchange, phone.id),
    }


def _message(shown: MessageView) -> dict[str, Any]:
    return {**shown.raw, "revision": shown.revision, "mine": shown.mine}
