"""校验位例外: credit codes proposed against their check digits, confirmed by a second person (Art. 10)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import code_override
from models.queries import code_overrides, person
from server import wrong_input
from server.access import HOSTS, OFFICE, Routes
from server.app_keys import by, now
from server.pages import back_to, field, render

routes = Routes()
HERE = "/console/code-overrides"


@routes.get(HERE, audience=HOSTS)
async def show(request: web.Request) -> web.Response:
    who = by(request)
    return render(
        request, "console/code_overrides.html", lines=await code_overrides.seen_by(who), mark=who.mark,
        departments=await person.departments(), code=request.query.get("code", "")[:40],
    )  # fmt: skip


@routes.post(HERE, audience=OFFICE)
async def propose(request: web.Request) -> web.Response:
    sizes = {"code": 40, "target": 40, "department": 16, "reason": 500}
    code, target, department, reason = [await field(request, name, size) for name, size in sizes.items()]
    await code_override.propose(code, target, department, reason, by=by(request), at=now(request))
    return back_to(HERE, done="kept")


@routes.post(f"{HERE}/{{id:[0-9]{{1,9}}}}", audience=HOSTS)
async def decide(request: web.Request) -> web.Response:
    act, id = await field(request, "act", 8), int(request.match_info["id"])
    if act not in ("agree", "object"):
        raise wrong_input.choice("act", act)
    reason = await field(request, "reason", 500)
    await code_override.decide(id, act == "agree", reason, by=by(request), at=now(request))
    return back_to(HERE, done="kept")


@routes.post(f"{HERE}/{{id:[0-9]{{1,9}}}}/drop", audience=OFFICE)
async def drop(request: web.Request) -> web.Response:
    id, reason = int(request.match_info["id"]), await field(request, "reason", 500)
    await code_override.drop(id, reason, by=by(request), at=now(request))
    return back_to(HERE, done="kept")
