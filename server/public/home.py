"""The first page: what this is, and where to go."""

from __future__ import annotations

from aiohttp import web

from server.access import ANYONE, Routes
from server.app_keys import DISTRICT
from server.pages import render
from server.public.cacheable import public_page
from server.public.draws import chain_of_draws

routes = Routes()


@routes.get("/", audience=ANYONE)
async def home(request: web.Request) -> web.Response:
    return public_page(request, "public/home.html", draws=await chain_of_draws(last=3), wrong="", number="")


async def first_page(
    request: web.Request, *, status: int = 200, wrong: str = "", number: str = ""
) -> web.Response:
    """After a notice that was typed was not opened. `wrong`: why: unknown, often."""
    return render(
        request,
        "public/home.html",
        status=status,
        draws=await chain_of_draws(last=3),
        wrong=wrong,
        number=number,
    )


@routes.get("/robots.txt", audience=ANYONE)
async def robots(request: web.Request) -> web.Response:
    sitemap = request.config_dict[DISTRICT].link("/sitemap.xml")
    text = f"User-agent: *\nDisallow: /n/\nDisallow: /login\nDisallow: /console/\nSitemap: {sitemap}\n"
    return web.Response(text=text)
