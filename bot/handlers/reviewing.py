"""审核 and 公示 in the chat: the head of the initiating department decides about a result (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import reviewing as views
from locales.refusals import explain
from models.procedure import entry, publication, revision
from models.procedure.dialogue import Waiting
from models.queries import publication as publications
from models.queries import reviewing as queries
from models.queries.person import departments_in
from models.queries.reviewing import Reviewed
from models.refusal import Refusal
from models.rules import publication as rules
from models.rules.visit import local_day
from models.states import REVIEWED

FLOW, REASONS, REVISE = "review_return", "publish_reason", "revise_reason"


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
async def publish(turn: Turn, task: int, reason: bool | None = None) -> None:
    """Open to all. What still stands against it is refused in words; `reason`: why something is missing is asked for."""
    found = await queries.reviewed(task)
    by = head_of(turn, found.department)
    if reason:
        await _ask_why(turn, found, {})
        return
    await publication.publish(
        found.number, by=by, at=turn.at, district=turn.services.district, key=turn.key()
    )
    await turn.toast("toast.saved")
    await show(turn, await queries.reviewed(found.id))


async def _ask_why(turn: Turn, found: Reviewed, said: dict[str, str]) -> None:
    """The next reason that publishing needs: why the entity was not told, then why there is no signed record sheet."""
    standing = await publications.standing_of(found.number)
    lacks = [*rules.lacking(standing)]
    missing = next((lack for lack in lacks if lack not in said), "")
    if not missing:
        await show(turn, found)
        return
    await turn.ask(REASONS, subject(found), task=found.id, lacks=missing, said=said)
    await turn.show(subject(found), views.why(found, turn.words, f"publishing.why_{missing}"))


async def typed_reason(turn: Turn, prompt: Waiting, line: str) -> None:
    found = await queries.reviewed(prompt.data["task"])
    by = head_of(turn, found.department)
    said = {**prompt.data["said"], prompt.data["lacks"]: line}
    standing = await publications.standing_of(found.number)
    await turn.leave()
    if set(rules.lacking(standing)) - set(said):
        await _ask_why(turn, found, said)
        return
    await publication.publish(
        found.number, by=by, at=turn.at, district=turn.services.district, unsigned=said.get("unsigned", ""),
        untold=said.get("untold", ""), key=turn.key(),
    )  # fmt: skip
    await turn.nod()
    await show(turn, await queries.reviewed(found.id))


@pressed(Act.REVISE)
async def revise(turn: Turn, task: int, ask: bool) -> None:
    """更正 is asked of the leader, or the result is withdrawn; why is typed, and read by everybody."""
    found = await queries.reviewed(task)
    head_of(turn, found.department)
    await turn.ask(REVISE, subject(found), task=found.id, ask=ask)
    await turn.show(
        subject(found),
        views.why(found, turn.words, "publishing.why_ask" if ask else "publishing.why_withdraw"),
    )


async def typed_revision(turn: Turn, prompt: Waiting, line: str) -> None:
    found = await queries.reviewed(prompt.data["task"])
    by = head_of(turn, found.department)
    act = revision.ask if prompt.data["ask"] else revision.withdraw
    await act(found.number, line, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await turn.say(turn.words("publishing.asked" if prompt.data["ask"] else "publishing.withdrawn"))
    await show(turn, await queries.reviewed(found.id))


async def show(turn: Turn, found: Reviewed) -> None:
    link = turn.services.district.link(f"/console/tasks/{found.number}")
    waits, reason = await _waits(turn, found), await _may_say_why(turn, found)
    await turn.show(subject(found), views.review(found, link, turn.words, waits, reason))


async def _may_say_why(turn: Turn, found: Reviewed) -> bool:
    """Whether nothing but a reason stands against publishing."""
    if found.state not in REVIEWED:
        return False
    district, standing = turn.services.district, await publications.standing_of(found.number)
    return bool(rules.lacking(standing)) and not rules.answering(
        district.calendar, district.reply_days, standing, local_day(turn.at)
    )


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
