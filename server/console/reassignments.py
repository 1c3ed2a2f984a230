"""改派 at a desk: a leader proposes another team of the area, its leader and the head agree or object (Art. 15)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import reassignment
from models.queries import reassignments
from models.rules.actor import Role
from models.rules.draw.reassignment import Ground
from server import wrong_input
from server.access import DECIDERS, INSPECTOR, MEMBERS, Routes
from server.app_keys import WAKE, by, now
from server.pages import back_to, field, render

NUMBER = "{id:[0-9]{1,9}}"

routes = Routes()


@routes.get("/console/reassignments", audience=MEMBERS)
async def listed(request: web.Request) -> web.Response:
    """What the reader is asked, and for a leader the visits that another team could take."""
    who = by(request)
    givable = await reassignments.givable(who.id) if who.role == Role.INSPECTOR else ()
    return render(
        request, "console/reassignments.html", proposals=await reassignments.of_person(who), givable=givable, me=who,
        grounds=tuple(Ground),
    )  # fmt: skip


@routes.post("/console/reassignments", audience=INSPECTOR)
async def propose(request: web.Request) -> web.StreamResponse:
    number, team = await field(request, "task", 64), await field(request, "team", 4)
    if not (team.isascii() and team.isdecimal()):
        raise wrong_input.choice("team", team)
    ground = await field(request, "ground", 16)
    await reassignment.propose(number, int(team), ground, by=by(request), at=now(request))
    return _done(request)


@routes.post(f"/console/reassignments/{NUMBER}/answer", audience=DECIDERS)
async def answer(request: web.Request) -> web.StreamResponse:
    act = await field(request, "act", 8)
    if act not in ("agree", "object"):
        raise wrong_input.choice("act", act)
    reason = await field(request, "reason", 500)
    number = int(request.match_info["id"])
    await reassignment.answer(number, act == "agree", reason, by=by(request), at=now(request))
    return _done(request)


def _done(request: web.Request) -> web.StreamResponse:
    request.config_dict[WAKE]()
    return back_to("/console/reassignments", done="kept")
