"""公开的年度计划 (Art. 12): whom, what, when, with whom, at which rates."""

from __future__ import annotations

from aiohttp import web

from models.queries import plans
from server.access import ANYONE, Routes
from server.pages import render

routes = Routes()


@routes.get("/plans", audience=ANYONE)
async def listed(request: web.Request) -> web.Response:
    return render(request, "public/plans.html", entries=await plans.entries())


@routes.get("/plans/{code}", audience=ANYONE)
async def entry(request: web.Request) -> web.Response:
    found = await plans.entry(request.match_info["code"])
    if found is None:
        raise web.HTTPNotFound
    return render(request, "public/plan.html", entry=found)
