"""Entering the result of an inspection: by those who checked (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_task, task_for
from bot.turn import Turn
from bot.views import entry as views
from models.procedure import entry, revision
from models.procedure.dialogue import Waiting
from models.queries import onsite
from models.queries import record as records
from models.queries.card import TaskCard
from models.rules.entry import NO_PROBLEM, OTHER, toggled

FLOW = "entry"


@pressed(Act.RESULT)
async def result(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    types, note = await _chosen(turn, card)
    await _show(turn, card, types, note)


async def _chosen(turn: Turn, card: TaskCard) -> tuple[list[str], str]:
    prompt = await turn.prompt()
    if prompt and prompt.flow == FLOW and prompt.subject == card_key(card.number):
        return list(prompt.data.get("types", [])), str(prompt.data.get("note", ""))
    return list(await onsite.established(card.id)), ""


async def _show(turn: Turn, card: TaskCard, types: list[str], note: str) -> None:
    await turn.ask(FLOW, card_key(card.number), task=card.id, types=types, note=note)
    papers = await records.papers(card.id)
    await turn.show(card_key(card.number), views.result(card, types, note, turn.words, papers=papers))


@pressed(Act.RESULT_TYPE)
async def toggle(turn: Turn, task: int, code: str) -> None:
    """Choose a type, or take it back; one that the answers forbid says why."""
    _, card = await task_for(turn, task)
    types, note = await _chosen(turn, card)
    settled = () if card.revising else await onsite.established(card.id)
    if code in settled or (settled and code == NO_PROBLEM):
        await turn.toast("onsite.chat.settled", alert=True)
        return
    if wrong := views.forbidden(card, code):
        await turn.toast("entry.why_forbidden", alert=True, numbers=wrong)
        return
    await _show(turn, card, list(toggled(types, code)), note)


async def typed(turn: Turn, prompt: Waiting, said: str) -> None:
    """A note to the result."""
    _, card = await task_for(turn, prompt.data["task"])
    await turn.nod()
    note = said if turn.joins is None else str(prompt.data.get("note", "")) + turn.joins + said
    await _show(turn, card, list(prompt.data.get("types", [])), note)


@pressed(Act.ENTER)
async def enter(turn: Turn, task: int) -> None:
    by, card = await task_for(turn, task)
    types, note = await _chosen(turn, card)
    if OTHER in types and not note:
        await turn.toast("entry.note_due", alert=True)
        return
    if card.revising:
        await revision.propose(
            card.number, types, note, by=by, at=turn.at, aside=views.aside(card, types), key=turn.key()
        )
    else:
        await entry.enter(card.number, types, note, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.toast("toast.revised" if card.revising else "toast.entered")
    await show_task(turn, (await task_for(turn, card.id))[1])
