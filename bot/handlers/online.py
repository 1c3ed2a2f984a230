"""A task that ends from the network check, without a visit (Art. 16 (1))."""

from __future__ import annotations

import re

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_choices, show_task, task_for
from bot.turn import Turn
from bot.views import online as views
from models.procedure import online
from models.procedure.dialogue import OpenPrompt
from models.refusal import Refusal

FLOW = "gone"


@pressed(Act.END_ONLINE)
async def end(turn: Turn, task: int, sure: bool = False) -> None:
    """Everything is settled: asked once, then ended."""
    by, card = await task_for(turn, task)
    if not sure:
        await show_choices(turn, card, views.sure(card, turn.words))
        return
    await online.end(card.number, by=by, at=turn.at, district=turn.services.district, key=turn.key())
    await turn.leave()
    await turn.toast("toast.ended_online")
    await show_task(turn, (await task_for(turn, card.id))[1])


@pressed(Act.TARGET_GONE)
async def gone(turn: Turn, task: int) -> None:
    """注销、迁出等: what became of the target."""
    _, card = await task_for(turn, task)
    await show_choices(turn, card, views.types(card, turn.words))


@pressed(Act.GONE_AS)
async def gone_as(turn: Turn, task: int, result: str) -> None:
    """Then where that was found, and what."""
    _, card = await task_for(turn, task)
    await turn.ask(FLOW, card_key(card.number), task=card.id, result=result)
    await turn.show(card_key(card.number), views.finding(card, result, turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """Source and finding, parted by a semicolon or a line break."""
    by, card = await task_for(turn, prompt.data["task"])
    source, finding = (part.strip() for part in [*re.split(r"[；;\n]", text, maxsplit=1), ""][:2])
    if not source or not finding:
        raise Refusal("network.source_and_finding", article="16(1)")
    await online.end(
        card.number, by=by, at=turn.at, district=turn.services.district, result=prompt.data["result"],
        source=source, finding=finding, key=turn.key(),
    )  # fmt: skip
    await turn.leave()
    await turn.toast("toast.ended_online")
    await show_task(turn, (await task_for(turn, card.id))[1])
