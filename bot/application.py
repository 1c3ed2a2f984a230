"""The chat, put together: who is let in, what each message and each button does, in the order it is tried."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache, partial
from ssl import SSLContext
from typing import Any

from httpx import create_ssl_context
from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot import errors, identity, no_evidence, pressing, stale_buttons
from bot.buttons import HANDLERS, ONE_TRIP, Act, Value
from bot.callbacks import decode
from bot.cards import stands
from bot.dependencies import App, Dependencies, dependencies_of
from bot.handlers import (
    calendar_feed,
    declare,
    group_updates,
    phone,
    photos,
    screen,
    start,
    tasks,
    team_group,
    text_input,
    unsupported,
)
from bot.limiter import PATIENCE, Limiter, patience
from bot.menu import commands
from bot.plain_bot import PlainBot
from bot.request import BotRequest
from bot.turn import Turn
from models.procedure import dialogue
from models.refusal import Refusal
from models.rules.actor import Role

log = logging.getLogger(__name__)

API = "https://api.telegram.org"
Handler = Callable[[Turn], Awaitable[None]]
Context = CallbackContext[Any, Any, Any, Any]

COMMANDS: dict[str, Handler] = {
    "today": tasks.today,
    "calendar": calendar_feed.menu,
    "groups": team_group.menu,
    "settings": start.settings,
    "help": start.help,
    "privacy": start.privacy,
    "login": start.login,
    "phone": phone.menu,
    "cancel": start.cancel,
}

declare()


def build(
    token: str,
    services: Dependencies,
    *,
    base_url: str | None = None,
    base_file_url: str | None = None,
    request: BaseRequest | None = None,
    limiter: Limiter | None = None,
) -> App:
    """The application, without a network of its own for updates: they come through `handle`."""
    bot = PlainBot(
        token,
        base_url or f"{API}/bot",
        base_file_url or f"{API}/file/bot",
        request=request or BotRequest(authorities=_authorities()),
        get_updates_request=BotRequest(),  # never used
        rate_limiter=limiter or Limiter(),
    )
    application: App = ApplicationBuilder().bot(bot).updater(None).build()
    application.bot_data["setting"] = services
    _register(application)
    return application


@cache
def _authorities() -> SSLContext:
    """The certificate authorities that httpx brings, read once: reading them takes 20 ms."""
    return create_ssl_context()


def _register(application: App) -> None:
    """The first that fits is taken.

    Groups are met before anything is read of them; a command wins over an open question (D28); a correction
    must not be taken for an answer (D16); whatever is left is told what we take (D29).
    """
    add = application.add_handler
    add(TypeHandler(Update, _in_a_group), group=-1)
    add(CallbackQueryHandler(_as_turn(_press)))
    add(MessageHandler(filters.UpdateType.EDITED_MESSAGE, _as_turn(_bound(_kept(text_input.edited)))))
    add(CommandHandler("start", _as_turn(start.start)))
    for name, handler in COMMANDS.items():
        add(CommandHandler(name, _as_turn(handler if name == "help" else _bound(handler))))
    add(MessageHandler(filters.CONTACT, _as_turn(start.contact)))
    add(MessageHandler(filters.PHOTO | filters.Document.ALL, _as_turn(_bound(_kept(photos.taken)))))
    add(MessageHandler(filters.LOCATION, _as_turn(_bound(_kept(photos.located)))))
    add(MessageHandler(filters.COMMAND, _as_turn(_bound(unsupported.unknown_command))))
    add(MessageHandler(filters.TEXT, _as_turn(_bound(_kept(text_input.text)))))
    add(MessageHandler(filters.ALL, _as_turn(_bound(_kept(unsupported.not_taken)))))
    application.add_error_handler(_unexpected)


def _as_turn(handler: Handler) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def run(update: Update, context: Context) -> None:
        turn = await identity.turn_of(update, context.bot, dependencies_of(context.application))
        if turn is not None:
            await errors.guarded(turn, lambda: handler(turn))
            await errors.guarded(turn, lambda: tasks.follow(turn))
            turn.services.wake()

    return run


def _bound(handler: Handler) -> Handler:
    """For people of the register only; everybody else hears who we are (D30)."""

    async def run(turn: Turn) -> None:
        await (handler(turn) if turn.person.actors else start.stranger(turn))

    return run


def _kept(handler: Handler) -> Handler:
    """For what people send to be kept: where the chat carries no evidence, it is not."""

    async def run(turn: Turn) -> None:
        if not await no_evidence.not_stored(turn):
            await handler(turn)

    return run


async def _press(turn: Turn) -> None:
    """A button: ours, made for this person, and then whatever it does."""
    assert turn.press
    try:
        actors = turn.person.actors and decode(
            turn.services.district.secret, turn.chat, turn.press.data or ""
        )
    except ValueError:  # ours, and of a time whose buttons are no longer known
        await turn.toast("card.stale")
        await tasks.today(turn)
        return
    if not actors and turn.person.left:
        await start.stranger(turn)
    elif not actors:
        await dialogue.forged(turn.chat, at=turn.at)
        await turn.toast("error.not_yours", alert=True)
    if not actors:
        return
    act, args = actors
    if await no_evidence.pressed(turn, act, args):
        return
    one_trip, deed = ONE_TRIP in act.rules, partial(HANDLERS[act], turn, *args)
    try:
        if one_trip and await pressing.whole(turn, act, deed):
            return
    except Refusal as no:
        await _refused(turn, no, act, args)
        return
    shown = None if one_trip else await dialogue.shown_by(turn.chat, turn.message.message_id)
    turn.adrift, turn.beside = shown is None, stands(shown)
    if turn.adrift and not await stale_buttons.still_valid(turn, act, args):
        await turn.toast("card.stale")
        await _fresh(turn, act, args)
        return
    try:
        await (pressing.below(turn, act, deed) if one_trip else deed())
    except Refusal as no:
        await _refused(turn, no, act, args)
    if turn.adrift:
        await turn.table.away(turn.message.message_id)


async def _refused(turn: Turn, no: Refusal, act: Act, args: tuple[Value, ...]) -> None:
    await errors.refused(turn, no)
    if no.code in errors.STALE:
        await _fresh(turn, act, args)


async def _fresh(turn: Turn, act: Act, args: tuple[Value, ...]) -> None:
    """What there is now in place of a card that has been overtaken (D17): an officer's task, else what is to be done."""
    task = act.task(args)
    if task and turn.person.acting(Role.INSPECTOR):
        await screen.redraw_at_bottom(turn, task)
    else:
        await tasks.today(turn)


async def _in_a_group(update: Update, context: Context) -> None:
    if update.effective_chat and update.effective_chat.type != "private":
        await group_updates.group(update, context.bot, dependencies_of(context.application))


async def _unexpected(update: object, context: Context) -> None:
    error = context.error
    assert isinstance(error, Exception)
    log.error("outside every turn", exc_info=error)
    errors.failures.get([]).append(error)


async def handle(application: App, raw: dict[str, Any]) -> bool:
    """Act upon one update; True when its act marked it as done. ValueError when it cannot be read; `Outage` while
    Telegram or the object store is away; what failed otherwise is raised, to be tried again.
    """
    try:
        update = Update.de_json(raw, application.bot)
    except Exception as unreadable:
        raise ValueError(f"not an update: {unreadable!r}") from unreadable
    failed: list[Exception] = []
    done: list[int] = []
    token, waiting, settled = errors.failures.set(failed), patience.set(PATIENCE), pressing.settled.set(done)
    try:
        await application.process_update(update)
    finally:
        errors.failures.reset(token)
        patience.reset(waiting)
        pressing.settled.reset(settled)
    if failed and not done:
        raise errors.outage(failed[0]) or failed[0]
    return bool(done)


__all__ = ["build", "commands", "handle"]
