"""What the card of a task shows just now: the screen its reader had open, drawn from the rows again (R6)."""

from __future__ import annotations

from datetime import datetime

from bot.handlers import (
    calling,
    checklist,
    entrustment,
    entry,
    hand_delivery,
    network,
    onsite,
    record,
    reopening,
    sample,
    visit,
    voiding,
)
from bot.handlers.current_task import CHOOSING, OUT, card_key, question_of, task_for
from bot.turn import Turn
from bot.views import View
from bot.views import checklist as sheets
from bot.views import entry as results
from bot.views import task as views
from bot.views import visit as visits
from locales import Words
from models.procedure.dialogue import OpenPrompt
from models.queries.card import TaskCard
from models.rules.checklist import open_gaps
from models.states import AT_THE_DOOR, BEFORE_THE_VISIT, TaskState

INPUT_FLOWS: tuple[str, ...] = (
    CHOOSING, visit.SHORT, visit.BASIS, OUT, *record.FLOWS, *onsite.CHOSEN_FROM, *sample.FLOWS, entrustment.FLOW,
    hand_delivery.FLOW, calling.FLOW, voiding.FLOW, reopening.FLOW,
)  # fmt: skip

CHECKLIST = (checklist.FLOW, checklist.JUMP, checklist.SECTION)


def is_mid_input(card: TaskCard, prompt: OpenPrompt | None) -> bool:
    """True while the reader chooses or types something on this card that news must not wipe away."""
    return prompt is not None and prompt.subject == card_key(card.number) and prompt.flow in INPUT_FLOWS


def view(card: TaskCard, prompt: OpenPrompt | None, words: Words, at: datetime) -> View:
    """The screen of the open prompt if it is about this task, else the task."""
    if prompt is None or prompt.subject != card_key(card.number):
        return views.task(card, words, at)
    if shown := checklist_view(card, prompt, words):
        return shown
    if prompt.flow == network.FLOW and card.state in BEFORE_THE_VISIT:
        return network.view(card, prompt.data, words)
    if prompt.flow == visit.PRESENT and card.state == TaskState.SCHEDULED:
        return visit.present_view(card, prompt.data, words)
    if prompt.flow == visit.PROPOSAL and (card.proposal or card.owes_letter) and card.me.leader:
        return visits.proposal(card, words)
    if card.state in AT_THE_DOOR and (screen := onsite.view(card, prompt, words)):
        return screen
    if prompt.flow == entry.FLOW and (card.state == TaskState.CONCLUDED or card.revising == "asked"):
        return results.result(card, prompt.data.get("types", []), prompt.data.get("note", ""), words)
    return views.task(card, words, at)


def at_checklist(number: str, prompt: OpenPrompt | None) -> bool:
    """True while the reader stands in the checklist of this task."""
    return prompt is not None and prompt.subject == card_key(number) and prompt.flow in CHECKLIST


def checklist_view(card: checklist.AnyCard, prompt: OpenPrompt | None, words: Words) -> View | None:
    """The screen of the checklist that is open; None when that is over."""
    if prompt is None or card.state != TaskState.ON_SITE or not (mine := card.mine):
        return None
    if prompt.flow == checklist.FLOW and not mine.final:
        return checklist.view(card, prompt.data, words)
    if prompt.flow == checklist.JUMP:
        return sheets.jump(card, words)
    if prompt.flow == checklist.SECTION and not mine.final:
        return sheets.section(card, open_gaps(card.sheet, card.department), words)
    return None


async def redraw(turn: Turn, card: TaskCard, *, anew: bool = False) -> None:
    await turn.show(card_key(card.number), view(card, await turn.prompt(), turn.words, turn.at), anew=anew)


async def standing(turn: Turn, task: int) -> tuple[str, View]:
    """What the card of a task is kept under, and what it shows now. Of the checklist what its questions need is read alone,
    a tenth of the whole card.
    """
    prompt = await turn.prompt()
    if prompt is not None and prompt.flow in CHECKLIST and prompt.data.get("task") == task:
        _, questions = await question_of(turn, task)
        at = at_checklist(questions.number, prompt)
        if at and (shown := checklist_view(questions, prompt, turn.words)):
            return card_key(questions.number), shown
    _, card = await task_for(turn, task)
    return card_key(card.number), view(card, prompt, turn.words, turn.at)


async def redraw_at_bottom(turn: Turn, task: int) -> None:
    """The card as it stands now, at the end of the chat (D17)."""
    await turn.show(*await standing(turn, task), anew=True)
