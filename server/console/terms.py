"""期限一览: every kind of term with the lengths of this district, for everybody who works here (Art. 5-22)."""

from __future__ import annotations

from aiohttp import web

from server.access import STAFF, Routes
from server.app_keys import DISTRICT
from server.pages import render, words_of
from server.term_lines import term_lines

routes = Routes()


@routes.get("/console/terms", audience=STAFF)
async def overview(request: web.Request) -> web.Response:
    lines = term_lines(request.config_dict[DISTRICT].terms, words_of(request))
    return render(request, "console/terms.html", lines=lines)
