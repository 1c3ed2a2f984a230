"""The record sheet at a desk: its versions, its paper, drawn up anew when something changed (Art. 16 (3))."""

from __future__ import annotations

from aiohttp import web

from models.procedure import record
from models.queries import record as queries
from server.access import INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, RECORD, by, now
from server.console.task import find
from server.pages import back_to, pdf, words_of

routes = Routes()


@routes.post("/console/tasks/{number}/record-sheet", audience=INSPECTOR)
async def draw_up(request: web.Request) -> web.StreamResponse:
    page = await find(request)
    number = page.line.number
    await record.draw_up(number, by=by(request), at=now(request), district=request.config_dict[DISTRICT])
    return back_to(f"/console/tasks/{number}", done="record_drawn_up")


@routes.get("/console/tasks/{number}/record.pdf", audience=MEMBERS)
async def paper(request: web.Request) -> web.Response:
    """A version as PDF, the last one if none is asked for."""
    page = await find(request)
    asked = request.query.get("version", "")
    version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    id = await queries.of_task(page.line.number, version)
    if id is None:
        raise web.HTTPNotFound
    letter = await request.config_dict[RECORD](id, words_of(request).language)
    return pdf(letter.pdf, f"{page.line.number}-record")
