"""What goes to a bound group: its one status message, pinned and edited; and what its leader hears of it (Art. 15)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.cards import content_hash
from bot.dependencies import App, dependencies_of
from bot.limiter import seconds_of
from bot.notifications.notification import OutgoingNotification
from bot.plain_bot import Keys, PlainBot
from bot.views import View
from bot.views import team_group as views
from locales import Html, Words, closest, words
from models.delivery import TryLater
from models.procedure import dialogue, team_group
from models.queries import team_group as team_groups
from models.queries.team_group import BoundGroup
from models.rules.team_group import GroupEnd, GroupTrouble

log = logging.getLogger(__name__)

GONE = ("chat not found", "group chat was deactivated", "chat_id is empty", "peer_id_invalid")
LOST = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message",
)
NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")
CLOSED = ("topic_closed",)
MUTED = (
    "not enough rights to send",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "have no rights to send",
)


async def deliver(application: App, *, kind: str, chat: int, about: int) -> None:
    """Hand a group what is owed to it. `about`: the row in `team_group`, of `team_group.leave` in `group_code`.

    Raises TryLater (not now). What Telegram will never take is written down as an act, and is done with.
    """
    services = dependencies_of(application)
    bot = application.bot
    assert isinstance(bot, PlainBot)
    try:
        if kind == "team_group.leave":
            await _leave(bot, chat, words()("group.not_bound"))
        else:
            await _of_group(bot, await team_groups.find(about), kind, services.now())
    except RetryAfter as wait:
        raise TryLater(seconds_of(wait), "429") from wait
    except ChatMigrated as group:
        await team_group.moved(chat, group.new_chat_id, at=services.now())
    except Forbidden:
        await team_group.gone(chat, None, GroupEnd.REMOVED, at=services.now())
    except BadRequest as refused:
        await _refused(refused.message.lower(), chat, kind, about, services.now())
    except (NetworkError, TelegramError) as fault:
        raise TryLater(0.0, type(fault).__name__, outage=True) from fault


async def _of_group(bot: PlainBot, group: BoundGroup, kind: str, at: datetime) -> None:
    spoken = words(closest(group.language))
    if kind == "team_group.over":
        await _take_leave(bot, group, spoken)
    elif group.ended_at is None:
        await _show(bot, group, spoken, at)


async def _show(bot: PlainBot, group: BoundGroup, spoken: Words, at: datetime) -> None:
    """The message as things stand: edited where it is, sent anew where it is gone or too old; then pinned."""
    status = await team_groups.status(group.team)
    view = views.status(status, bot.username, spoken, group.trouble)
    before = await dialogue.card(group.chat, _subject(group))
    message, print_ = before[0] if before else None, content_hash(view)
    if message is None or before != (message, print_):
        if message is None or not await _edited(bot, group, message, view):
            message = await bot.send_card(
                group.chat, Html.escape(view.text), _keys(view), quiet=True, topic=group.topic
            )
        await dialogue.shown(group.chat, _subject(group), message, print_)
    await _pin(bot, group, message, at)


async def _edited(bot: PlainBot, group: BoundGroup, message: int, view: View) -> bool:
    try:
        await bot.edit_card(group.chat, message, Html.escape(view.text), _keys(view))
    except BadRequest as refused:
        text = refused.message.lower()
        if "not modified" in text:
            return True
        if any(part in text for part in LOST):
            await dialogue.forget(group.chat, message)
            return False
        raise
    return True


async def _pin(bot: PlainBot, group: BoundGroup, message: int, at: datetime) -> None:
    """Without the right to pin the message stands all the same, and says what is missing, until rights change."""
    trouble, pinned = group.trouble, group.pinned
    if pinned == message or trouble == GroupTrouble.UNPINNED:
        await team_group.noted(group.id, trouble if trouble == GroupTrouble.UNPINNED else None, pinned, at=at)
        return
    try:
        await bot.pin_chat_message(group.chat, message, disable_notification=True)
    except BadRequest as refused:
        log.info("not pinned: %s", refused.message)
        await team_group.noted(group.id, GroupTrouble.UNPINNED, pinned, at=at)
        now = await team_groups.find(group.id)
        view = views.status(
            await team_groups.status(group.team), bot.username, words(closest(group.language)), now.trouble
        )
        await _edited(bot, group, message, view)
        await dialogue.shown(group.chat, _subject(group), message, content_hash(view))
    else:
        await team_group.noted(group.id, None, message, at=at)


async def _take_leave(bot: PlainBot, group: BoundGroup, spoken: Words) -> None:
    """The last words on the message; the bot stays only where another team's status stands."""
    if card := await dialogue.card(group.chat, _subject(group)):
        try:
            await _edited(bot, group, card[0], views.over(group, spoken))
            await bot.unpin_chat_message(group.chat, card[0])
        except BadRequest as refused:
            log.info("an old status stays: %s", refused.message)
        await dialogue.forget(group.chat, card[0])
    if not await team_groups.in_chat(group.chat):
        await bot.leave_chat(group.chat)


async def _leave(bot: PlainBot, chat: int, text: str) -> None:
    if not await team_groups.in_chat(chat):
        await bot.send_message(chat, text)
        await bot.leave_chat(chat)


async def _refused(text: str, chat: int, kind: str, about: int, at: datetime) -> None:
    """What Telegram says about the group itself, as an act; anything else is an error of ours."""
    if any(part in text for part in GONE):
        await team_group.gone(chat, None, GroupEnd.REMOVED, at=at)
    elif kind != "team_group.status":
        log.info("a group was not told: %s", text)
    elif any(part in text for part in NO_TOPIC):
        await team_group.gone(chat, (await team_groups.find(about)).topic, GroupEnd.TOPIC, at=at)
    elif any(part in text for part in CLOSED + MUTED):
        group = await team_groups.find(about)
        trouble = GroupTrouble.CLOSED if any(part in text for part in CLOSED) else GroupTrouble.MUTED
        await team_group.noted(about, trouble, group.pinned, at=at)
    else:
        raise TryLater(0.0, text)


def _subject(group: BoundGroup) -> str:
    return f"team_group:{group.id}"


def _keys(view: View) -> Keys:
    return [[{"text": key.label, "url": key.url} for key in row] for row in view.rows]


async def _news(parcel: OutgoingNotification) -> None:
    """Bound, ended, a right that is missing: in the chat of whoever bound it."""
    group = await team_groups.find(parcel.payload["group"])
    key = {
        "team_group.bound": "group.news.bound",
        "team_group.ended": f"group.news.ended.{group.end_reason}",
        "team_group.trouble": f"group.trouble.{parcel.payload.get('trouble')}",
    }[parcel.kind]
    await parcel.news(views.news(group, key, parcel.words), f"group:{group.id}")


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = dict.fromkeys(
    ("team_group.bound", "team_group.ended", "team_group.trouble"), _news
)
