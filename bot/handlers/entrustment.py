"""委托专业机构 in the chat: agency, letter, scope and people in a few lines (Art. 10, 16 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import assignment_for, card_key, task_for
from bot.turn import Turn
from bot.views import entrustment as views
from models.procedure import entrustment
from models.procedure.dialogue import OpenPrompt
from models.refusal import Refusal

FLOW = "agency"


@pressed(Act.AGENCIES)
async def agencies(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await turn.ask(FLOW, card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), views.agencies(card, turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """Agency, letter, scope, then each person with a title, one line each."""
    by, number = await assignment_for(turn, prompt.data["task"])
    parts = [line.strip() for line in text.splitlines() if line.strip()]
    if len(parts) < 4:
        raise Refusal("entrustment.four_lines", article="16(2)", n=len(parts))
    people = [
        (name, title) for name, _, title in (line.replace("　", " ").partition(" ") for line in parts[3:])
    ]
    agency, letter, scope = parts[:3]
    await entrustment.entrust(number, agency, letter, scope, people, by=by, at=turn.at, key=turn.key())
    await turn.nod()
    await turn.show(card_key(number), views.agencies((await task_for(turn, number))[1], turn.words))


@pressed(Act.AGENCY_END)
async def agency_end(turn: Turn, task: int, number: int) -> None:
    by, card = await task_for(turn, task)
    await entrustment.end(number, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await agencies(turn, card.id)
