"""What the entity said is decided: corrections by officers, recusals and objections by heads (Art. 14 (2), 16, 17)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import entity_requests as views
from models.procedure import correction as corrections
from models.procedure import objection as objections
from models.procedure import recusal as recusals
from models.procedure.dialogue import OpenPrompt
from models.queries import entity
from models.queries.entity import Objected, RecusalToDecide, SubmittedCorrection
from models.refusal import Refusal
from models.rules.actor import Role

CORRECTION, OBJECTION = "correction", "objection"


@pressed(Act.CORRECTION)
async def correction(turn: Turn, number: int, accepted: bool) -> None:
    """核实无误 at once; 不采信 with a reason, which is asked for."""
    submitted = await _mended(number)
    if not accepted and submitted.accepted is None:
        await turn.ask(CORRECTION, f"correction:{submitted.id}", correction=submitted.id)
        await turn.show(f"correction:{submitted.id}", views.mended(submitted, "", turn.words, why=True))
        return
    await _decide_correction(turn, submitted, True, "")
    await turn.toast("toast.saved")


async def typed_correction(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    await _decide_correction(turn, await _mended(prompt.data["correction"]), False, text)
    await turn.leave()
    await turn.nod()


async def _decide_correction(turn: Turn, submitted: SubmittedCorrection, accepted: bool, text: str) -> None:
    decided = await _by_officer(turn, submitted, accepted, text)
    link = turn.services.district.link(f"/console/tasks/{submitted.task}")
    await turn.show(f"correction:{submitted.id}", views.mended(decided, link, turn.words))


async def _by_officer(
    turn: Turn, submitted: SubmittedCorrection, accepted: bool, text: str
) -> SubmittedCorrection:
    """In whichever of the person's accounts serves in this task."""
    officers = turn.person.acting(Role.INSPECTOR) or (turn.actor(Role.INSPECTOR),)
    for officer in officers[:-1]:
        try:
            return await corrections.decide(
                submitted.id, accepted, text, by=officer, at=turn.at, key=turn.key()
            )
        except Refusal as no:
            if no.code != "task.unknown":
                raise
    return await corrections.decide(submitted.id, accepted, text, by=officers[-1], at=turn.at, key=turn.key())


async def _mended(number: int) -> SubmittedCorrection:
    submitted = await entity.mended(number)
    if submitted is None:
        raise Refusal("correction.unknown", article="17")
    return submitted


@pressed(Act.RECUSAL)
async def recusal(turn: Turn, number: int, granted: bool | None = None) -> None:
    """Without an answer, the question itself."""
    asked = await _recusal(number)
    by = head_of(turn, asked.department)
    if granted is not None:
        asked = await recusals.decide(asked.id, granted, by=by, at=turn.at, key=turn.key())
        await turn.toast("toast.saved")
    await turn.show(f"recusal:{asked.id}", views.recusal(asked, turn.words))


async def _recusal(number: int) -> RecusalToDecide:
    decide = await entity.recusal(number)
    if decide is None:
        raise Refusal("recusal.unknown", article="14(2)")
    return decide


@pressed(Act.OBJECTION)
async def objection(turn: Turn, number: int, upheld: bool | None = None) -> None:
    """Either answer needs a reason, which is asked for; without an answer, the question itself."""
    objected = await _objected(number)
    head_of(turn, objected.department)
    subject = f"objection:{objected.id}"
    answered = upheld is not None and objected.upheld is None
    if answered:
        await turn.ask(OBJECTION, subject, objection=objected.id, upheld=upheld)
    await turn.show(subject, views.objection(objected, _console(turn, objected), turn.words, why=answered))


async def typed_objection(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    asked = await _objected(prompt.data["objection"])
    decided = await objections.decide(
        asked.id, prompt.data["upheld"], text, by=head_of(turn, asked.department), at=turn.at, key=turn.key()
    )
    await turn.leave()
    await turn.nod()
    await turn.show(f"objection:{decided.id}", views.objection(decided, _console(turn, decided), turn.words))


def _console(turn: Turn, objected: Objected) -> str:
    return turn.services.district.link(f"/console/tasks/{objected.task}")


async def _objected(number: int) -> Objected:
    objected = await entity.objected(number)
    if objected is None:
        raise Refusal("objection.unknown", article="16(3)")
    return objected
