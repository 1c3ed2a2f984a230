"""电话告知 in the chat: whether somebody answered, and what was said (Art. 16 (2)).

The telephone's number never comes into the chat: it stands on the console and in the companion.
"""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_task, task_for
from bot.turn import Turn
from bot.views import calling as views
from models.procedure import delivery_attempt
from models.procedure.dialogue import OpenPrompt

FLOW = "called"
LONGEST = 2000


@pressed(Act.CALLED)
async def called(turn: Turn, task: int, outcome: bool | None = None) -> None:
    """Ask how the call ended; pressed with yes what was said is asked for, with no that nobody answered is noted."""
    by, card = await task_for(turn, task)
    if outcome is False:
        words = turn.words("calling.nobody")
        await delivery_attempt.telephoned(card.number, False, words, by=by, at=turn.at, key=turn.key())
        await _over(turn, card.id)
        return
    if outcome:
        await turn.ask(FLOW, card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), views.calling(card, turn.words, told=bool(outcome)))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await delivery_attempt.telephoned(
        card.number, True, text.strip()[:LONGEST], by=by, at=turn.at, key=turn.key()
    )
    await _over(turn, card.id)


async def _over(turn: Turn, task: int) -> None:
    await turn.leave()
    if turn.press:
        await turn.toast("toast.saved")
    else:
        await turn.nod()
    _, card = await task_for(turn, task)
    await show_task(turn, card)
