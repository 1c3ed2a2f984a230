"""Which task, and in which of a person's accounts: every handler of an officer begins here (Art. 15)."""

from __future__ import annotations

from bot.turn import Turn
from bot.views import View
from bot.views import task as views
from models.queries.card import TaskCard, number_known, number_of, task_card
from models.queries.question import QuestionCard, question_card
from models.refusal import Refusal
from models.rules.actor import Actor, Role


def card_key(number: str) -> str:
    """What the card of a task is kept under."""
    return f"task:{number}"


async def task_for(turn: Turn, task: int | str) -> tuple[Actor, TaskCard]:
    """The officer's account that serves in this task, and the card."""
    officers = turn.person.acting(Role.INSPECTOR)
    if not officers:
        turn.actor(Role.INSPECTOR)
    for officer in officers[:-1]:
        try:
            return officer, await task_card(task, officer.id, turn.at)
        except Refusal:
            continue
    return officers[-1], await task_card(task, officers[-1].id, turn.at)


async def question_of(turn: Turn, task: int | str) -> tuple[Actor, QuestionCard]:
    """The same with what a question's screen shows."""
    officers = turn.person.acting(Role.INSPECTOR)
    if not officers:
        turn.actor(Role.INSPECTOR)
    for officer in officers[:-1]:
        try:
            return officer, await question_card(task, officer.id)
        except Refusal:
            continue
    return officers[-1], await question_card(task, officers[-1].id)


async def assignment_for(turn: Turn, task: int) -> tuple[Actor, str]:
    """The officer's account that serves in this task, and the task's number: enough for an act, which refuses by itself
    whoever does not serve.
    """
    officers = turn.person.acting(Role.INSPECTOR)
    if not officers:
        turn.actor(Role.INSPECTOR)
    for officer in officers[:-1]:
        try:
            return officer, await number_of(task, officer.id)
        except Refusal:
            continue
    return officers[-1], await number_known(task)


CHOOSING, OUT = "choosing", "out"


async def show_choices(turn: Turn, card: TaskCard, view: View) -> None:
    """Show something to choose from; a colleague's act does not wipe it away."""
    await turn.ask(CHOOSING, card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), view)


async def show_task(turn: Turn, card: TaskCard, headline: str = "", *, anew: bool = False) -> None:
    """Show the task, with a line of news above it."""
    await turn.show(
        card_key(card.number), views.task(card, turn.words, turn.at, headline=headline), anew=anew
    )
