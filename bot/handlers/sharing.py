"""分工 in the chat: a few questions at a press, for oneself or a colleague of the section (Art. 7, 15)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, task_for
from bot.turn import Turn
from bot.views import sharing as views
from models.procedure import sharing
from models.queries.card import TaskCard


@pressed(Act.SHARE)
async def shown(turn: Turn, task: int, seat: int = 0) -> None:
    """The section in pieces with who takes each; `seat`: for whom a press takes one, the own where it is left out."""
    _, card = await task_for(turn, task)
    await _show(turn, card, seat or card.seats[card.me.id])


@pressed(Act.SHARE_SET)
async def put(turn: Turn, task: int, first: int, seat: int) -> None:
    """The piece that begins with question `first` is this officer's, or nobody's where it was theirs already."""
    by, card = await task_for(turn, task)
    officer = next((code for code, own in card.seats.items() if own == seat), card.me.id)
    piece = views.piece_of(card, first)
    taken = {card.sheet.shares.get(number, "") for number in piece} == {officer}
    await sharing.share(card.number, piece, "" if taken else officer, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    _, card = await task_for(turn, task)
    await _show(turn, card, seat)


async def _show(turn: Turn, card: TaskCard, seat: int) -> None:
    await turn.ask("choosing", card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), views.sharing(card, seat, turn.words))
