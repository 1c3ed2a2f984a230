"""现场复查: set, begun, ended and signed by officers, in the chat (Art. 17).

The entity signs on glass, in the companion; that it refuses is typed here too.
"""

from __future__ import annotations

from datetime import datetime, time

from bot.buttons import Act, pressed
from bot.handlers import rectification
from bot.handlers.current_task import task_for
from bot.handlers.rectification import subject
from bot.turn import Turn
from bot.views import recheck as views
from models.procedure import recheck
from models.procedure.dialogue import OpenPrompt
from models.queries import rechecks as queries
from models.queries import rectification as orders
from models.queries.rechecks import RecheckLine
from models.queries.rectification import OrderLine
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.day import read_day
from models.rules.recheck import PointFinding, PointFound
from models.rules.visit import instant

DAY, FLOW, REFUSE = "recheck_day", "recheck", "recheck_refuse"


@pressed(Act.RECHECK)
async def who(turn: Turn, order: int) -> None:
    """Who comes along; then the day is typed."""
    line = await orders.line(order)
    by, _ = await task_for(turn, line.task)
    await turn.show(subject(line), views.mates(line, await queries.mates(line.task, by.id), turn.words))


@pressed(Act.RECHECK_WITH)
async def with_whom(turn: Turn, order: int, code: str) -> None:
    line = await orders.line(order)
    await task_for(turn, line.task)
    await turn.ask(DAY, subject(line), order=line.id, second=code)
    await turn.show(subject(line), views.day(line, turn.words))


async def typed_day(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    """2026-12-21 10:00."""
    line = await orders.line(prompt.data["order"])
    by, _ = await task_for(turn, line.task)
    begins = _begins(typed)
    await recheck.announce(line.id, begins, prompt.data["second"], by=by, at=turn.at, key=turn.key())
    await _settled(turn, line.id)


def _begins(typed: str) -> datetime:
    day, _, clock = typed.strip().partition(" ")
    begins, read = read_day(day), clock.strip().replace("：", ":")
    try:
        at = time.fromisoformat(read.zfill(5))
    except ValueError:
        begins = None
    if begins is None or at.tzinfo is not None:
        raise Refusal("recheck.no_day", article="17")
    return instant(begins, at)


@pressed(Act.RECHECK_BEGIN)
async def begin(turn: Turn, number: int) -> None:
    by, line, _ = await _found(turn, number)
    await recheck.begin(line.id, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show_points(turn, line.id, {})


@pressed(Act.RECHECK_POINTS)
async def points(turn: Turn, number: int) -> None:
    """Photos that are sent now are of this recheck."""
    await _found(turn, number)
    await _show_points(turn, number, await _so_far(turn, number))


@pressed(Act.RECHECK_POINT)
async def point(turn: Turn, number: int, which: int) -> None:
    """Put right, partly, not, and nothing findings again."""
    await _found(turn, number)
    marks = await _so_far(turn, number)
    marks = {**marks, str(which): views.NEXT[marks.get(str(which), "")]}
    await _show_points(turn, number, marks)


async def _so_far(turn: Turn, number: int) -> dict[str, str]:
    prompt = await turn.prompt()
    mine = prompt is not None and prompt.flow == FLOW and prompt.data.get("recheck") == number
    return dict(prompt.data["found"]) if prompt and mine else {}


async def _show_points(turn: Turn, number: int, marks: dict[str, str], *, anew: bool = False) -> None:
    line = await queries.line(number)
    order = await orders.line(line.order)
    await turn.ask(FLOW, subject(order), task=order.task_id, recheck=line.id, found=marks)
    await turn.show(subject(order), views.points(order, line, marks, turn.words), anew=anew)


async def photographed(turn: Turn, prompt: OpenPrompt) -> None:
    await _show_points(turn, prompt.data["recheck"], dict(prompt.data["found"]), anew=True)


@pressed(Act.RECHECK_END)
async def end(turn: Turn, number: int) -> None:
    await _conclude(turn, number, await _so_far(turn, number), "")
    await turn.toast("toast.saved")


async def typed_note(turn: Turn, prompt: OpenPrompt, note: str) -> None:
    """What is still missing, of all points that are not put right."""
    await _conclude(turn, prompt.data["recheck"], dict(prompt.data["found"]), note)
    await turn.nod()


async def _conclude(turn: Turn, number: int, marks: dict[str, str], note: str) -> None:
    by, line, _ = await _found(turn, number)
    findings = [
        PointFinding(int(which), PointFound(how), "" if how == PointFound.RECTIFIED else note)
        for which, how in marks.items()
        if how
    ]
    await recheck.conclude(line.id, findings, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await rectification.show(turn, await orders.line(line.order))


@pressed(Act.RECHECK_SIGN)
async def sign(turn: Turn, number: int) -> None:
    """By the own account, under the record as it stands."""
    by, line, _ = await _found(turn, number)
    await recheck.sign(line.id, line.sha256, by.id, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await rectification.show(turn, await orders.line(line.order))


@pressed(Act.RECHECK_REFUSE)
async def refuse(turn: Turn, number: int) -> None:
    _, line, order = await _found(turn, number)
    await turn.ask(REFUSE, subject(order), recheck=line.id)
    await turn.show(subject(order), views.typing(order, turn.words("recheck.chat.refuse"), turn.words))


async def typed_refusal(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    """Why on the first line, the witness on the second."""
    by, line, _ = await _found(turn, prompt.data["recheck"])
    reason, _, witness = typed.strip().partition("\n")
    await recheck.refuse_to_sign(line.id, line.sha256, reason, witness, by=by, at=turn.at, key=turn.key())
    await _settled(turn, line.order)


async def _found(turn: Turn, number: int) -> tuple[Actor, RecheckLine, OrderLine]:
    line = await queries.line(number)
    by, _ = await task_for(turn, line.task)
    return by, line, await orders.line(line.order)


async def _settled(turn: Turn, order: int) -> None:
    await turn.leave()
    await turn.nod()
    await rectification.show(turn, await orders.line(order))
