"""A head accepts that two joint inspections become one, or objects (Art. 12)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import plan_merge as views
from models.procedure import plan_merge
from models.procedure.dialogue import OpenPrompt
from models.queries import plan_merges
from models.queries.plan_merges import EntryMerge
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.plan import ARTICLE

OBJECT = "merge_object"


@pressed(Act.MERGE_ASKED)
async def asked(turn: Turn, number: int) -> None:
    proposal = await _proposal(number)
    by = _head(turn, proposal)
    await turn.leave()
    await _show(turn, proposal, by)


@pressed(Act.MERGE_SIGN)
async def sign(turn: Turn, number: int, agree: bool) -> None:
    proposal = await _proposal(number)
    by = _head(turn, proposal)
    if not agree:
        await turn.ask(OBJECT, _subject(proposal), merge=proposal.id)
        await turn.show(_subject(proposal), views.why(proposal, turn.words))
        return
    proposal = await plan_merge.sign(proposal.id, True, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, proposal, by)


async def typed_objection(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    proposal = await _proposal(prompt.data["merge"])
    by = _head(turn, proposal)
    proposal = await plan_merge.sign(proposal.id, False, typed, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, proposal, by)


def _subject(proposal: EntryMerge) -> str:
    return f"plan_merge:{proposal.id}"


def _head(turn: Turn, proposal: EntryMerge) -> Actor:
    """This person as head of a department that is asked: of one that has not answered yet, where there are several."""
    answered = {head.department: head.agreed for head in proposal.heads}
    own = [actor for actor in turn.person.acting(Role.HEAD) if actor.department in answered]
    if not own:
        raise Refusal("plan.merge_not_asked", ARTICLE, entry=proposal.form.code, other=proposal.ends)
    return next((actor for actor in own if answered[actor.department] is None), own[0])


async def _proposal(number: int) -> EntryMerge:
    if (proposal := await plan_merges.merge(number)) is None:
        raise Refusal("plan.merge_over", ARTICLE)
    return proposal


async def _show(turn: Turn, proposal: EntryMerge, by: Actor) -> None:
    link = turn.services.district.link(f"/console/merges?year={proposal.year}")
    await turn.show(_subject(proposal), views.proposal(proposal, by.department, link, turn.words))
