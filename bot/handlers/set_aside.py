"""未能存入的消息: the list of what was set aside, and another try (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.reader import Reader
from bot.turn import Turn
from bot.views import View, button, rows
from bot.views import set_aside as views
from models.procedure import set_aside
from models.queries import set_aside as queries
from models.queries.set_aside import SetAside
from models.refusal import Refusal
from models.rules.actor import Actor, Role

SUBJECT = "set_aside"


@pressed(Act.SET_ASIDE)
async def overview(turn: Turn, page: int = 0) -> None:
    updates, own = await _found(turn)
    await turn.show(SUBJECT, views.set_aside(updates, turn.words, own=own))


@pressed(Act.RETRY)
async def retry(turn: Turn, update: int) -> None:
    """Once more from the beginning; whoever sees it may ask for it."""
    updates, _ = await _found(turn)
    if update not in {waiting.update_id for waiting in updates}:
        raise Refusal("set_aside.unknown", article="16(3)", update=update)
    await set_aside.retry(update, by=await _allowed(turn, update), at=turn.at, key=turn.key())
    await turn.toast("set_aside.retried")
    left, own = await _found(turn)
    await turn.show(SUBJECT, views.set_aside(left, turn.words, own=own))


async def offered(turn: Reader, view: View) -> View:
    """A list of tasks or of questions, with the way to what was set aside below it."""
    updates, _ = await _found(turn)
    if not updates:
        return view
    return View(
        view.text,
        (*view.rows, *rows([button(turn.words("button.set_aside", n=len(updates)), Act.SET_ASIDE, 0)])),
    )


async def _found(turn: Reader) -> tuple[tuple[SetAside, ...], bool]:
    """What this person may deal with in any of their roles, and whether all of it is their own."""
    seen: dict[int, SetAside] = {}
    for actor in turn.person.actors:
        seen |= {update.update_id: update for update in await queries.set_aside(actor)}
    return tuple(seen.values()), not turn.person.acting(Role.OFFICE, Role.HEAD)


async def _allowed(turn: Turn, update: int) -> Actor:
    for actor in turn.person.actors:
        if update in {waiting.update_id for waiting in await queries.set_aside(actor)}:
            return actor
    return turn.person.actors[0]
