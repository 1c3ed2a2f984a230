"""A department head consents, approves or refuses (Art. 14 (2), 16 (2))."""

from __future__ import annotations

from bot.turn import Turn
from bot.views import pending_decisions as views
from models.procedure import notice, team
from models.queries import pending_decisions
from models.refusal import Refusal
from models.rules.actor import Actor, Role


def head_of(turn: Turn, department: str) -> Actor:
    """The account of this person as head of that department; nobody else sees the question."""
    for one in turn.person.acting(Role.HEAD):
        if one.department == department:
            return one
    raise Refusal("team.other_department", article="14(2)")


async def asked_out(turn: Turn, number: str) -> None:
    found = await pending_decisions.asked_out(int(number))
    head_of(turn, found.department)
    await turn.show(f"out:{found.id}", views.substitution(found, turn.words))


async def asked_to_withhold(turn: Turn, number: str) -> None:
    found = await pending_decisions.letter(int(number))
    head_of(turn, found.department)
    await turn.show(f"withhold:{found.id}", views.withholding(found, turn.words))


async def substitution(turn: Turn, number: str, consent: str) -> None:
    found = await pending_decisions.asked_out(int(number))
    await team.decide(
        found.id, consent == "1", by=head_of(turn, found.department), at=turn.at, key=turn.key()
    )
    await turn.toast("toast.saved")
    await turn.show(
        f"out:{found.id}", views.substitution(await pending_decisions.asked_out(found.id), turn.words)
    )


async def withholding(turn: Turn, number: str, agree: str) -> None:
    found = await pending_decisions.letter(int(number))
    await notice.decide_withholding(
        found.id, agree == "1", by=head_of(turn, found.department), at=turn.at, key=turn.key()
    )
    await turn.toast("toast.saved")
    await turn.show(
        f"withhold:{found.id}", views.withholding(await pending_decisions.letter(found.id), turn.words)
    )
