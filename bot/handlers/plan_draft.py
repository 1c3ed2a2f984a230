"""A head consents to an entry of another department's plan, or objects; the own head hands in (Art. 12)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import plan_draft as views
from models.procedure import plan_draft
from models.procedure.dialogue import Waiting
from models.queries import plan_drafts
from models.queries.plan_drafts import Draft, DraftedEntry
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.plan import ARTICLE

OBJECT, AMEND = "plan_object", "plan_amend"


@pressed(Act.PLAN_ASKED)
async def asked(turn: Turn, number: int) -> None:
    found = await _entry(number)
    by = _participant(turn, found)
    await turn.leave()
    await _show(turn, found, by)


@pressed(Act.PLAN_CONSENT)
async def consent(turn: Turn, number: int, agree: bool) -> None:
    found = await _entry(number)
    by = _participant(turn, found)
    if not agree:
        await turn.ask(OBJECT, _subject(found), entry=found.id)
        await turn.show(_subject(found), views.why(found, turn.words))
        return
    found = await plan_draft.consent(found.id, True, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, found, by)


async def typed_objection(turn: Turn, prompt: Waiting, said: str) -> None:
    found = await _entry(prompt.data["entry"])
    by = _participant(turn, found)
    found = await plan_draft.consent(found.id, False, said, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, found, by)


@pressed(Act.PLAN_READY)
async def ready(turn: Turn, number: int) -> None:
    found = await _draft(number)
    head_of(turn, found.department)
    await turn.leave()
    await _show_draft(turn, found)


@pressed(Act.PLAN_HAND_IN)
async def hand_in(turn: Turn, number: int) -> None:
    found = await _draft(number)
    by = head_of(turn, found.department)
    if found.amends and found.handed_in is None:
        await turn.ask(AMEND, f"plan:{found.id}", draft=found.id)
        await turn.show(f"plan:{found.id}", views.why_amended(found, turn.words))
        return
    found = await plan_draft.hand_in(found.id, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show_draft(turn, found)


async def typed_amendment(turn: Turn, prompt: Waiting, said: str) -> None:
    found = await _draft(prompt.data["draft"])
    by = head_of(turn, found.department)
    found = await plan_draft.hand_in(found.id, said, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show_draft(turn, found)


def _subject(found: DraftedEntry) -> str:
    return f"plan_entry:{found.id}"


def _participant(turn: Turn, found: DraftedEntry) -> Actor:
    """This person as head of a participating department: of one that has not answered yet, where there are several."""
    answered = {one.department: one.agreed for one in found.participating}
    own = [one for one in turn.person.acting(Role.HEAD) if one.department in answered]
    if not own:
        raise Refusal("plan.not_participating", ARTICLE, entry=found.form.code)
    return next((one for one in own if answered[one.department] is None), own[0])


async def _entry(number: int) -> DraftedEntry:
    if (found := await plan_drafts.entry(number)) is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    return found


async def _draft(number: int) -> Draft:
    if (found := await plan_drafts.draft(number)) is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    return found


async def _show(turn: Turn, found: DraftedEntry, by: Actor) -> None:
    link = turn.services.district.link(f"/console/drafts/{found.draft}")
    await turn.show(_subject(found), views.entry(found, by.department, link, turn.words))


async def _show_draft(turn: Turn, found: Draft) -> None:
    link = turn.services.district.link(f"/console/drafts/{found.id}")
    await turn.show(f"plan:{found.id}", views.ready(found, link, turn.words))
