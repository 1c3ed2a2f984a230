"""更换人员, begun by the leader, the head or the office: whom, why; nobody says who comes (Art. 14 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, task_for
from bot.turn import Turn
from bot.views import replacement as views
from models.procedure import team
from models.procedure.dialogue import Waiting
from models.queries import substitution as queries
from models.queries.board import ALL
from models.queries.substitution import Seat
from models.refusal import Refusal
from models.rules.actor import Actor, Role

FLOW, STAFF = "replacement", "staff"


@pressed(Act.REPLACE)
async def of_task(turn: Turn, task: int) -> None:
    """The leader's team, and the seats that stand empty."""
    _, card = await task_for(turn, task)
    await turn.ask("choosing", card_key(card.number), task=card.id)
    await turn.show(
        card_key(card.number), views.members(card, await queries.seats_of_task(card.id, turn.at), turn.words)
    )


@pressed(Act.STAFF)
async def staff(turn: Turn) -> None:
    """A head's officers who serve in open tasks; for the office those who may not go, and empty seats."""
    found: list[Seat] = []
    for head in turn.person.acting(Role.HEAD):
        found += await queries.staff(head.department, turn.at)
    if turn.person.acting(Role.OFFICE):
        found += [one for one in await queries.troubled(ALL, turn.at) if one not in found]
    await turn.show(STAFF, views.staff(found, turn.words))


@pressed(Act.REPLACE_WHO)
async def who(turn: Turn, seat: int) -> None:
    """Why this one is to be replaced."""
    _, found = await _seat(turn, seat)
    await turn.show(_card(turn, found), views.reasons(found, turn.words))


@pressed(Act.REPLACE_FOR)
async def replace_for(turn: Turn, seat: int, reason: str) -> None:
    by, found = await _seat(turn, seat)
    if reason == "other":
        await turn.ask(FLOW, _card(turn, found), seat=found.id)
        await turn.show(_card(turn, found), views.typing(found, turn.words))
        return
    await _request(turn, by, found, reason, "")


async def typed(turn: Turn, prompt: Waiting, said: str) -> None:
    by, found = await _seat(turn, prompt.data["seat"])
    await _request(turn, by, found, "other", said)


async def _request(turn: Turn, by: Actor, found: Seat, reason: str, note: str) -> None:
    asked = await team.request_substitution(
        found.number, found.officer, reason, note, by=by, at=turn.at, key=turn.key()
    )
    await turn.leave()
    await turn.toast("toast.saved" if asked.consented else "toast.asked_head")
    view = views.requested(found, turn.words, decided=asked.consented is not None)
    await turn.show(_card(turn, found), view)


def _card(turn: Turn, found: Seat) -> str:
    return card_key(found.number) if turn.person.acting(Role.INSPECTOR) else STAFF


async def _seat(turn: Turn, assignment: int) -> tuple[Actor, Seat]:
    """The seat, and the account of this person that may ask about it."""
    found = await queries.seat(assignment, turn.at)
    if found is None:
        raise Refusal("task.unknown", article="14(2)", task="")
    heads = [one for one in turn.person.acting(Role.HEAD) if one.department == found.department]
    leading = [one for one in turn.person.acting(Role.INSPECTOR) if await queries.leads(found.task, one.id)]
    able = [*heads, *leading, *turn.person.acting(Role.OFFICE)]
    if not able:
        raise Refusal("team.other_department", article="14(2)")
    return able[0], found
