"""责令限期改正: ordered, verified and extended by officers, filed and withdrawn by heads, in the chat (Art. 17)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, task_for
from bot.handlers.department_head import head_of
from bot.handlers.receipt import read as read_number
from bot.turn import Turn
from bot.views import recheck as recheck_views
from bot.views import rectification as views
from models.procedure import rectification
from models.procedure.dialogue import OpenPrompt
from models.queries import rectification as queries
from models.queries.card import TaskCard
from models.queries.rectification import OrderLine
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.day import read_day
from models.rules.rectification import OFFERED, RectificationOutcome
from models.rules.visit import local_day

ORDERING, VERIFYING, EXTENDING, FILING, REVOKING = (
    "order", "order_verify", "order_extend", "order_file", "order_revoke",
)  # fmt: skip
OUTCOMES = {"partly": "rectification.chat.why_partly", "not_done": "rectification.chat.why_not"}


@pressed(Act.ORDERS)
async def orders(turn: Turn, task: int) -> None:
    """The orders of a task; a term, tapped or typed, orders what is named."""
    by, card = await task_for(turn, task)
    await turn.ask(ORDERING, card_key(card.number), task=card.id, but=[])
    await _show_orders(turn, by, card, [])


async def _show_orders(turn: Turn, by: Actor, card: TaskCard, but: list[int]) -> None:
    standing, proposal = await queries.of_task(card.number), await queries.proposal(card.number, by.id)
    view = views.orders(card.id, card.number, card.target, standing, proposal, turn.words, but=but)
    await turn.show(card_key(card.number), view)


@pressed(Act.ORDER_POINT)
async def point(turn: Turn, task: int, number: int) -> None:
    """Left out of the order, or in it again."""
    by, card = await task_for(turn, task)
    before = await _left_out(turn, card.id)
    but = [left for left in before if left != number] if number in before else [*before, number]
    await turn.ask(ORDERING, card_key(card.number), task=card.id, but=but)
    await _show_orders(turn, by, card, but)


async def _left_out(turn: Turn, task: int) -> list[int]:
    prompt = await turn.prompt()
    mine = prompt is not None and prompt.flow == ORDERING and prompt.data.get("task") == task
    return list(prompt.data["but"]) if prompt and mine else []


@pressed(Act.ORDER_FOR)
async def order_for(turn: Turn, task: int, days: int) -> None:
    if days not in OFFERED:
        raise Refusal("rectification.no_day", article="17")
    but = await _left_out(turn, task)
    await _issue(turn, task, local_day(turn.at) + timedelta(days=days), but, "")
    await turn.toast("toast.saved")


async def typed_order(turn: Turn, prompt: OpenPrompt, line: str) -> None:
    """The last day on the first line, what is asked for besides on the others."""
    first, _, demand = line.strip().partition("\n")
    due = read_day(first)
    if due is None:
        raise Refusal("rectification.no_day", article="17")
    await _issue(turn, prompt.data["task"], due, prompt.data["but"], demand)
    await turn.nod()


async def _issue(turn: Turn, task: int, due: date, but: list[int], demand: str) -> None:
    by, card = await task_for(turn, task)
    proposal = await queries.proposal(card.number, by.id)
    points = [point.number for point in proposal.points if point.number not in but] if proposal else []
    issued = await rectification.issue(
        card.number, due, points, demand, by=by, at=turn.at, district=turn.services.district, key=turn.key()
    )
    await turn.leave()
    await show(turn, issued, headline=turn.words("rectification.chat.ordered"))


@pressed(Act.ORDER)
async def order(turn: Turn, number: int) -> None:
    await turn.leave()
    await show(turn, await queries.line(number))


async def show(turn: Turn, line: OrderLine, headline: str = "") -> None:
    """With the acts of whoever reads it; unknown to those of other departments."""
    officer, head = await _officer(turn, line) is not None, _head(turn, line) is not None
    serves = await _serves(turn, line)
    if not serves and not head:
        await task_for(turn, line.task)  # says why not
    link = turn.services.district.link(f"/console/tasks/{line.task}#orders")
    view = views.order(
        line, turn.words, console=link, officer=officer, head=head, headline=headline,
        goes=recheck_views.offered(line, serves.id, turn.at, turn.words) if serves else (),
    )  # fmt: skip
    await turn.show(subject(line), view)


def subject(line: OrderLine) -> str:
    return f"rectification:{line.id}"


async def _officer(turn: Turn, line: OrderLine) -> Actor | None:
    """The account that serves in the task for the order's department."""
    by = await _serves(turn, line)
    return by if by and (await task_for(turn, line.task))[1].department == line.department else None


async def _serves(turn: Turn, line: OrderLine) -> Actor | None:
    """The account that serves in the task, of whichever department."""
    if not turn.person.acting(Role.INSPECTOR):
        return None
    try:
        return (await task_for(turn, line.task))[0]
    except Refusal:
        return None


def _head(turn: Turn, line: OrderLine) -> Actor | None:
    heads = [actor for actor in turn.person.acting(Role.HEAD) if actor.department == line.department]
    return heads[0] if heads else None


async def _by(turn: Turn, line: OrderLine) -> Actor:
    """The officer who does it; whoever is none of the department is told so by the act itself."""
    by = await _officer(turn, line)
    return by or (await task_for(turn, line.task))[0]


@pressed(Act.ORDER_VERIFY)
async def verify(turn: Turn, number: int, outcome: str) -> None:
    """已改正 at once; less needs a reason, which is asked for, and for 部分改正 the points."""
    line = await queries.line(number)
    if outcome in OUTCOMES:
        await _ask_why(turn, line, outcome, [])
        return
    await _decide(turn, line, RectificationOutcome.VERIFIED, "", [])
    await turn.toast("toast.saved")


async def _ask_why(turn: Turn, line: OrderLine, outcome: str, done: list[int]) -> None:
    await turn.ask(VERIFYING, subject(line), order=line.id, outcome=outcome, done=done)
    view = views.why(line, OUTCOMES[outcome], turn.words, done=done, partly=outcome == "partly")
    await turn.show(subject(line), view)


@pressed(Act.ORDER_DONE)
async def done(turn: Turn, number: int, which: int) -> None:
    """A point that is put right, or after all not."""
    line, prompt = await queries.line(number), await turn.prompt()
    mine = prompt is not None and prompt.flow == VERIFYING and prompt.data.get("order") == line.id
    before: list[int] = list(prompt.data["done"]) if prompt and mine else []
    after = [right for right in before if right != which] if which in before else [*before, which]
    await _ask_why(turn, line, "partly", after)


async def typed_verify(turn: Turn, prompt: OpenPrompt, reason: str) -> None:
    outcome = RectificationOutcome(prompt.data["outcome"])
    await _decide(turn, await queries.line(prompt.data["order"]), outcome, reason, prompt.data["done"])
    await turn.nod()


async def _decide(
    turn: Turn, line: OrderLine, outcome: RectificationOutcome, reason: str, done: list[int]
) -> None:  # fmt: skip
    decided = await rectification.decide(
        line.id, outcome, reason, done, by=await _by(turn, line), at=turn.at, key=turn.key()
    )
    await turn.leave()
    await show(turn, decided)


@pressed(Act.ORDER_EXTEND)
async def extend(turn: Turn, number: int, days: int = 0) -> None:
    """By how many days, then why."""
    line, today = await queries.line(number), local_day(turn.at)
    if not days:
        await turn.show(subject(line), views.terms(line, today, turn.words))
        return
    until = max(line.due, today) + timedelta(days=days)
    await turn.ask(EXTENDING, subject(line), order=line.id, until=until.isoformat())
    await turn.show(subject(line), views.why(line, "rectification.chat.why_extend", turn.words))


async def typed_extend(turn: Turn, prompt: OpenPrompt, reason: str) -> None:
    line = await queries.line(prompt.data["order"])
    until = date.fromisoformat(prompt.data["until"])
    extended = await rectification.extend(
        line.id,
        until,
        reason,
        by=await _by(turn, line),
        at=turn.at,
        district=turn.services.district,
        key=turn.key(),
    )
    await _settled(turn, extended)


@pressed(Act.ORDER_FILE)
async def file(turn: Turn, number: int) -> None:
    """立案: number and day are typed."""
    await _ask_head(turn, number, FILING, "rectification.chat.case")


@pressed(Act.ORDER_REVOKE)
async def revoke(turn: Turn, number: int) -> None:
    await _ask_head(turn, number, REVOKING, "rectification.revoke_why")


async def _ask_head(turn: Turn, number: int, flow: str, key: str) -> None:
    line = await queries.line(number)
    head_of(turn, line.department)
    await turn.ask(flow, subject(line), order=line.id)
    await turn.show(subject(line), views.why(line, key, turn.words))


async def typed_file(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    """The number on the first line; a day on the second, today where there is none."""
    line = await queries.line(prompt.data["order"])
    case, day = read_number(typed)
    who: dict[str, Any] = {"by": head_of(turn, line.department), "at": turn.at, "key": turn.key()}
    await _settled(turn, await rectification.file(line.id, case, day or local_day(turn.at), **who))


async def typed_revoke(turn: Turn, prompt: OpenPrompt, reason: str) -> None:
    line = await queries.line(prompt.data["order"])
    by = head_of(turn, line.department)
    await _settled(turn, await rectification.revoke(line.id, reason, by=by, at=turn.at, key=turn.key()))


async def _settled(turn: Turn, line: OrderLine) -> None:
    await turn.leave()
    await turn.nod()
    await show(turn, line)
