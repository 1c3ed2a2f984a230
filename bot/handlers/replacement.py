"""更换人员, begun by the leader, the head or the office: whom, why; nobody says who comes (Art. 14 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, task_for
from bot.turn import Turn
from bot.views import replacement as views
from models.procedure import team
from models.procedure.dialogue import OpenPrompt
from models.queries import substitution as queries
from models.queries.board import ALL
from models.queries.substitution import TeamSeat
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
    seats: list[TeamSeat] = []
    for head in turn.person.acting(Role.HEAD):
        seats += await queries.staff(head.department, turn.at)
    if turn.person.acting(Role.OFFICE):
        seats += [seat for seat in await queries.troubled(ALL, turn.at) if seat not in seats]
    await turn.show(STAFF, views.staff(seats, turn.words))


@pressed(Act.REPLACE_WHO)
async def who(turn: Turn, seat: int) -> None:
    """Why this one is to be replaced."""
    by, team_seat = await _seat(turn, seat)
    hosts = by.role in (Role.HEAD, Role.OFFICE)
    batch = turn.services.district.link(f"/console/batches/{team_seat.batch}") if hosts else ""
    await turn.show(_card(turn, team_seat), views.reasons(team_seat, batch, turn.words))


@pressed(Act.REPLACE_FOR)
async def replace_for(turn: Turn, seat: int, reason: str) -> None:
    by, team_seat = await _seat(turn, seat)
    if reason == "other":
        await turn.ask(FLOW, _card(turn, team_seat), seat=team_seat.id)
        await turn.show(_card(turn, team_seat), views.typing(team_seat, turn.words))
        return
    await _request(turn, by, team_seat, reason, "")


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, seat = await _seat(turn, prompt.data["seat"])
    await _request(turn, by, seat, "other", text)


async def _request(turn: Turn, by: Actor, seat: TeamSeat, reason: str, note: str) -> None:
    asked = await team.request_substitution(
        seat.number, seat.officer, reason, note, by=by, at=turn.at, key=turn.key()
    )
    await turn.leave()
    await turn.toast("toast.saved" if asked.consented else "toast.asked_head")
    view = views.requested(seat, turn.words, decided=asked.consented is not None)
    await turn.show(_card(turn, seat), view)


def _card(turn: Turn, seat: TeamSeat) -> str:
    return card_key(seat.number) if turn.person.acting(Role.INSPECTOR) else STAFF


async def _seat(turn: Turn, assignment: int) -> tuple[Actor, TeamSeat]:
    """The seat, and the account of this person that may ask about it."""
    seat = await queries.seat(assignment, turn.at)
    if seat is None:
        raise Refusal("task.unknown", article="14(2)", task="")
    heads = [actor for actor in turn.person.acting(Role.HEAD) if actor.department == seat.department]
    leading = [
        actor for actor in turn.person.acting(Role.INSPECTOR) if await queries.leads(seat.task, actor.id)
    ]
    able = [*heads, *leading, *turn.person.acting(Role.OFFICE)]
    if not able:
        raise Refusal("team.other_department", article="14(2)")
    return able[0], seat
