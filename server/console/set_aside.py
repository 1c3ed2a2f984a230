"""未能存入的消息: what was set aside or waits for a neighbour, with "try again" and "give up" (Art. 16 (3))."""

from __future__ import annotations

from aiohttp import web

from models.procedure import set_aside
from models.queries import set_aside as queries
from models.rules.actor import Role
from server.access import MEMBERS, OFFICE, Routes
from server.app_keys import by, now
from server.pages import back_to, field, render

routes = Routes()
PAGE = "/console/set-aside"


@routes.get(PAGE, audience=MEMBERS)
async def overview(request: web.Request) -> web.Response:
    """The office sees everything, a head the own department's, an officer their own."""
    actor = by(request)
    office = actor.role == Role.OFFICE
    return render(
        request, "console/set_aside.html", found=await queries.set_aside(actor),
        waiting=await queries.waiting(at=now(request)) if office else (), unread=await queries.unread() if office else (),
    )  # fmt: skip


@routes.post(PAGE + "/{id}/retry", audience=MEMBERS)
async def retry(request: web.Request) -> web.StreamResponse:
    await set_aside.retry(_number(request), by=by(request), at=now(request))
    return back_to(PAGE, done="retried")


@routes.post(PAGE + "/{id}/close", audience=MEMBERS)
async def close(request: web.Request) -> web.StreamResponse:
    await set_aside.close(_number(request), await field(request, "reason"), by=by(request), at=now(request))
    return back_to(PAGE, done="closed")


@routes.post(PAGE + "/bodies/{id}/close", audience=OFFICE)
async def close_body(request: web.Request) -> web.StreamResponse:
    await set_aside.close_unread(_number(request), by=by(request), at=now(request))
    return back_to(PAGE, done="closed")


def _number(request: web.Request) -> int:
    given = request.match_info["id"]
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise web.HTTPNotFound
    return int(given)
