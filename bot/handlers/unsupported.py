"""What nobody asked for: groups, channels, stickers, voices, lines out of place (D20, D29, D30)."""

from __future__ import annotations

from telegram import Bot, Update
from telegram.error import TelegramError

from bot import identity
from bot.dependencies import Dependencies
from bot.turn import Turn
from locales import words
from models.procedure import dialogue


async def group(update: Update, bot: Bot, services: Dependencies) -> None:
    """We talk in private chats only: said once, then gone. A press there is nobody's (D19)."""
    if update.callback_query:
        await dialogue.forged(update.callback_query.from_user.id, at=services.now())
        try:
            await update.callback_query.answer(words()("error.not_yours"), show_alert=True)
        except TelegramError:
            return
    joined = update.my_chat_member
    if joined and joined.new_chat_member.status in ("left", "kicked"):
        return
    if update.effective_chat:
        await identity.leave(update.effective_chat, bot, services)


async def not_taken(turn: Turn) -> None:
    """Voice, sticker, poll, dice: what is accepted; the open question stays open (D29)."""
    if turn.update.message is not None:
        await turn.say(turn.words("stray.not_taken"))


async def unknown_command(turn: Turn) -> None:
    await turn.say(turn.words("stray.command"))


async def nothing_asked(turn: Turn) -> None:
    """A line while nothing was asked: never taken for an answer."""
    await turn.say(turn.words("stray.nothing_asked"))
