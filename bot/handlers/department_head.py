"""A department head consents, approves or refuses (Art. 14 (2), 16 (2))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import pending_decisions as views
from models.procedure import notice, team
from models.queries import pending_decisions
from models.refusal import Refusal
from models.rules.actor import Actor, Role


def head_of(turn: Turn, department: str) -> Actor:
    """The account of this person as head of that department; nobody else sees the question."""
    for actor in turn.person.acting(Role.HEAD):
        if actor.department == department:
            return actor
    raise Refusal("team.other_department", article="14(2)")


@pressed(Act.ASKED)
async def asked_out(turn: Turn, number: int) -> None:
    request = await pending_decisions.asked_out(number)
    head_of(turn, request.department)
    await turn.show(f"out:{request.id}", views.substitution(request, turn.words))


@pressed(Act.ASKED_WITHHOLD)
async def asked_to_withhold(turn: Turn, number: int) -> None:
    letter = await pending_decisions.letter(number)
    head_of(turn, letter.department)
    await turn.show(f"withhold:{letter.id}", views.withholding(letter, turn.words))


@pressed(Act.SUBSTITUTION)
async def substitution(turn: Turn, number: int, consent: bool) -> None:
    asked = await pending_decisions.asked_out(number)
    decided = await team.decide(
        asked.id, consent, by=head_of(turn, asked.department), at=turn.at, key=turn.key()
    )
    await turn.toast("toast.saved")
    await turn.show(f"out:{decided.id}", views.substitution(decided, turn.words))


@pressed(Act.WITHHOLDING)
async def withholding(turn: Turn, number: int, agree: bool) -> None:
    letter = await pending_decisions.letter(number)
    decided = await notice.decide_withholding(
        letter.id, agree, by=head_of(turn, letter.department), at=turn.at, key=turn.key()
    )
    await turn.toast("toast.saved")
    await turn.show(f"withhold:{letter.id}", views.withholding(decided, turn.words))
