"""检查方式 in the chat: how an answer was come by (Art. 10, 16)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers import checklist
from bot.handlers.current_task import task_for
from bot.turn import Turn
from models.procedure import inspection


@pressed(Act.METHOD)
async def method(turn: Turn, task: int, number: int, how: str, seen: int) -> None:
    """How the answer was come by; pressed again, it was on site after all."""
    by, card = await task_for(turn, task)
    given = card.sheet.given.get(number)
    chosen = "" if given and given.method == how else how
    await inspection.answer(
        card.number, number, method=chosen, seen=seen, by=by, at=turn.at, key=turn.key(),
        source=f"chat:{turn.chat}:{turn.message.message_id}:tap",
    )  # fmt: skip
    await turn.toast("toast.saved")
    await checklist.open_question(turn, (await task_for(turn, card.id))[1], number)
