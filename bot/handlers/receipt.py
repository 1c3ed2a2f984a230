"""省级平台回执 in the chat: typed by the leader from the task's card, or by the head from the result's (Art. 8)."""

from __future__ import annotations

from datetime import date

from bot.buttons import Act, pressed
from bot.handlers import reviewing
from bot.handlers.current_task import card_key, show_task, task_for
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import receipt as views
from models.procedure import publication
from models.procedure.dialogue import OpenPrompt
from models.queries import reviewing as queries
from models.refusal import Refusal
from models.rules.day import read_day

FLOW = "receipt"


@pressed(Act.RECEIPT)
async def ask(turn: Turn, task: int, head: bool = False) -> None:
    """Ask for the number; `head`: pressed on the card of the head."""
    if head:
        result = await queries.reviewed(task)
        head_of(turn, result.department)
        key, shown = reviewing.subject(result), (result.id, result.number, result.target, result.receipt)
    else:
        _, card = await task_for(turn, task)
        key, shown = card_key(card.number), (card.id, card.number, card.target, card.receipt)
    await turn.ask(FLOW, key, task=task, head=head)
    await turn.show(key, views.asking(*shown, turn.words, head=head))


async def typed(turn: Turn, prompt: OpenPrompt, line: str) -> None:
    """The number on the first line; a day on the second, today where there is none."""
    number, day = read(line)
    task, head = prompt.data["task"], prompt.data["head"]
    if head:
        result = await queries.reviewed(task)
        by, task_number = head_of(turn, result.department), result.number
    else:
        by, card = await task_for(turn, task)
        task_number = card.number
    await publication.record(task_number, number, day, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    if head:
        await reviewing.show(turn, await queries.reviewed(task))
    else:
        _, card = await task_for(turn, task)
        await show_task(turn, card, turn.words("field.did.receipt"))


def read(typed_lines: str) -> tuple[str, date | None]:
    """Number and day. Refusal for a second line that is no day, or for a third."""
    number, *others = [part for part in (line.strip() for line in typed_lines.splitlines()) if part] or [""]
    day = read_day(others[0]) if others else None
    if len(others) > 1 or (others and day is None):
        raise Refusal("publication.receipt_lines", article="8", given=others[-1][:40])
    return number, day
