"""后续处理 at a desk: cases, referrals and supervision of a task, by the head of its department (Art. 17)."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from models.procedure import follow_up
from models.queries import follow_up as queries
from models.refusal import Refusal
from models.rules.follow_up import ARTICLE, FollowUpForm
from server.access import HEAD, HEAD_WITH_FILES, Routes, check_csrf
from server.app_keys import DISTRICT, WAKE, by, now
from server.console.task import find
from server.documents.referral import referral_pdf
from server.pages import back_to, field, pdf, render, words_of
from server.public import upload_form

routes = Routes()


@routes.post("/console/tasks/{number}/follow-ups", audience=HEAD_WITH_FILES)
async def begin(request: web.Request) -> web.StreamResponse:
    """A case, a referral, supervision; with papers for the other authority."""
    number = (await find(request)).line.number
    async with upload_form.read(request, link=f"follow-up of {number}") as form:
        check_csrf(request, form.text("csrf", 200))
        asked = FollowUpForm(
            form.text("kind", 12), _day(form.text("day", 10)), form.text("reference", 200), form.text("authority", 200),
            form.text("text", 4000),
        )  # fmt: skip

        async def act() -> None:
            await follow_up.begin(
                number,
                asked,
                form.files,
                by=by(request),
                at=now(request),
                district=request.config_dict[DISTRICT],
            )

        await form.kept_for(act)
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done="follow_up_begun")


@routes.post("/console/tasks/{number}/follow-ups/{id:[0-9]{1,9}}/end", audience=HEAD)
async def end(request: web.Request) -> web.StreamResponse:
    """The receipt of the other authority, the decision of the case, what was seen."""
    number, id = (await find(request)).line.number, await _own(request)
    await follow_up.end(
        id, await field(request, "outcome", 4000), _day(await field(request, "day", 10)), by=by(request), at=now(request)
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done="follow_up_ended")


@routes.post("/console/tasks/{number}/follow-ups/{id:[0-9]{1,9}}/look", audience=HEAD)
async def look(request: web.Request) -> web.StreamResponse:
    """What a confidential one is about; that somebody looked is written down."""
    number, id = (await find(request)).line.number, await _own(request)
    line = await follow_up.look(id, by=by(request), at=now(request))
    return render(request, "console/follow_up.html", number=number, one=line)


@routes.get("/console/tasks/{number}/follow-ups/{id:[0-9]{1,9}}.pdf", audience=HEAD)
async def letter(request: web.Request) -> web.Response:
    """移送函: the letter to the other authority, with the code by which it acknowledges."""
    await find(request)
    id = await _own(request)
    page = await queries.letter(id)
    if page is None:
        raise web.HTTPNotFound
    district = request.config_dict[DISTRICT]
    return pdf(await referral_pdf(page, words_of(request), district), f"referral-{id}")


async def _own(request: web.Request) -> int:
    """The id, where it is one of this task and of the head's department."""
    id = int(request.match_info["id"])
    if await queries.of_department(request.match_info["number"], id, by(request).department) is None:
        raise web.HTTPNotFound
    return id


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Refusal("follow_up.no_day", ARTICLE, day=given) from None
