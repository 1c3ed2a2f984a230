"""A second person confirms a credit code against its check digits, or declines (Art. 10)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import code_override as views
from models.procedure import code_override
from models.procedure.dialogue import OpenPrompt
from models.queries import code_overrides
from models.queries.code_overrides import OverrideLine
from models.refusal import Refusal
from models.rules.actor import Actor, Role

DECLINE = "code_decline"


@pressed(Act.CODE_ASKED)
async def asked(turn: Turn, number: int) -> None:
    by, proposal = await _asked(turn, number)
    await turn.leave()
    await _show(turn, proposal, by)


@pressed(Act.CODE_DECIDE)
async def decide(turn: Turn, number: int, agree: bool) -> None:
    by, proposal = await _asked(turn, number)
    if not agree:
        await turn.ask(DECLINE, _subject(proposal), override=proposal.id)
        await turn.show(_subject(proposal), views.why(proposal, turn.words))
        return
    await code_override.decide(proposal.id, True, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, (await _asked(turn, number))[1], by)


async def typed_reason(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    by, proposal = await _asked(turn, prompt.data["override"])
    await code_override.decide(proposal.id, False, typed, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, (await _asked(turn, proposal.id))[1], by)


async def _asked(turn: Turn, number: int) -> tuple[Actor, OverrideLine]:
    """The proposal, and the account of this person that may decide it: rather not the one that proposed."""
    proposal = await code_overrides.find(number)
    if proposal is None:
        raise Refusal("override.unknown", article="10", number=number)
    heads = [actor for actor in turn.person.acting(Role.HEAD) if actor.department == proposal.department]
    able = [*heads, *turn.person.acting(Role.OFFICE)]
    if not able:
        raise Refusal("override.not_yours", article="10", department=proposal.department)
    return next((actor for actor in able if actor.mark != proposal.proposed_by), able[0]), proposal


def _subject(proposal: OverrideLine) -> str:
    return f"code:{proposal.id}"


async def _show(turn: Turn, proposal: OverrideLine, by: Actor) -> None:
    link = turn.services.district.link("/console/code-overrides")
    view = views.proposal(proposal, by.mark != proposal.proposed_by, link, turn.words)
    await turn.show(_subject(proposal), view)
