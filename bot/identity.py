"""Who sends this: a person of the register, a stranger, a group. Strangers hear who we are, no more (D30)."""

from __future__ import annotations

from telegram import Bot, Chat, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot import no_evidence
from bot.cards import CardBoard
from bot.dependencies import Dependencies
from bot.turn import Turn
from locales import closest, words
from models.procedure import enrolment
from models.queries import person as people


async def turn_of(update: Update, bot: Bot, services: Dependencies) -> Turn | None:
    """The turn of a person in a private chat; None for groups, channels and whatever has no sender."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None or chat.type != ChatType.PRIVATE or user.is_bot:
        return None
    person = await people.person(user.id)
    language = person.language or closest(user.language_code)
    if person.blocked:
        await enrolment.unblocked(user.id, at=services.now())
    spoken = words(language)
    table = CardBoard(
        bot, services.district.secret, user.id, companion=services.district.trusted,
        curtain=no_evidence.redactor(services, user.id, spoken), district=services.district.name,
    )  # fmt: skip
    turn = Turn(update, bot, services, person, spoken, services.now(), table)
    if update.message and not turn.retried:
        services.telegram_clock.heard(update.message.date, turn.at)
    return turn


async def leave(chat: Chat, bot: Bot, services: Dependencies) -> None:
    """Say once where we talk, and leave a group that nobody told us of (D20, D30)."""
    try:
        await bot.send_message(chat.id, words()("group.private_only", district=services.district.name))
        await bot.leave_chat(chat.id)
    except TelegramError:
        return
