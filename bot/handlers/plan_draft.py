"""A head consents to an entry of another department's plan, or objects; the own head hands in (Art. 12)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import plan_draft as views
from models.procedure import plan_draft
from models.procedure.dialogue import OpenPrompt
from models.queries import plan_drafts
from models.queries.plan_drafts import Draft, DraftedEntry
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.plan import ARTICLE

OBJECT, AMEND = "plan_object", "plan_amend"


@pressed(Act.PLAN_ASKED)
async def asked(turn: Turn, number: int) -> None:
    entry = await _entry(number)
    by = _participant(turn, entry)
    await turn.leave()
    await _show(turn, entry, by)


@pressed(Act.PLAN_CONSENT)
async def consent(turn: Turn, number: int, agree: bool) -> None:
    entry = await _entry(number)
    by = _participant(turn, entry)
    if not agree:
        await turn.ask(OBJECT, _subject(entry), entry=entry.id)
        await turn.show(_subject(entry), views.why(entry, turn.words))
        return
    entry = await plan_draft.consent(entry.id, True, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show(turn, entry, by)


async def typed_objection(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    entry = await _entry(prompt.data["entry"])
    by = _participant(turn, entry)
    entry = await plan_draft.consent(entry.id, False, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, entry, by)


@pressed(Act.PLAN_READY)
async def ready(turn: Turn, number: int) -> None:
    draft = await _draft(number)
    head_of(turn, draft.department)
    await turn.leave()
    await _show_draft(turn, draft)


@pressed(Act.PLAN_HAND_IN)
async def hand_in(turn: Turn, number: int) -> None:
    draft = await _draft(number)
    by = head_of(turn, draft.department)
    if draft.amends and draft.handed_in is None:
        await turn.ask(AMEND, f"plan:{draft.id}", draft=draft.id)
        await turn.show(f"plan:{draft.id}", views.why_amended(draft, turn.words))
        return
    draft = await plan_draft.hand_in(draft.id, by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.saved")
    await _show_draft(turn, draft)


async def typed_amendment(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    draft = await _draft(prompt.data["draft"])
    by = head_of(turn, draft.department)
    draft = await plan_draft.hand_in(draft.id, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show_draft(turn, draft)


def _subject(entry: DraftedEntry) -> str:
    return f"plan_entry:{entry.id}"


def _participant(turn: Turn, entry: DraftedEntry) -> Actor:
    """This person as head of a participating department: of one that has not answered yet, where there are several."""
    answered = {answer.department: answer.agreed for answer in entry.participating}
    own = [actor for actor in turn.person.acting(Role.HEAD) if actor.department in answered]
    if not own:
        raise Refusal("plan.not_participating", ARTICLE, entry=entry.form.code)
    return next((actor for actor in own if answered[actor.department] is None), own[0])


async def _entry(number: int) -> DraftedEntry:
    if (entry := await plan_drafts.entry(number)) is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    return entry


async def _draft(number: int) -> Draft:
    if (draft := await plan_drafts.draft(number)) is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    return draft


async def _show(turn: Turn, entry: DraftedEntry, by: Actor) -> None:
    link = turn.services.district.link(f"/console/drafts/{entry.draft}")
    await turn.show(_subject(entry), views.entry(entry, by.department, link, turn.words))


async def _show_draft(turn: Turn, draft: Draft) -> None:
    link = turn.services.district.link(f"/console/drafts/{draft.id}")
    await turn.show(f"plan:{draft.id}", views.ready(draft, link, turn.words))
