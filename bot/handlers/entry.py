"""Entering a department's result and confirming the whole: by those who checked (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, show_task, task_for
from bot.turn import Turn
from bot.views import entry as views
from models.procedure import department_result, revision
from models.procedure.dialogue import OpenPrompt
from models.queries import onsite
from models.queries import record as records
from models.queries.card import TaskCard
from models.rules.department_result import toggled_measure, usual
from models.rules.entry import NO_PROBLEM, OTHER, toggled
from models.states import TaskState

FLOW = "entry"


@pressed(Act.RESULT)
async def result(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await _show(turn, card, await _chosen(turn, card))


@dataclass(frozen=True)
class ResultForm:
    """What is chosen so far. `touched`: measures as a person chose them; None while they follow from the types."""

    types: tuple[str, ...] = ()
    note: str = ""
    touched: tuple[str, ...] | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        return usual(self.types) if self.touched is None else self.touched


async def _chosen(turn: Turn, card: TaskCard) -> ResultForm:
    prompt = await turn.prompt()
    if prompt and prompt.flow == FLOW and prompt.subject == card_key(card.number):
        return _form(prompt.data)
    own = card.own_result
    if own and own.at and not card.revising:
        return ResultForm(own.types, own.note, own.measures)
    return ResultForm(tuple(await onsite.established(card.id)))


def _form(data: Mapping[str, Any]) -> ResultForm:
    touched = data.get("measures")
    return ResultForm(
        tuple(data.get("types", [])), str(data.get("note", "")), None if touched is None else tuple(touched)
    )


async def _show(turn: Turn, card: TaskCard, form: ResultForm) -> None:
    await turn.ask(
        FLOW, card_key(card.number), task=card.id, types=list(form.types), note=form.note,
        measures=None if form.touched is None else list(form.touched),
    )  # fmt: skip
    papers = await records.papers(card.id)
    view = views.result(card, form.types, form.note, turn.words, measures=form.measures, papers=papers)
    await turn.show(card_key(card.number), view)


@pressed(Act.RESULT_TYPE)
async def toggle(turn: Turn, task: int, code: str) -> None:
    """Choose a type, or take it back; one that the answers forbid says why."""
    _, card = await task_for(turn, task)
    form = await _chosen(turn, card)
    settled = () if card.revising else await onsite.established(card.id)
    if code in settled or (settled and code == NO_PROBLEM):
        await turn.toast("onsite.chat.settled", alert=True)
        return
    if wrong := views.forbidden(card, code):
        await turn.toast("entry.why_forbidden", alert=True, numbers=wrong)
        return
    await _show(turn, card, replace(form, types=toggled(form.types, code), touched=None))


@pressed(Act.MEASURE)
async def measure(turn: Turn, task: int, code: str) -> None:
    """Choose a measure, or take it back."""
    _, card = await task_for(turn, task)
    form = await _chosen(turn, card)
    await _show(turn, card, replace(form, touched=toggled_measure(form.measures, code)))


@pressed(Act.CONFIRM_RESULT)
async def confirm(turn: Turn, task: int) -> None:
    """The leader confirms what the departments entered."""
    by, card = await task_for(turn, task)
    await department_result.confirm(card.number, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.entered")
    await show_task(turn, (await task_for(turn, card.id))[1])


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """A note to the result."""
    _, card = await task_for(turn, prompt.data["task"])
    await turn.nod()
    form = _form(prompt.data)
    await _show(turn, card, replace(form, note=text if turn.joins is None else form.note + turn.joins + text))


@pressed(Act.ENTER)
async def enter(turn: Turn, task: int) -> None:
    """Enter the own department's result; a correction is proposed instead while one is asked for."""
    by, card = await task_for(turn, task)
    form = await _chosen(turn, card)
    if OTHER in form.types and not form.note:
        await turn.toast("entry.note_due", alert=True)
        return
    if card.revising:
        aside = views.aside(card, form.types)
        await revision.propose(
            card.number, list(form.types), form.note, by=by, at=turn.at, aside=aside, key=turn.key(),
            measures=form.measures if card.departments else (),
        )  # fmt: skip
    else:
        await department_result.enter(
            card.number, form.types, form.note, measures=form.measures, by=by, at=turn.at, key=turn.key()
        )
    await turn.leave()
    after = (await task_for(turn, card.id))[1]
    await turn.toast(_toast(card, after))
    await show_task(turn, after)


def _toast(before: TaskCard, after: TaskCard) -> str:
    if before.revising:
        return "toast.revised"
    return "toast.entered" if after.state != TaskState.CONCLUDED else "toast.department_entered"
