"""The head lets a letter go out, or sends it back to the leader with a reason (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import approval as views
from models.procedure import approval
from models.procedure.dialogue import Waiting
from models.queries import pending_decisions

FLOW = "send_back"


def subject(notice: int) -> str:
    return f"approve:{notice}"


@pressed(Act.ASKED_APPROVAL)
async def asked_to_approve(turn: Turn, number: int) -> None:
    head_of(turn, (await pending_decisions.letter(number)).department)
    await turn.leave()
    await _show(turn, number)


@pressed(Act.APPROVAL)
async def decide(turn: Turn, number: int, agree: bool) -> None:
    found = await pending_decisions.letter(number)
    by = head_of(turn, found.department)
    if not agree:
        await turn.ask(FLOW, subject(found.id), notice=found.id)
        await turn.show(subject(found.id), views.why(found, turn.words))
        return
    await approval.decide(found.id, True, by=by, at=turn.at, district=turn.services.district, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, found.id)


async def typed(turn: Turn, prompt: Waiting, said: str) -> None:
    found = await pending_decisions.letter(prompt.data["notice"])
    await approval.decide(
        found.id, False, by=head_of(turn, found.department), at=turn.at, district=turn.services.district,
        reason=said, key=turn.key(),
    )  # fmt: skip
    await turn.leave()
    await turn.nod()
    await _show(turn, found.id)


async def _show(turn: Turn, notice: int) -> None:
    found = await pending_decisions.letter(notice)
    link = turn.services.district.link(f"/console/tasks/{found.task_number}")
    await turn.show(subject(notice), views.asked(found, link, turn.words))
