"""重新打开 a closed section from the task's card, with a typed reason (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_task, task_for
from bot.turn import Turn
from bot.views import reopening as views
from models.procedure import reopening
from models.procedure.dialogue import OpenPrompt
from models.queries.reopening import reopenable

FLOW = "reopen"


@pressed(Act.REOPEN)
async def which(turn: Turn, task: int) -> None:
    """The sections to choose from; a single one leads to the reason at once."""
    _, card = await task_for(turn, task)
    sections = await reopenable(card)
    if len(sections) == 1:
        await chosen(turn, task, sections[0].department)
    else:
        await turn.show(card_key(card.number), views.which(card, sections, turn.words))


@pressed(Act.REOPEN_OF)
async def chosen(turn: Turn, task: int, department: str) -> None:
    _, card = await task_for(turn, task)
    section = next((closed for closed in await reopenable(card) if closed.department == department), None)
    if section is None:
        await turn.toast("card.stale")
        return
    await turn.ask(FLOW, card_key(card.number), task=card.id, department=department)
    await turn.show(card_key(card.number), views.why(card, section, turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    department = prompt.data["department"]
    await reopening.reopen(card.number, department, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await show_task(turn, (await task_for(turn, card.id))[1], turn.words("reopen.done"))
