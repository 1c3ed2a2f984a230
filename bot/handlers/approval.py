"""The head lets a letter go out, or sends it back to the leader with a reason (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import approval as views
from models.procedure import approval
from models.procedure.dialogue import OpenPrompt
from models.queries import pending_decisions
from models.queries.pending_decisions import PendingNotice

FLOW = "send_back"


def subject(notice: int) -> str:
    return f"approve:{notice}"


@pressed(Act.ASKED_APPROVAL)
async def asked_to_approve(turn: Turn, number: int) -> None:
    letter = await pending_decisions.letter(number)
    head_of(turn, letter.department)
    await turn.leave()
    await _show(turn, letter)


@pressed(Act.APPROVAL)
async def decide(turn: Turn, number: int, agree: bool) -> None:
    letter = await pending_decisions.letter(number)
    by = head_of(turn, letter.department)
    if not agree:
        await turn.ask(FLOW, subject(letter.id), notice=letter.id)
        await turn.show(subject(letter.id), views.why(letter, turn.words))
        return
    decided = await approval.decide(
        letter.id, True, by=by, at=turn.at, district=turn.services.district, key=turn.key()
    )
    await turn.toast("toast.saved")
    await _show(turn, decided)


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    letter = await pending_decisions.letter(prompt.data["notice"])
    decided = await approval.decide(
        letter.id, False, by=head_of(turn, letter.department), at=turn.at, district=turn.services.district,
        reason=text, key=turn.key(),
    )  # fmt: skip
    await turn.leave()
    await turn.nod()
    await _show(turn, decided)


async def _show(turn: Turn, letter: PendingNotice) -> None:
    link = turn.services.district.link(f"/console/tasks/{letter.task_number}")
    await turn.show(subject(letter.id), views.asked(letter, link, turn.words))
