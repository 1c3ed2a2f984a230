"""结果公示 (Art. 8, 16 (3)): published results; names of people and telephone numbers never."""

from __future__ import annotations

from aiohttp import web

from models.queries import public
from models.rules import text
from server.access import ANYONE, Routes
from server.pages import render

PER_PAGE = 50

routes = Routes()


@routes.get("/results", audience=ANYONE)
async def published(request: web.Request) -> web.Response:
    wanted = text.visible(request.query.get("q", "")).strip()[:80]
    asked = request.query.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked) < 10**6):
        raise web.HTTPBadRequest
    lines, count = await public.results(page=int(asked), per_page=PER_PAGE, wanted=wanted)
    return render(
        request, "public/results.html", lines=lines, count=count, wanted=wanted, page=int(asked),
        pages=max(1, -(-count // PER_PAGE)),
    )  # fmt: skip
