"""A press, a typed line or a photo as one transaction: the act, the prompt, the card and that the update is done (R1-R6).

There is no moment at which a crash leaves the act without its card: the database says what the card shows when it says
that the act was done. What could then not be said to Telegram is owed as a redraw: by this process when a call failed,
by the next one when it starts (`dialogue.show_again`).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

from telegram.error import Forbidden

from bot.buttons import PLAIN_SQL, Act
from bot.deferred import Deferred
from bot.turn import Turn
from models import store
from models.operations import inbox, outbox
from models.procedure import dialogue

log = logging.getLogger(__name__)

settled: ContextVar[list[int]] = ContextVar("settled")
"""Updates that their act marked as done; `bot.application.handle` tells the worker."""


async def whole(turn: Turn, act: Act, handler: Callable[[], Awaitable[None]]) -> bool:
    """Do a press whole; then answer it and show the card. False, with nothing done, when it was pressed under a message
    that is no card any more.
    """
    return await _trip(turn, PLAIN_SQL in act.rules, _under_the_card, handler)


async def message(turn: Turn, handler: Callable[[], Awaitable[None]], *, plain: bool = False) -> None:
    """The same for what was typed or sent: its act, what is awaited then and that it is done; then the card below it."""
    await _trip(turn, plain, _at_the_end, handler)


async def below(turn: Turn, act: Act, handler: Callable[[], Awaitable[None]]) -> None:
    """The same for a press under a message that is no card any more, and that holds all the same."""
    await _trip(turn, PLAIN_SQL in act.rules, _at_the_end, handler)


Beginning = Callable[[Turn], Awaitable[Deferred | None]]


async def _trip(turn: Turn, plain: bool, begin: Beginning, handler: Callable[[], Awaitable[None]]) -> bool:
    async with turn.table.lock:
        try:
            run = store.plain_act if plain else store.run_in_transaction
            if not plain:
                await store.kept(turn.chat)
            owed, deferred = await run(_act, turn, begin, handler)
        finally:
            turn.deferred = None
        if owed is None or deferred is None:
            return False
        if done := bool(owed.rows):
            settled.get([]).append(turn.update.update_id)
        try:
            await deferred.send()
        except Exception as error:
            if not done:
                raise
            if not isinstance(error, Forbidden):
                log.warning("a card waits to be drawn: %r", error)
                await dialogue.owe_redraw(
                    turn.person.accounts, deferred.subjects, turn.update.update_id, at=turn.at
                )
    return True


async def _act(
    turn: Turn, begin: Beginning, handler: Callable[[], Awaitable[None]]
) -> tuple[store.Owed, Deferred] | tuple[None, None]:
    turn.begin_again()
    deferred = turn.deferred = await begin(turn)
    if deferred is None:
        return None, None
    await handler()
    await turn.answer()
    if turn.press and deferred.subjects:
        await outbox.drawn(turn.person.accounts, deferred.subjects[-1], at=turn.at)
    return await inbox.done_within(turn.update.update_id, at=turn.at), deferred


async def _under_the_card(turn: Turn) -> Deferred | None:
    place = turn.message.message_id
    state = await dialogue.standing(turn.chat, place)
    return Deferred(turn.table, turn.chat, place, state) if state.subject is not None else None


async def _at_the_end(turn: Turn) -> Deferred:
    state = dialogue.ChatState(None, "", await dialogue.prompt(turn.chat))
    return Deferred(turn.table, turn.chat, None, state)
