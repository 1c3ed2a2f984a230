"""延长检查时间 and 同意作废 in the chat: what a head decides about a batch and its draw (Art. 13, 14)."""

from __future__ import annotations

from datetime import date, timedelta

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import batches as views
from models.procedure import batch, ceremony
from models.procedure.dialogue import OpenPrompt
from models.queries import ceremony as queries
from models.queries import windows_ending
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.visit import local_day

FLOW = "extend"


def subject(ending: windows_ending.EndingBatch) -> str:
    return f"batch:{ending.code}"


@pressed(Act.EXTEND)
async def extend(turn: Turn, number: int, practice: bool, days: int = 0) -> None:
    """How long; then why. `days`: beyond the window's end, or beyond today where that has passed."""
    ending = await windows_ending.of_draw(number, practice)
    head_of(turn, ending.department)
    if not days:
        await turn.leave()
        await turn.show(subject(ending), views.extend(ending, local_day(turn.at), turn.words))
        return
    until = max(ending.closes, local_day(turn.at)) + timedelta(days=days)
    await turn.ask(
        FLOW, subject(ending), draw=ending.number, practice=ending.practice, until=until.isoformat()
    )
    await turn.show(subject(ending), views.why(ending, until, turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    ending = await windows_ending.of_draw(prompt.data["draw"], prompt.data["practice"])
    by = head_of(turn, ending.department)
    extended = await batch.extend(
        ending.code, date.fromisoformat(prompt.data["until"]), text, by=by, at=turn.at
    )
    await turn.leave()
    await turn.nod()
    await turn.show(subject(extended), views.extended(extended, turn.words))


@pressed(Act.VOID_CONSENT)
async def consent_to_void(turn: Turn, number: int, agree: bool) -> None:
    """Another department's head agrees that the draw has failed, or does not."""
    code = await queries.official(number)
    heads = turn.person.acting(Role.HEAD)
    if code is None or not heads:
        raise Refusal("draw.void_not_asked", article="14(1)", draw=number)
    page = await queries.ceremony(code)
    crew = (await queries.batch(page.batch)).departments if page else ()  # type: ignore[union-attr]
    by = next((head for head in heads if head.department in crew), heads[0])
    await ceremony.consent_to_void(code, agree, by=by, at=turn.at)
    await turn.toast("toast.saved")
    await turn.show(f"void:{code}", views.void_decided(code, agree, turn.words))
