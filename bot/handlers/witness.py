"""见证: the head of a witness's department, or whom the head named, pledges and reveals in the chat (Art. 14 (1))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import witness as views
from models.procedure import ceremony
from models.procedure.dialogue import OpenPrompt
from models.queries import ceremony as queries
from models.queries.ceremony import Speaking
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.public.draw import CeremonyStep

FLOW = "witness"


def subject(pledge: int) -> str:
    return f"witness:{pledge}"


def page(turn: Turn, speaking: Speaking) -> str:
    """Where the value is made on the own device and turned into its pledge."""
    return turn.services.district.link(f"/draws/{speaking.draw}/witness")


def speaker(turn: Turn, speaking: Speaking) -> Actor:
    """The account of this person that may speak for the source."""
    for actor in turn.person.acting(Role.HEAD, Role.INSPECTOR):
        if actor.department == speaking.department and (
            actor.role == Role.HEAD or actor.account == speaking.named
        ):
            return actor
    raise Refusal("draw.other_witness", article="14(1)", source=speaking.source)


@pressed(Act.WITNESS)
async def asked(turn: Turn, number: int) -> None:
    speaking = await queries.speaking(number)
    speaker(turn, speaking)
    await turn.leave()
    await turn.show(subject(speaking.id), views.asked(speaking, page(turn, speaking), turn.words))


@pressed(Act.WITNESS_GIVE)
async def give(turn: Turn, number: int) -> None:
    """What is awaited now: the pledge, or once all have pledged the value."""
    speaking = await queries.speaking(number)
    speaker(turn, speaking)
    if (
        speaking.value
        or speaking.step in (CeremonyStep.VOIDED, CeremonyStep.HELD)
        or (speaking.pledge and speaking.step == CeremonyStep.PLEDGES)
    ):
        await asked(turn, number)
        return
    await turn.ask(FLOW, subject(speaking.id), pledge=speaking.id)
    await turn.show(subject(speaking.id), views.give(speaking, page(turn, speaking), turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    speaking = await queries.speaking(prompt.data["pledge"])
    by, given = speaker(turn, speaking), "".join(text.split()).lower()
    if speaking.pledge:
        now = await ceremony.reveal(speaking.draw, speaking.source, given, by=by, at=turn.at)
    else:
        now = await ceremony.pledge(speaking.draw, speaking.source, given, by=by, at=turn.at)
    await turn.leave()
    await turn.nod()
    await turn.show(subject(speaking.id), views.asked(now, page(turn, now), turn.words), anew=True)
