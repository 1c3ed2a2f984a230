"""合并上门 at a desk: a leader proposes one visit for two batches, leaders and heads accept or object (Art. 15)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import visit_join
from models.queries import visit_joins
from models.rules.actor import Role
from server import wrong_input
from server.access import DECIDERS, INSPECTOR, MEMBERS, Routes
from server.app_keys import WAKE, by, now
from server.pages import back_to, field, render

NUMBER = "{id:[0-9]{1,9}}"

routes = Routes()


@routes.get("/console/joins", audience=MEMBERS)
async def listed(request: web.Request) -> web.Response:
    """What the reader is asked, and for a leader the visits that could go through one door."""
    who = by(request)
    joinable = await visit_joins.joinable(who.id, now(request)) if who.role == Role.INSPECTOR else ()
    return render(
        request, "console/visit_joins.html", joins=await visit_joins.of_person(who), joinable=joinable, me=who
    )


@routes.post("/console/joins", audience=INSPECTOR)
async def propose(request: web.Request) -> web.StreamResponse:
    number, other = await field(request, "task", 64), await field(request, "other", 64)
    await visit_join.propose(number, other, by=by(request), at=now(request))
    return _done(request)


@routes.post(f"/console/joins/{NUMBER}/answer", audience=DECIDERS)
async def answer(request: web.Request) -> web.StreamResponse:
    act = await field(request, "act", 8)
    if act not in ("agree", "object"):
        raise wrong_input.choice("act", act)
    reason = await field(request, "reason", 500)
    await visit_join.answer(_number(request), act == "agree", reason, by=by(request), at=now(request))
    return _done(request)


@routes.post(f"/console/joins/{NUMBER}/part", audience=INSPECTOR)
async def part(request: web.Request) -> web.StreamResponse:
    await visit_join.part(
        _number(request), await field(request, "reason", 500), by=by(request), at=now(request)
    )
    return _done(request)


def _number(request: web.Request) -> int:
    return int(request.match_info["id"])


def _done(request: web.Request) -> web.StreamResponse:
    request.config_dict[WAKE]()
    return back_to("/console/joins", done="kept")
