"""A typed line goes to what was asked last; a corrected one to what it had answered (D16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.handlers import (
    afterwards,
    approval,
    assisting,
    checklist,
    entity,
    entry,
    handing,
    heard,
    network,
    online,
    onsite,
    record,
    replacement,
    strays,
    tasks,
    visit,
    voiding,
)
from bot.handlers.place import OUT
from bot.turn import Turn
from models.procedure.dialogue import Waiting
from models.queries.card import typed_by

FLOWS: dict[str, Callable[[Turn, Waiting, str], Awaitable[None]]] = {
    checklist.FLOW: checklist.typed,
    network.FLOW: network.typed,
    OUT: tasks.typed_reason,
    online.FLOW: online.typed,
    replacement.FLOW: replacement.typed,
    visit.SHORT: visit.typed_reason,
    visit.BASIS: visit.typed_basis,
    approval.FLOW: approval.typed,
    visit.PRESENT: visit.typed_short,
    record.SAID: record.typed_said,
    record.WHY: record.typed_why,
    record.WITNESS: record.typed_witness,
    entry.FLOW: entry.typed,
    assisting.SAMPLE: assisting.typed_sample,
    assisting.REPORT: assisting.typed_report,
    assisting.AGENCY: assisting.typed_agency,
    onsite.BY_HAND: onsite.typed_by_hand,
    onsite.REFUSAL: onsite.typed_facts,
    onsite.ABSENCE: onsite.typed_facts,
    onsite.SUSPEND: onsite.typed_suspend,
    onsite.WHY_NOT: onsite.typed_why_not,
    voiding.FLOW: voiding.typed,
    entity.FLOW: entity.typed,
    handing.FLOW: handing.typed,
    heard.CORRECTION: heard.typed_correction,
    heard.OBJECTION: heard.typed_objection,
    afterwards.RETURN: afterwards.typed_return,
}


async def text(turn: Turn) -> None:
    prompt = await turn.prompt()
    taken = FLOWS.get(prompt.flow) if prompt else None
    if prompt is None or taken is None:
        await strays.nothing_asked(turn)
        return
    await taken(turn, prompt, turn.message.text or "")


async def edited(turn: Turn) -> None:
    """A corrected message changes the answer it gave; any other correction is nothing to us."""
    found = await typed_by(f"chat:{turn.chat}:{turn.message.message_id}")
    if found is not None:
        await checklist.corrected(turn, found, turn.message.text or "")
