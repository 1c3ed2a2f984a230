"""稍后提醒 at the desk: what one was reminded of, put off until a day with a reason (Art. 16 (3))."""

from __future__ import annotations

from aiohttp import web

from models.procedure import snooze
from models.procedure.own_terms import reminders_said
from models.rules.snooze import LONGEST
from server import wrong_input
from server.access import STAFF, Routes
from server.app_keys import DISTRICT, by, now
from server.pages import back_to, field, render

routes = Routes()


@routes.get("/console/reminders", audience=STAFF)
async def listed(request: web.Request) -> web.Response:
    reminders = await reminders_said(by(request), at=now(request), district=request.config_dict[DISTRICT])
    return render(request, "console/reminders.html", reminders=reminders, longest=LONGEST)


@routes.post("/console/reminders/{id:[0-9]{1,9}}", audience=STAFF)
async def put_off(request: web.Request) -> web.StreamResponse:
    number = int(request.match_info["id"])
    await snooze.refuse_others(number, by(request))
    until = wrong_input.day_of("until", await field(request, "until", 10))
    reason = await field(request, "reason", LONGEST)
    await snooze.snooze(number, until, reason, by=by(request), at=now(request))
    return back_to("/console/reminders", done="kept")
