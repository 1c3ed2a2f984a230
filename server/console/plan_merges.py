"""合并抽查 at a desk: the office proposes, the heads concerned accept or object (Art. 12)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import plan_merge
from models.queries import plan_merges
from models.rules.actor import Role
from models.rules.visit import local_day
from server import wrong_input
from server.access import HEAD, OFFICE, PLANNERS, Routes
from server.app_keys import WAKE, by, now
from server.pages import back_to, field, render

NUMBER = "{id:[0-9]{1,9}}"

routes = Routes()


@routes.get("/console/merges", audience=PLANNERS)
async def listed(request: web.Request) -> web.Response:
    """Proposals of a year that the reader may see; for the office also the pairs that it may propose."""
    written = request.query.get("year", "") or str(local_day(now(request)).year)
    year, who = wrong_input.year_of(written), by(request)
    return render(
        request, "console/plan_merges.html", year=year, merges=await plan_merges.merges(who, year),
        pairs=await plan_merges.candidates(year) if who.role == Role.OFFICE else (),
    )  # fmt: skip


@routes.post("/console/merges", audience=OFFICE)
async def propose(request: web.Request) -> web.StreamResponse:
    goes_on, ends = await field(request, "goes_on", 64), await field(request, "ends", 64)
    reason = await field(request, "reason", 500)
    merge = await plan_merge.propose(goes_on, ends, reason, by=by(request), at=now(request))
    return _done(request, merge.year)


@routes.post(f"/console/merges/{NUMBER}/sign", audience=HEAD)
async def sign(request: web.Request) -> web.StreamResponse:
    act = await field(request, "act", 8)
    if act not in ("agree", "object"):
        raise wrong_input.choice("act", act)
    reason = await field(request, "reason", 500)
    merge = await plan_merge.sign(_number(request), act == "agree", reason, by=by(request), at=now(request))
    return _done(request, merge.year)


@routes.post(f"/console/merges/{NUMBER}/drop", audience=OFFICE)
async def drop(request: web.Request) -> web.StreamResponse:
    reason = await field(request, "reason", 500)
    merge = await plan_merge.drop(_number(request), reason, by=by(request), at=now(request))
    return _done(request, merge.year)


def _number(request: web.Request) -> int:
    return int(request.match_info["id"])


def _done(request: web.Request, year: int) -> web.StreamResponse:
    request.config_dict[WAKE]()
    return back_to("/console/merges", done="kept", year=str(year))
