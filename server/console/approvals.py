"""告知书审批: a head lets a leader's letter go out, or sends it back with the reason (Art. 16 (2))."""

from __future__ import annotations

from aiohttp import web

from models.procedure import approval
from server.access import HEAD, Routes
from server.keys import DISTRICT, WAKE, by, now
from server.pages import back_to, field

routes = Routes()


@routes.post("/console/approvals/{id:[0-9]{1,9}}", audience=HEAD)
async def decide(request: web.Request) -> web.StreamResponse:
    act = await field(request, "act", 12)
    if act not in ("agree", "refuse"):
        raise web.HTTPBadRequest
    await approval.decide(
        int(request.match_info["id"]), act == "agree", by=by(request), at=now(request),
        district=request.config_dict[DISTRICT], reason=await field(request, "reason", 500),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to("/console/", done="approved" if act == "agree" else "sent_back")
