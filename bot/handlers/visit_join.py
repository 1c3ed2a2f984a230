"""合并上门 in the chat: a leader proposes one visit for two batches, leaders and heads accept or object (Art. 15)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import visit_join as views
from models.procedure import visit_join
from models.procedure.dialogue import OpenPrompt
from models.queries import visit_joins
from models.queries.answering_party import key_of
from models.queries.visit_joins import JoinProposal
from models.refusal import Refusal
from models.rules.actor import Actor, Role

OBJECT, PART = "join_object", "join_part"


@pressed(Act.JOIN)
async def propose(turn: Turn, task: int, number: int) -> None:
    """One visit for this task and the other batch's at the same target."""
    for by in turn.person.acting(Role.INSPECTOR):
        for visit in await visit_joins.joinable(by.id, turn.at):
            if (visit.id, visit.other_id) == (task, number):
                proposal = await visit_join.propose(
                    visit.number, visit.other, by=by, at=turn.at, key=turn.key()
                )
                await turn.toast("join.proposed")
                await _show(turn, proposal)
                return
    raise Refusal("visit.join_unknown", "15")


@pressed(Act.JOIN_ASKED)
async def asked(turn: Turn, number: int) -> None:
    proposal, _ = await _asked(turn, number)
    await turn.leave()
    await _show(turn, proposal)


@pressed(Act.JOIN_ANSWER)
async def answer(turn: Turn, number: int, agree: bool) -> None:
    proposal, by = await _asked(turn, number)
    if not agree:
        await turn.ask(OBJECT, _subject(proposal), join=proposal.id)
        await turn.show(_subject(proposal), views.why(proposal, turn.words))
        return
    proposal = await visit_join.answer(proposal.id, True, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, proposal)


@pressed(Act.JOIN_PART)
async def part(turn: Turn, number: int) -> None:
    proposal, _ = await _asked(turn, number)
    await turn.ask(PART, _subject(proposal), join=proposal.id)
    await turn.show(_subject(proposal), views.why(proposal, turn.words))


async def typed_objection(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    proposal, by = await _asked(turn, prompt.data["join"])
    proposal = await visit_join.answer(proposal.id, False, typed, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, proposal)


async def typed_parting(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    proposal, by = await _asked(turn, prompt.data["join"])
    proposal = await visit_join.part(proposal.id, typed, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, proposal)


def _subject(proposal: JoinProposal) -> str:
    return f"visit_join:{proposal.id}"


async def _asked(turn: Turn, number: int) -> tuple[JoinProposal, Actor]:
    """The proposal, and as whom this person speaks: who has not answered yet, where there are several."""
    proposal = await visit_joins.find(number)
    own = [
        actor
        for actor in turn.person.acting(Role.INSPECTOR, Role.HEAD)
        if proposal and any(party.key == key_of(actor) for party in proposal.parties)
    ]
    if proposal is None or not own:
        raise Refusal("visit.join_unknown", "15")
    return proposal, next((actor for actor in own if proposal.asks(actor)), own[0])


async def _show(turn: Turn, proposal: JoinProposal) -> None:
    _, by = await _asked(turn, proposal.id)
    await turn.show(_subject(proposal), views.proposal(proposal, by, turn.words))
