"""当面送达 in the chat: who received the letter, typed, or that nobody was there (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_task, task_for
from bot.turn import Turn
from bot.views import hand_delivery as views
from models.procedure import hand_delivery
from models.procedure.dialogue import OpenPrompt

FLOW = "handed"


@pressed(Act.HANDED)
async def handed(turn: Turn, task: int, nobody: bool = False) -> None:
    """Ask who received it; pressed with `nobody`, that is what is noted."""
    by, card = await task_for(turn, task)
    if not nobody:
        await turn.ask(FLOW, card_key(card.number), task=card.id)
        await turn.show(card_key(card.number), views.handing(card, turn.words))
        return
    words = turn.words("field.handed.nobody")
    await hand_delivery.handed(
        card.number, "personal", "no_answer", text=words, by=by, at=turn.at, key=turn.key()
    )
    await _over(turn, card.id)


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await hand_delivery.handed(
        card.number, "personal", "told", who=text.strip()[:80], by=by, at=turn.at, key=turn.key()
    )
    await _over(turn, card.id)


async def _over(turn: Turn, task: int) -> None:
    await turn.leave()
    await turn.nod()
    _, card = await task_for(turn, task)
    await show_task(turn, card)
