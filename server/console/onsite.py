"""不予配合: the head of the leader's department decides at the desk, as in the chat (Art. 18)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import cooperation
from server.access import HEAD, Routes
from server.app_keys import WAKE, by, now
from server.pages import agreed, back_to, field

routes = Routes()


@routes.post("/console/refusals/{id:[0-9]{1,9}}", audience=HEAD)
async def decide(request: web.Request) -> web.StreamResponse:
    """Established: the visit ends as refused. Not established, with a reason: it goes on."""
    agree = await agreed(request)
    text = await field(request, "said", 1000)
    await cooperation.decide(int(request.match_info["id"]), agree, by=by(request), at=now(request), text=text)
    request.config_dict[WAKE]()
    return back_to("/console/", done="decided")
