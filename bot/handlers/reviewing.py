"""审核 and 公示 in the chat: the head of the initiating department decides about a result (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import reviewing as views
from locales.refusals import explain
from models.procedure import entry, publication
from models.procedure.dialogue import Waiting
from models.queries import publication as publications
from models.queries import reviewing as queries
from models.queries.person import departments_in
from models.queries.reviewing import Reviewed
from models.refusal import Refusal
from models.rules import publication as rules
from models.rules.visit import local_day
from models.states import REVIEWED

FLOW = "review_return"


def subject(found: Reviewed) -> str:
    return f"review:{found.id}"


@pressed(Act.REVIEW)
async def review(turn: Turn, task: int, agree: bool | None = None) -> None:
    """Without an answer the result with what failed; to send it back, a reason is asked for."""
    found = await queries.reviewed(task)
    by = head_of(turn, found.department)
    if agree is False:
        await turn.ask(FLOW, subject(found), task=found.id)
        await turn.show(subject(found), views.why(found, turn.words))
        return
    if agree:
        found = await entry.review(found.number, True, by=by, at=turn.at, key=turn.key())
        await turn.toast("toast.saved")
    await show(turn, found)


async def typed(turn: Turn, prompt: Waiting, said: str) -> None:
    found = await queries.reviewed(prompt.data["task"])
    by = head_of(turn, found.department)
    returned = await entry.review(found.number, False, by=by, at=turn.at, reason=said, key=turn.key())
    await turn.leave()
    await turn.nod()
    await show(turn, returned)


@pressed(Act.PUBLISH)
async def publish(turn: Turn, task: int) -> None:
    """Open to all. What still stands against it is refused in words; a reason for what is missing is written at a desk."""
    found = await queries.reviewed(task)
    by = head_of(turn, found.department)
    await publication.publish(
        found.number, by=by, at=turn.at, district=turn.services.district, key=turn.key()
    )
    await turn.toast("toast.saved")
    await show(turn, await queries.reviewed(found.id))


async def show(turn: Turn, found: Reviewed) -> None:
    link = turn.services.district.link(f"/console/tasks/{found.number}")
    await turn.show(subject(found), views.review(found, link, turn.words, await _waits(turn, found)))


async def _waits(turn: Turn, found: Reviewed) -> str:
    """Why a reviewed result cannot be published by one press now; "" where it can."""
    if found.state not in REVIEWED:
        return ""
    district, standing = turn.services.district, await publications.standing_of(found.number)
    try:
        rules.check(
            district.calendar, district.reply_days, standing, local_day(turn.at), unsigned="", untold=""
        )
    except Refusal as no:
        return explain(no, turn.words, await departments_in(no))
    return ""
