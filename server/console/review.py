"""What heads decide: results reviewed, officers excused, notices withheld (Art. 14 (2), 16)."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from models.procedure import entry, later_act, notice, team
from server import wrong_input
from server.access import HEAD, Routes
from server.app_keys import WAKE, by, now
from server.console.task import find, known_as_of
from server.pages import back_to, field

routes = Routes()


@routes.post("/console/tasks/{number}/review", audience=HEAD)
async def review(request: web.Request) -> web.StreamResponse:
    """Agree, or send the record back with a reason."""
    page = await find(request)
    agree = await _choice(request, "agree", "return")
    deed = partial(
        entry.review, page.line.number, agree, by=by(request), at=now(request), reason=await field(request, "reason"),
        department=await field(request, "department", 16),
    )  # fmt: skip
    await later_act.done_on_state(page.line.number, await known_as_of(request), deed, by=by(request))
    return _done(request, f"/console/tasks/{page.line.number}", "reviewed" if agree else "returned")


@routes.post("/console/substitutions/{id:[0-9]{1,9}}", audience=HEAD)
async def substitute(request: web.Request) -> web.StreamResponse:
    """同意更换: the next ticket steps in, nobody picks."""
    await team.decide(
        int(request.match_info["id"]),
        await _choice(request, "agree", "refuse"),
        by=by(request),
        at=now(request),
    )
    return _done(request, "/console/", "decided")


@routes.post("/console/withholdings/{id:[0-9]{1,9}}", audience=HEAD)
async def withhold(request: web.Request) -> web.StreamResponse:
    """不宜告知, with legal basis and approver."""
    await notice.decide_withholding(
        int(request.match_info["id"]),
        await _choice(request, "agree", "refuse"),
        by=by(request),
        at=now(request),
    )
    return _done(request, "/console/", "decided")


async def _choice(request: web.Request, yes: str, no: str) -> bool:
    given = await field(request, "act", 12)
    if given not in (yes, no):
        raise wrong_input.choice("act", given)
    return given == yes


def _done(request: web.Request, address: str, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(address, done=done)
