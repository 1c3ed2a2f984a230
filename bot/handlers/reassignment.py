"""改派 in the chat: a leader proposes another team, its leader and the head agree or object (Art. 15)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import task_for
from bot.turn import Turn
from bot.views import reassignment as views
from models.procedure import reassignment
from models.procedure.dialogue import OpenPrompt
from models.queries import reassignments
from models.queries.answering_party import key_of
from models.queries.reassignments import GivableTask, ReassignmentProposal
from models.refusal import Refusal
from models.rules.actor import Actor, Role

OBJECT = "reassignment_object"


@pressed(Act.REASSIGN)
async def choose(turn: Turn, task: int) -> None:
    """The other teams of the area, with what each of them has to do."""
    by, card = await task_for(turn, task)
    await turn.leave()
    await turn.show(_task(task), views.teams(task, card.target, await _givable(by, card.number), turn.words))


@pressed(Act.REASSIGN_TO)
async def why(turn: Turn, task: int, team: int) -> None:
    _, card = await task_for(turn, task)
    await turn.show(_task(task), views.grounds(task, card.target, team, turn.words))


@pressed(Act.REASSIGN_FOR)
async def propose(turn: Turn, task: int, team: int, ground: str) -> None:
    by, card = await task_for(turn, task)
    proposal = await reassignment.propose(card.number, team, ground, by=by, at=turn.at, key=turn.key())
    await turn.toast("join.proposed")
    await _show(turn, proposal)


@pressed(Act.REASSIGN_ASKED)
async def asked(turn: Turn, number: int) -> None:
    proposal, _ = await _asked(turn, number)
    await turn.leave()
    await _show(turn, proposal)


@pressed(Act.REASSIGN_ANSWER)
async def answer(turn: Turn, number: int, agree: bool) -> None:
    proposal, by = await _asked(turn, number)
    if not agree:
        await turn.ask(OBJECT, _subject(proposal), reassignment=proposal.id)
        await turn.show(_subject(proposal), views.objecting(proposal, turn.words))
        return
    proposal = await reassignment.answer(proposal.id, True, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, proposal)


async def typed_objection(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    proposal, by = await _asked(turn, prompt.data["reassignment"])
    proposal = await reassignment.answer(proposal.id, False, typed, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, proposal)


async def _givable(by: Actor, number: str) -> GivableTask | None:
    return next((task for task in await reassignments.givable(by.id) if task.number == number), None)


def _task(task: int) -> str:
    return f"reassign:{task}"


def _subject(proposal: ReassignmentProposal) -> str:
    return f"reassignment:{proposal.id}"


async def _asked(turn: Turn, number: int) -> tuple[ReassignmentProposal, Actor]:
    """The proposal, and as whom this person speaks: who has not answered yet, where there are several."""
    proposal = await reassignments.find(number)
    own = [
        actor
        for actor in turn.person.acting(Role.INSPECTOR, Role.HEAD)
        if proposal and any(party.key == key_of(actor) for party in proposal.parties)
    ]
    if proposal is None or not own:
        raise Refusal("reassignment.unknown", "15")
    return proposal, next((actor for actor in own if proposal.asks(actor)), own[0])


async def _show(turn: Turn, proposal: ReassignmentProposal) -> None:
    _, by = await _asked(turn, proposal.id)
    await turn.show(_subject(proposal), views.proposal(proposal, by, turn.words))
