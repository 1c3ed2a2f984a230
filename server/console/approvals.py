"""告知书审批: a head lets a leader's letter go out, or sends it back with the reason (Art. 16 (2))."""

from __future__ import annotations

from aiohttp import web

from locales.refusals import explain
from models.procedure import approval
from models.queries import approvals
from models.queries.person import departments_in
from models.refusal import Refusal
from server.access import HEAD, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import back_to, field, render, words_of

MOST = 500

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


@routes.post("/console/approvals", audience=HEAD)
async def agree_to_all(request: web.Request) -> web.StreamResponse:
    """Every letter that was listed goes out; what is refused is named with its reason and stays listed."""
    ids, refused = (await request.post()).getall("id", []), []
    if any(not isinstance(one, str) or not one.isdecimal() or len(one) > 9 for one in ids) or len(ids) > MOST:
        raise web.HTTPBadRequest
    waiting = {one.id: one for one in await approvals.approvals(by(request).department)}
    for one in [waiting[int(str(id))] for id in ids if int(str(id)) in waiting]:
        try:
            await approval.decide(
                one.id, True, by=by(request), at=now(request), district=request.config_dict[DISTRICT]
            )
        except Refusal as no:
            refused.append((one, explain(no, words_of(request), await departments_in(no))))
    request.config_dict[WAKE]()
    if not refused:
        return back_to("/console/", done="approved")
    return render(request, "console/approved.html", refused=refused, agreed=len(ids) - len(refused))
