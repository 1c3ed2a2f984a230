"""What comes out of groups: one that a leader binds is kept, every other one is left after saying why (Art. 15; D20, D30)."""

from __future__ import annotations

from telegram import Bot, ChatMemberUpdated, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError

from bot import identity
from bot.dependencies import Dependencies
from bot.views import team_group as views
from locales import Words, closest, words
from locales.refusals import explain
from models.procedure import dialogue, team_group
from models.queries import person as people
from models.queries import team_group as team_groups
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.team_group import GroupEnd, GroupPlace

OUT = ("left", "kicked")
BINDS = ("start", "bind")


async def group(update: Update, bot: Bot, services: Dependencies) -> None:
    """One update of a group, a forum or a channel. A press there is nobody's (D19)."""
    chat = update.effective_chat
    assert chat
    if update.callback_query:
        await _pressed(update, services)
    if joined := update.my_chat_member:
        await _membership(joined, bot, services)
        return
    message = update.message
    if message and await _moved(message, services):
        return
    if message and (command := command_of(message, bot.username)) and command[0] in BINDS and command[1]:
        await _bind(message, command[1], bot, services)
        return
    if await team_groups.in_chat(chat.id):
        if message:
            await _in_a_bound_group(message, bot, services)
        return
    if not await team_groups.awaited(chat.id, services.now()):
        await identity.leave(chat, bot, services)


def command_of(message: Message, username: str) -> tuple[str, str] | None:
    """A command for this bot as its name and what follows; None for anything else, another bot's among it."""
    text = message.text or ""
    if not text.startswith("/"):
        return None
    named, _, argument = text[1:].partition(" ")
    name, _, whose = named.partition("@")
    if whose and whose.lower() != username.lower():
        return None
    return name.lower(), argument.strip()


async def _pressed(update: Update, services: Dependencies) -> None:
    assert update.callback_query
    await dialogue.forged(update.callback_query.from_user.id, at=services.now())
    try:
        await update.callback_query.answer(words()("error.not_yours"), show_alert=True)
    except TelegramError:
        return


async def _membership(joined: ChatMemberUpdated, bot: Bot, services: Dependencies) -> None:
    """The bot was brought in, taken out, or given other rights."""
    chat, at = joined.chat, services.now()
    if joined.new_chat_member.status in OUT:
        await team_group.gone(chat.id, None, GroupEnd.REMOVED, at=at)
    elif await team_groups.in_chat(chat.id):
        await team_group.try_again(chat.id, at=at)
    elif not await team_group.brought(chat.id, joined.from_user.id, at=at):
        await identity.leave(chat, bot, services)
    services.wake()


async def _moved(message: Message, services: Dependencies) -> bool:
    """The group became a supergroup: told in the old one and in the new one, done once."""
    if message.migrate_to_chat_id:
        await team_group.moved(message.chat.id, message.migrate_to_chat_id, at=services.now())
    elif message.migrate_from_chat_id:
        await team_group.moved(message.migrate_from_chat_id, message.chat.id, at=services.now())
    else:
        return False
    services.wake()
    return True


async def _bind(message: Message, token: str, bot: Bot, services: Dependencies) -> None:
    """The code is good in the leader's own hand alone; whoever else says it hears what everybody hears."""
    chat, spoken = message.chat, _words_of(message)
    try:
        await _bound(message, token, GroupPlace(chat.id, topic_of(message), chat.title or ""), services)
    except Refusal as no:
        await _say(message, explain(no, spoken, {}), bot, spoken)
        ours = await team_groups.in_chat(chat.id) or await team_groups.awaited(chat.id, services.now())
        if not ours:
            await identity.leave(chat, bot, services)
        return
    services.wake()


async def _bound(message: Message, token: str, place: GroupPlace, services: Dependencies) -> None:
    """By that account of whoever sent it to whom the code was given. An anonymous administrator is nobody."""
    user = None if message.sender_chat else message.from_user
    unknown = Refusal("team_group.code", article="15")
    for by in (await people.person(user.id)).acting(Role.INSPECTOR) if user else ():
        try:
            await team_group.bind(token, place, by=by, at=services.now())
            return
        except Refusal as no:
            if no.code != unknown.code:
                raise
    raise unknown


def topic_of(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


async def _in_a_bound_group(message: Message, bot: Bot, services: Dependencies) -> None:
    """Commands are answered with the way into the private chat; what people say to each other is none of ours."""
    if message.forum_topic_reopened:
        await team_group.try_again(message.chat.id, at=services.now())
        services.wake()
    elif command_of(message, bot.username):
        spoken = _words_of(message)
        await _say(message, spoken("group.talk_private"), bot, spoken)


async def _say(message: Message, text: str, bot: Bot, spoken: Words) -> None:
    [[key]] = views.way_in(bot.username, spoken)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(key.label, url=key.url)]])
    try:
        await bot.send_message(
            message.chat.id, text, message_thread_id=topic_of(message), reply_markup=keyboard
        )
    except TelegramError:
        return


def _words_of(message: Message) -> Words:
    return words(closest(message.from_user.language_code if message.from_user else None))
