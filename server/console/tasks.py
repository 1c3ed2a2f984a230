"""任务看板: tasks with their sections, who is late, who is not reached; filters in the address (U43)."""

from __future__ import annotations

from aiohttp import web

from models.queries import board, board_filter
from server import wrong_input
from server.access import MEMBERS, Routes
from server.app_keys import DISTRICT, by, now
from server.pages import render

routes = Routes()


@routes.get("/console/tasks", audience=MEMBERS)
async def tasks(request: web.Request) -> web.Response:
    wrong_input.asked_once(request)
    asked = board_filter.read_filter(request.query)
    result = await board.board(
        asked,
        sight=board.sight_of(by(request)),
        at=now(request),
        calendar=request.config_dict[DISTRICT].calendar,
        terms=request.config_dict[DISTRICT].terms,
    )
    data = {name: value for name, value in request.query.items() if name not in ("lang", "done")}
    return render(request, "console/tasks.html", board=result, asked=asked, kept=data)
