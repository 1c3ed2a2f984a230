"""The first page: what this is, and where to go."""

from __future__ import annotations

from aiohttp import web

from models.queries import ceremony
from server.access import ANYONE, Routes
from server.pages import render

routes = Routes()


@routes.get("/", audience=ANYONE)
async def home(request: web.Request) -> web.Response:
    return render(request, "public/home.html", draws=(await ceremony.draws())[:3])


@routes.get("/robots.txt", audience=ANYONE)
async def robots(request: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /n/\nDisallow: /login\nDisallow: /console/\n")
