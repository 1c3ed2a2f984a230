"""季度核对 in the chat: still right with one press, or which of it is to be changed with two (Art. 7, 10)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import register_enquiry as views
from models.procedure import register_enquiry
from models.queries.register_enquiry import EnquiryLine, standing
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.register_enquiry import ARTICLE


@pressed(Act.ENQUIRY)
async def show(turn: Turn, number: int) -> None:
    _, line = await _asked(turn, number)
    await turn.leave()
    await turn.show(subject(number), views.question(line, turn.words))


@pressed(Act.ENQUIRY_WRONG)
async def which(turn: Turn, number: int) -> None:
    _, line = await _asked(turn, number)
    await turn.leave()
    await turn.show(subject(number), views.which(line, turn.words))


@pressed(Act.ENQUIRY_ANSWER)
async def answer(turn: Turn, number: int, wrong: str = "") -> None:
    by, _ = await _asked(turn, number)
    line = await register_enquiry.answer(number, wrong, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await turn.show(subject(number), views.question(line, turn.words))


def subject(number: int) -> str:
    return f"enquiry:{number}"


async def _asked(turn: Turn, number: int) -> tuple[Actor, EnquiryLine]:
    """Whose the question is, and the one that stands for them: an older one is overtaken by it."""
    for actor in turn.person.acting(Role.INSPECTOR):
        line = await standing(actor.id)
        if line and line.id == number:
            return actor, line
    raise Refusal("enquiry.unknown", ARTICLE)
