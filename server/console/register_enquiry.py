"""季度核对 at the desk: the officer's answer where there is no chat (Art. 7, 10)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import register_enquiry
from server.access import INSPECTOR, Routes
from server.app_keys import by, now
from server.pages import back_to, field

routes = Routes()


@routes.post("/console/enquiry/{id:[0-9]{1,9}}", audience=INSPECTOR)
async def answer(request: web.Request) -> web.StreamResponse:
    wrong = await field(request, "wrong", 12)
    await register_enquiry.answer(int(request.match_info["id"]), wrong, by=by(request), at=now(request))
    return back_to("/console/", done="kept")
