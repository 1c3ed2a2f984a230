"""What a person hears when an act is refused or fails: one place for the whole chat (U19)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.limiter import seconds_of
from bot.turn import Turn
from bot.views import View, literal
from locales.refusals import explain
from models import store
from models.delivery import Outage, outage_of
from models.queries.person import departments_in
from models.refusal import Refusal

log = logging.getLogger(__name__)

STALE = ("checklist.final", "state.move", "task.state", "checklist.settled_online")

failures: ContextVar[list[Exception]] = ContextVar("failures")
"""Errors of the update under way: `handle` raises them again, so that the update is tried again."""


def outage(error: Exception) -> Exception | None:
    """An error that tells of a neighbour that is away: Telegram's own as `Outage`, the database's as it is."""
    if isinstance(error, store.Unavailable):
        return error
    if isinstance(error, RetryAfter):
        return Outage("429", seconds_of(error))
    away = isinstance(error, (NetworkError, Conflict, InvalidToken)) and not isinstance(error, BadRequest)
    if away or type(error) is TelegramError:  # PTB's word for an answer that is not Telegram's at all
        return Outage(f"{type(error).__name__}: {error}")
    return outage_of(error)


async def guarded(turn: Turn, deed: Callable[[], Awaitable[None]]) -> None:
    """Do it; a refusal is an answer, an error is said and kept for another try."""
    try:
        await deed()
        await turn.answer()
    except Refusal as no:
        await refused(turn, no)
    except Forbidden:
        log.info("the person has blocked the bot")
    except TelegramError as error:
        # The act stands; its card could not be shown. The update is handled again, the act happens once.
        failures.get([]).append(error)
    except Exception as error:
        failures.get([]).append(error)
        if outage(error):
            log.warning("an update waits: %r", error)
            await _waits(turn)
        else:
            log.exception("an update failed")
            await _not_saved(turn)


async def refused(turn: Turn, no: Refusal) -> None:
    """Say why not, what for, and what to do; to a press as an alert, to a message as a message."""
    text = explain(no, turn.words, await departments_in(no))
    if turn.press and no.code in STALE:
        text = turn.words("card.stale") + text
    log.info("refused: %s", no.code)
    if turn.press:
        await turn.answer(text, alert=True)
    else:
        await turn.say(literal(text, 1000))


async def _waits(turn: Turn) -> None:
    """A press is answered, so that the button does not go on turning; a message is told of when it waits for long."""
    try:
        await turn.toast("error.waits", alert=True)
    except Exception as error:
        log.warning("nor could that be said: %r", error)


async def _not_saved(turn: Turn) -> None:
    """Said once for an update, however often it is tried again."""
    try:
        if turn.press:
            await turn.toast("error.not_saved", alert=True)
        else:
            view = View(turn.words("error.not_saved_yet"))
            await turn.table.show("trouble", view, anew=True, reply_to=turn.message.message_id)
    except Exception as error:
        log.warning("nor could that be said: %r", error)
