"""What the bot says about itself: name, commands by scope and language, menu button, descriptions."""

from __future__ import annotations

import json
import re
from typing import Any

from server.practice.calls import Call
from server.practice.methods.registry import method
from server.practice.refusals import bad
from server.practice.state import TelegramState

COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DESCRIPTIONS = {
    "description": ("MyDescription", 512),
    "short_description": ("MyShortDescription", 120),
    "name": ("MyName", 64),
}


@method("getMe")
async def get_me(exchange: TelegramState, call: Call) -> Any:
    return {
        **exchange.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut", "close")
async def leave(exchange: TelegramState, call: Call) -> Any:
    return True


def _scope(call: Call) -> str:
    scope = call.tree("scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad("can't parse BotCommandScope")
    return json.dumps([scope, call.text("language_code")], sort_keys=True)


@method("setMyCommands")
async def set_my_commands(exchange: TelegramState, call: Call) -> Any:
    commands = call.tree("commands")
    if not isinstance(commands, list) or len(commands) > COMMANDS:
        raise bad("can't parse commands")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    exchange.set(f"commands {_scope(call)}", commands)
    return True


@method("getMyCommands")
async def get_my_commands(exchange: TelegramState, call: Call) -> Any:
    return exchange.settings.get(f"commands {_scope(call)}", [])


@method("deleteMyCommands")
async def delete_my_commands(exchange: TelegramState, call: Call) -> Any:
    exchange.set(f"commands {_scope(call)}", [])
    return True


def commands_for(exchange: TelegramState, chat: dict[str, Any], language: str) -> list[dict[str, str]]:
    """The commands a person sees: the narrowest scope that was set, in the language first."""
    kind = "all_private_chats" if chat["type"] == "private" else "all_group_chats"
    scopes: list[dict[str, Any]] = [
        {"type": "chat", "chat_id": chat["id"]},
        {"type": kind},
        {"type": "default"},
    ]
    for scope in scopes:
        for code in (language[:2], ""):
            if result := exchange.settings.get(f"commands {json.dumps([scope, code], sort_keys=True)}"):
                return list(result)
    return []


@method("setChatMenuButton")
async def set_chat_menu_button(exchange: TelegramState, call: Call) -> Any:
    button = call.tree("menu_button") or {"type": "default"}
    if button.get("type") == "web_app" and not str(button.get("web_app", {}).get("url", "")).startswith(
        ("https://", "http://") if exchange.http_web_apps else "https://"
    ):
        raise bad("menu button Web App URL is invalid: Only HTTPS links are allowed")
    exchange.set(f"menu {call.chat_id or 0}", button)
    if call.chat_id:
        exchange.chats.touched.add(call.chat_id)
    return True


@method("getChatMenuButton")
async def get_chat_menu_button(exchange: TelegramState, call: Call) -> Any:
    return menu_button(exchange, call.chat_id or 0)


def menu_button(exchange: TelegramState, chat_id: int) -> dict[str, Any]:
    for place in (chat_id, 0):
        button = exchange.settings.get(f"menu {place}", {"type": "default"})
        if button["type"] != "default":
            return dict(button)
    return {"type": "commands"}


def _describe(field: str, name: str, longest: int) -> None:
    @method(f"set{name}")
    async def change(exchange: TelegramState, call: Call) -> Any:
        if len(call.text(field)) > longest:
            raise bad(f"{field} is too long")
        exchange.set(f"{field} {call.text('language_code')}", call.text(field))
        return True

    @method(f"get{name}")
    async def show(exchange: TelegramState, call: Call) -> Any:
        return {field: exchange.settings.get(f"{field} {call.text('language_code')}", "")}


for _field, (_name, _longest) in _DESCRIPTIONS.items():
    _describe(_field, _name, _longest)
