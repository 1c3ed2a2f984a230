"""Commands, description, menu button: two commands for strangers, all of them for people of the register (U2-U4)."""

from __future__ import annotations

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    MenuButton,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)

from bot.dependencies import App, dependencies_of
from bot.turn import Turn
from locales import LANGUAGES, words
from models.rules.actor import Role

OPEN = ("start", "help")
IN_GROUPS = ("bind", "help")
BOUND = ("today", "calendar", "groups", "settings", "help", "privacy", "login", "cancel")


async def commands(application: App) -> None:
    """What strangers see: two commands and who we are, in both languages."""
    bot = application.bot
    district = dependencies_of(application).district.name
    for language in LANGUAGES:
        spoken, code = words(language), "zh" if language.startswith("zh") else ""
        await bot.set_my_commands([BotCommand(c, spoken(f"command.{c}")) for c in OPEN], language_code=code)
        await bot.set_my_commands(
            [BotCommand(c, spoken(f"command.group.{c}")) for c in IN_GROUPS],
            BotCommandScopeAllGroupChats(),
            code,
        )
        await bot.set_my_description(spoken("bot.description", district=district), language_code=code)
        await bot.set_my_short_description(
            spoken("bot.short_description", district=district), language_code=code
        )
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def commands_for(turn: Turn) -> None:
    """All commands, for a person of the register, in the language they read."""
    phone = turn.services.district.trusted and turn.person.acting(Role.INSPECTOR)
    staff = turn.person.acting(Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)
    hidden = {"calendar"} if not staff else set()
    hidden |= {"groups"} if not turn.person.acting(Role.INSPECTOR) else set()
    names = tuple(name for name in BOUND if name not in hidden) + (("phone",) if phone else ())
    shown = [BotCommand(name, turn.words(f"command.{name}")) for name in names]
    await turn.bot.set_my_commands(shown, scope=BotCommandScopeChat(turn.chat))
    await turn.bot.set_chat_menu_button(turn.chat, _menu_button(turn))


def _menu_button(turn: Turn) -> MenuButton:
    """The companion, for an officer where it has an address that Telegram opens (https alone); else the commands."""
    place = turn.services.district.link("/field/")
    if turn.person.acting(Role.INSPECTOR) and place.startswith("https:"):
        return MenuButtonWebApp(turn.words("button.companion"), WebAppInfo(place))
    return MenuButtonCommands()
