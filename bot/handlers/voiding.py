"""作废 a wrong photo from its question's card: which one, and why; it stays in the trail and leaves the record (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers import checklist
from bot.handlers.current_task import card_key, task_for
from bot.turn import Turn
from bot.views import voiding as views
from models.procedure import photo
from models.procedure.dialogue import OpenPrompt
from models.queries import companion
from models.queries.card import TaskCard
from models.queries.companion import CompanionPhoto

FLOW = "void"


@pressed(Act.VOID)
async def which(turn: Turn, task: int, number: int) -> None:
    """The photos of a question; a single one leads to the reasons at once."""
    _, card = await task_for(turn, task)
    photos = await _own(card, number)
    if not photos:
        await turn.toast("void.none", alert=True)
    elif len(photos) == 1:
        await chosen(turn, task, photos[0].id)
    else:
        await turn.ask(FLOW, card_key(card.number), task=card.id, q=number, photo=0)
        await turn.show(card_key(card.number), views.which(card, number, photos, turn.words))


@pressed(Act.VOID_PHOTO)
async def chosen(turn: Turn, task: int, photo_id: int) -> None:
    _, card = await task_for(turn, task)
    picture = next((picture for picture in await companion.pictures(card.id) if picture.id == photo_id), None)
    if picture is None or picture.question is None:
        await turn.toast("card.stale")
        return
    await turn.ask(FLOW, card_key(card.number), task=card.id, q=picture.question, photo=picture.id)
    await turn.show(card_key(card.number), views.why(card, picture, turn.words))


@pressed(Act.VOID_FOR)
async def given(turn: Turn, task: int, reason: str) -> None:
    """One of the usual reasons was pressed."""
    prompt = await turn.prompt()
    if prompt is None or prompt.flow != FLOW or not prompt.data["photo"]:
        await turn.toast("card.stale")
        return
    await _void(turn, prompt, turn.words(f"void.why.{reason}"))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """The reason was typed."""
    if prompt.data["photo"]:
        await _void(turn, prompt, text)


async def _void(turn: Turn, prompt: OpenPrompt, reason: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await photo.void(prompt.data["photo"], reason, by=by, at=turn.at, key=turn.key())
    _, card = await task_for(turn, card.id)
    await checklist.open_question(turn, card, prompt.data["q"], turn.words("void.done"))


async def _own(card: TaskCard, number: int) -> list[CompanionPhoto]:
    """Those that this officer may void: their own, and for the leader everybody's."""
    photos = [picture for picture in await companion.pictures(card.id) if picture.question == number]
    return [picture for picture in photos if card.me.leader or picture.by == card.me.id]
