"""见证: the head of a witness's department, or whom the head named, pledges and reveals in the chat (Art. 14 (1))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import witness as views
from models.procedure import ceremony
from models.procedure.dialogue import Waiting
from models.queries import ceremony as queries
from models.queries.ceremony import Speaking
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.public.draw import Step

FLOW = "witness"


def subject(pledge: int) -> str:
    return f"witness:{pledge}"


def page(turn: Turn, found: Speaking) -> str:
    """Where the value is made on the own device and turned into its pledge."""
    return turn.services.district.link(f"/draws/{found.draw}/witness")


def speaker(turn: Turn, found: Speaking) -> Actor:
    """The account of this person that may speak for the source."""
    for one in turn.person.acting(Role.HEAD, Role.INSPECTOR):
        if one.department == found.department and (one.role == Role.HEAD or one.account == found.named):
            return one
    raise Refusal("draw.other_witness", article="14(1)", source=found.source)


@pressed(Act.WITNESS)
async def asked(turn: Turn, number: int) -> None:
    found = await queries.speaking(number)
    speaker(turn, found)
    await turn.leave()
    await turn.show(subject(found.id), views.asked(found, page(turn, found), turn.words))


@pressed(Act.WITNESS_GIVE)
async def give(turn: Turn, number: int) -> None:
    """What is awaited now: the pledge, or once all have pledged the value."""
    found = await queries.speaking(number)
    speaker(turn, found)
    if found.value or found.step in (Step.VOIDED, Step.HELD) or (found.pledge and found.step == Step.PLEDGES):
        await asked(turn, number)
        return
    await turn.ask(FLOW, subject(found.id), pledge=found.id)
    await turn.show(subject(found.id), views.give(found, page(turn, found), turn.words))


async def typed(turn: Turn, prompt: Waiting, said: str) -> None:
    found = await queries.speaking(prompt.data["pledge"])
    by, given = speaker(turn, found), "".join(said.split()).lower()
    if found.pledge:
        now = await ceremony.reveal(found.draw, found.source, given, by=by, at=turn.at)
    else:
        now = await ceremony.pledge(found.draw, found.source, given, by=by, at=turn.at)
    await turn.leave()
    await turn.nod()
    await turn.show(subject(found.id), views.asked(now, page(turn, now), turn.words), anew=True)
