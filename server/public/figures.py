"""公示统计: the numbers that anybody may read, as a picture and as a table (Art. 8)."""

from __future__ import annotations

from aiohttp import web

from models.queries.public_figures import public_figures
from server.access import ANYONE, Routes
from server.public.cacheable import public_page

routes = Routes()


@routes.get("/results/figures", audience=ANYONE)
async def page(request: web.Request) -> web.Response:
    return public_page(request, "public/figures.html", figures=await public_figures())
