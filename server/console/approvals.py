"""告知书审批: a head lets a leader's letter go out, or sends it back with the reason (Art. 16 (2))."""

from __future__ import annotations

from aiohttp import web

from locales.refusals import explain
from models.procedure import approval
from models.queries import approvals
from models.queries.person import departments_in
from models.refusal import Refusal
from server import wrong_input
from server.access import HEAD, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import agreed, back_to, field, render, words_of

MOST = 500

routes = Routes()


@routes.post("/console/approvals/{id:[0-9]{1,9}}", audience=HEAD)
async def decide(request: web.Request) -> web.StreamResponse:
    agree = await agreed(request)
    await approval.decide(
        int(request.match_info["id"]), agree, by=by(request), at=now(request),
        district=request.config_dict[DISTRICT], reason=await field(request, "reason", 500),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to("/console/", done="approved" if agree else "sent_back")


@routes.post("/console/approvals", audience=HEAD)
async def agree_to_all(request: web.Request) -> web.StreamResponse:
    """Every letter that was listed goes out; what is refused is named with its reason and stays listed."""
    ids, refused = (await request.post()).getall("id", []), []
    if len(ids) > MOST:
        raise wrong_input.too_many("id", MOST)
    for id_ in wrong_input.words_of_field("id", ids, 9):
        wrong_input.number_of("id", id_)
    waiting = {
        notice_to_approve.id: notice_to_approve
        for notice_to_approve in await approvals.approvals(by(request).department)
    }
    for approve in [waiting[int(str(id))] for id in ids if int(str(id)) in waiting]:
        try:
            await approval.decide(
                approve.id, True, by=by(request), at=now(request), district=request.config_dict[DISTRICT]
            )
        except Refusal as no:
            refused.append((approve, explain(no, words_of(request), await departments_in(no))))
    request.config_dict[WAKE]()
    if not refused:
        return back_to("/console/", done="approved")
    return render(request, "console/approved.html", refused=refused, agreed=len(ids) - len(refused))
