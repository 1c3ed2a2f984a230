"""移送函核收: the authority that a clue went to acknowledges it by the link on its letter, without an account (Art. 17)."""

from __future__ import annotations

from aiohttp import web

from models import store
from models.procedure import follow_up
from models.queries import follow_up as queries
from server.access import LINK, Routes
from server.app_keys import WAKE, now
from server.attachment import attachment
from server.pages import back_to, field, render
from server.public.link import unknown

routes = Routes()


@routes.get("/referral/{token}", audience=LINK)
async def letter(request: web.Request) -> web.Response:
    """What was sent, by whom, and whether it was acknowledged."""
    page = await queries.page(request.match_info["token"])
    if page is None:
        return unknown(request)
    shown = render(request, "public/referral.html", page=page, here=request.path)
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown


@routes.post("/referral/{token}/received", audience=LINK)
async def received(request: web.Request) -> web.StreamResponse:
    """收到: who acknowledges it, with a number of their own if they give one."""
    token = request.match_info["token"]
    if await queries.page(token) is None:
        return unknown(request)
    await follow_up.acknowledge(
        token, await field(request, "person", 80), await field(request, "outcome", 500), at=now(request)
    )
    request.config_dict[WAKE]()
    return back_to(f"/referral/{token}", done="follow_up_ended")


@routes.get("/referral/{token}/papers/{id:[0-9]{1,9}}", audience=LINK)
async def paper(request: web.Request) -> web.Response:
    """A paper that came with it."""
    file = await queries.paper(request.match_info["token"], int(request.match_info["id"]))
    if file is None:
        return unknown(request)
    return attachment(await store.objects.get(file.sha256), file.format, file.sha256)
