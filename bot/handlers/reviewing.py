"""审核 and 公示 in the chat: the head of the initiating department decides about a result (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import reviewing as views
from locales import Words
from locales.refusals import explain
from models.district import District
from models.procedure import entry, publication, revision
from models.procedure.dialogue import OpenPrompt
from models.queries import publication as publications
from models.queries import reviewing as queries
from models.queries.person import departments_in
from models.queries.reviewing import Reviewed
from models.refusal import Refusal
from models.rules import publication as rules
from models.rules.visit import local_day
from models.states import REVIEWED

FLOW, REASONS, REVISE = "review_return", "publish_reason", "revise_reason"


def subject(reviewed: Reviewed) -> str:
    return f"review:{reviewed.id}"


@pressed(Act.REVIEW)
async def review(turn: Turn, task: int, agree: bool | None = None) -> None:
    """Without an answer the result with what failed; to send it back, a reason is asked for."""
    reviewed = await queries.reviewed(task)
    by = head_of(turn, reviewed.department)
    if agree is False:
        await turn.ask(FLOW, subject(reviewed), task=reviewed.id)
        await turn.show(subject(reviewed), views.why(reviewed, turn.words))
        return
    if agree:
        reviewed = await entry.review(reviewed.number, True, by=by, at=turn.at, key=turn.key())
        await turn.toast("toast.saved")
    await show(turn, reviewed)


@pressed(Act.RETURN_ONLY)
async def return_only(turn: Turn, task: int, department: str) -> None:
    """One department's result goes back: why is typed."""
    reviewed = await queries.reviewed(task)
    head_of(turn, reviewed.department)
    await turn.ask(FLOW, subject(reviewed), task=reviewed.id, department=department)
    await turn.show(subject(reviewed), views.why(reviewed, turn.words, only=department))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    reviewed = await queries.reviewed(prompt.data["task"])
    by, department = head_of(turn, reviewed.department), prompt.data.get("department", "")
    returned = await entry.review(
        reviewed.number, False, by=by, at=turn.at, reason=text, department=department, key=turn.key()
    )
    await turn.leave()
    await turn.nod()
    await show(turn, returned)


@pressed(Act.PUBLISH)
async def publish(turn: Turn, task: int, reason: bool | None = None) -> None:
    """Open to all. What still stands against it is refused in words; `reason`: why something is missing is asked for."""
    reviewed = await queries.reviewed(task)
    by = head_of(turn, reviewed.department)
    if reason:
        await _ask_why(turn, reviewed, {})
        return
    await publication.publish(
        reviewed.number, by=by, at=turn.at, district=turn.services.district, key=turn.key()
    )
    await turn.toast("toast.saved")
    await show(turn, await queries.reviewed(reviewed.id))


async def _ask_why(turn: Turn, reviewed: Reviewed, params: dict[str, str]) -> None:
    """The next reason that publishing needs: why the entity was not told, then why there is no signed record sheet."""
    standing = await publications.standing_of(reviewed.number)
    lacks = [*rules.lacking(standing)]
    missing = next((lack for lack in lacks if lack not in params), "")
    if not missing:
        await show(turn, reviewed)
        return
    await turn.ask(REASONS, subject(reviewed), task=reviewed.id, lacks=missing, said=params)
    await turn.show(subject(reviewed), views.why(reviewed, turn.words, f"publishing.why_{missing}"))


async def typed_reason(turn: Turn, prompt: OpenPrompt, line: str) -> None:
    reviewed = await queries.reviewed(prompt.data["task"])
    by = head_of(turn, reviewed.department)
    params = {**prompt.data["said"], prompt.data["lacks"]: line}
    standing = await publications.standing_of(reviewed.number)
    await turn.leave()
    if set(rules.lacking(standing)) - set(params):
        await _ask_why(turn, reviewed, params)
        return
    await publication.publish(
        reviewed.number, by=by, at=turn.at, district=turn.services.district, unsigned=params.get("unsigned", ""),
        untold=params.get("untold", ""), key=turn.key(),
    )  # fmt: skip
    await turn.nod()
    await show(turn, await queries.reviewed(reviewed.id))


@pressed(Act.REVISE)
async def revise(turn: Turn, task: int, ask: bool) -> None:
    """更正 is asked of the leader, or the result is withdrawn; why is typed, and read by everybody."""
    reviewed = await queries.reviewed(task)
    head_of(turn, reviewed.department)
    await turn.ask(REVISE, subject(reviewed), task=reviewed.id, ask=ask)
    await turn.show(
        subject(reviewed),
        views.why(reviewed, turn.words, "publishing.why_ask" if ask else "publishing.why_withdraw"),
    )


async def typed_revision(turn: Turn, prompt: OpenPrompt, line: str) -> None:
    reviewed = await queries.reviewed(prompt.data["task"])
    by = head_of(turn, reviewed.department)
    act = revision.ask if prompt.data["ask"] else revision.withdraw
    await act(reviewed.number, line, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await turn.say(turn.words("publishing.asked" if prompt.data["ask"] else "publishing.withdrawn"))
    await show(turn, await queries.reviewed(reviewed.id))


async def show(turn: Turn, reviewed: Reviewed) -> None:
    link = turn.services.district.link(f"/console/tasks/{reviewed.number}")
    waits, reason = await waits_for(reviewed, turn.services.district, turn.words, turn.at)
    await turn.show(subject(reviewed), views.review(reviewed, link, turn.words, waits, reason))


async def waits_for(reviewed: Reviewed, district: District, words: Words, at: datetime) -> tuple[str, bool]:
    """Why a reviewed result cannot be published by one press at `at`, "" where it can; whether a reason would do."""
    if reviewed.state not in REVIEWED:
        return "", False
    standing, today = await publications.standing_of(reviewed.number), local_day(at)
    try:
        rules.check(district.calendar, district.reply_days, standing, today, unsigned="", untold="")
    except Refusal as no:
        answering = rules.answering(district.calendar, district.reply_days, standing, today)
        return explain(no, words, await departments_in(no)), bool(rules.lacking(standing)) and not answering
    return "", False
