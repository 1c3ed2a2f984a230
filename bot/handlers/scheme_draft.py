"""A head whose department sends officers signs a scheme, or objects (Art. 13)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import scheme_draft as views
from models.procedure import scheme_draft
from models.procedure.dialogue import OpenPrompt
from models.queries import scheme_drafts
from models.queries.scheme_drafts import DraftOfScheme
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.scheme import ARTICLE

OBJECT = "scheme_object"


@pressed(Act.SCHEME_ASKED)
async def asked(turn: Turn, number: int) -> None:
    draft = await _draft(number)
    by = _signer(turn, draft)
    await turn.leave()
    await _show(turn, draft, by)


@pressed(Act.SCHEME_SIGN)
async def sign(turn: Turn, number: int, agree: bool) -> None:
    draft = await _draft(number)
    by = _signer(turn, draft)
    if not agree:
        await turn.ask(OBJECT, _subject(draft), draft=draft.id)
        await turn.show(_subject(draft), views.why(draft, turn.words))
        return
    most = turn.services.district.visits_a_year
    draft = await scheme_draft.sign(draft.id, True, by=by, at=turn.at, key=turn.key(), most=most)
    await turn.toast("toast.saved")
    await _show(turn, draft, by)


async def typed_objection(turn: Turn, prompt: OpenPrompt, typed: str) -> None:
    draft = await _draft(prompt.data["draft"])
    by = _signer(turn, draft)
    draft = await scheme_draft.sign(draft.id, False, typed, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await _show(turn, draft, by)


def _subject(draft: DraftOfScheme) -> str:
    return f"scheme:{draft.id}"


def _signer(turn: Turn, draft: DraftOfScheme) -> Actor:
    """This person as head of a department of the crews: of one that has not signed yet, where there are several."""
    answered = {line.department: line.agreed for line in draft.crews}
    own = [actor for actor in turn.person.acting(Role.HEAD) if actor.department in answered]
    if not own:
        raise Refusal("scheme.not_in_crew", ARTICLE, scheme=draft.form.code)
    return next((actor for actor in own if answered[actor.department] is None), own[0])


async def _draft(number: int) -> DraftOfScheme:
    if (draft := await scheme_drafts.draft(number)) is None:
        raise Refusal("scheme.draft_unknown", ARTICLE)
    return draft


async def _show(turn: Turn, draft: DraftOfScheme, by: Actor) -> None:
    link = turn.services.district.link(f"/console/schemes/drafts/{draft.id}")
    short = await scheme_drafts.shortages(draft, most=turn.services.district.visits_a_year)
    await turn.show(_subject(draft), views.draft(draft, by.department, link, turn.words, short))
