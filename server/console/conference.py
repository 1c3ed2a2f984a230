"""联席会议 at the desk: meetings, minutes, resolutions with owner and day, what was reported (Art. 5, 6, 21)."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from aiohttp import web

from models.procedure import conference
from models.procedure import digest as sending
from models.queries import conference as queries
from models.queries import digest as digests
from models.queries.person import departments
from models.rules import conference as rules
from models.rules.actor import Role
from models.rules.conference import MeetingForm
from models.rules.visit import local_day
from server import wrong_input
from server.access import OFFICE, PLANNERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.digests import DigestWording
from server.documents.minutes import minutes
from server.pages import back_to, field, pdf, render, words_of

NUMBER = "{id:[0-9]{1,9}}"

routes = Routes()


@routes.get("/console/conference", audience=PLANNERS)
async def listed(request: web.Request) -> web.Response:
    """What is open, the own department's first of all; every meeting with its minutes."""
    actor = by(request)
    own = "" if actor.role == Role.OFFICE else actor.department
    return render(
        request, "console/conference.html", open=await queries.open_resolutions(own), meetings=await queries.meetings(),
        sent=await digests.sent_digests() if actor.role == Role.OFFICE else (), month=_month_before(request),
        departments=await departments(), today=local_day(now(request)), limits=rules,
    )  # fmt: skip


@routes.post("/console/conference", audience=OFFICE)
async def hold(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    came = tuple(str(code)[:16] for code in form.getall("department", []))
    meeting = MeetingForm(
        await _day(request, "day"), await field(request, "title", rules.TITLE), await field(request, "chair", rules.CHAIR),
        came, await field(request, "minutes", rules.MINUTES),
    )  # fmt: skip
    await conference.hold(meeting, by=by(request), at=now(request))
    return back_to("/console/conference", done="kept")


@routes.post(f"/console/conference/{NUMBER}/resolutions", audience=OFFICE)
async def resolve(request: web.Request) -> web.StreamResponse:
    written, owner = await field(request, "text", rules.TEXT), await field(request, "owner", 16)
    due = await _day(request, "due")
    await conference.resolve(_number(request), written, owner, due, by=by(request), at=now(request))
    return _done(request)


@routes.post(f"/console/conference/resolutions/{NUMBER}", audience=PLANNERS)
async def report(request: web.Request) -> web.StreamResponse:
    words = await field(request, "said", 2000)
    await conference.report(_number(request), words, by=by(request), at=now(request))
    return _done(request)


@routes.post(f"/console/conference/resolutions/{NUMBER}/drop", audience=OFFICE)
async def drop(request: web.Request) -> web.StreamResponse:
    reason = await field(request, "reason", 2000)
    await conference.drop(_number(request), reason, by=by(request), at=now(request))
    return _done(request)


@routes.get(f"/console/conference/{NUMBER}.pdf", audience=PLANNERS)
async def paper(request: web.Request) -> web.Response:
    """The minutes, in the reader's language."""
    meeting = await queries.meeting(_number(request))
    if meeting is None:
        raise web.HTTPNotFound
    district, words = request.config_dict[DISTRICT].name, words_of(request)
    (printed,) = await asyncio.to_thread(minutes, meeting, words, district, now(request))
    return pdf(printed, f"minutes-{meeting.day}")


@routes.post("/console/conference/digest-{month:[0-9]{4}-[0-9]{2}}", audience=OFFICE)
async def send_again(request: web.Request) -> web.StreamResponse:
    """The digest goes to those addresses of the convenor's that it did not reach."""
    district = request.config_dict[DISTRICT]
    await sending.send_again(request.match_info["month"], by=by(request), at=now(request), district=district)
    request.config_dict[WAKE]()
    return back_to("/console/", done="retried")


@routes.get("/console/conference/digest-{month:[0-9]{4}-[0-9]{2}}.pdf", audience=OFFICE)
async def digest(request: web.Request) -> web.Response:
    """召集人月报: a month's digest as it would go out now."""
    mail = await DigestWording(request.config_dict[DISTRICT], lambda: now(request))(
        request.match_info["month"], words_of(request).language
    )
    return pdf(mail.pdf, mail.name)


async def _day(request: web.Request, name: str) -> date:
    return wrong_input.day_of(name, await field(request, name, 10))


def _month_before(request: web.Request) -> str:
    return f"{local_day(now(request)).replace(day=1) - timedelta(days=1):%Y-%m}"


def _number(request: web.Request) -> int:
    return int(request.match_info["id"])


def _done(request: web.Request) -> web.StreamResponse:
    request.config_dict[WAKE]()
    return back_to("/console/conference", done="kept")
