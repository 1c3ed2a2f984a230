"""检查地图: a day's visits as points and as a list, of a team, a department or the district (Art. 15)."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from models.queries import board, person
from models.queries.visit_map import MOST, visit_map
from models.rules import visit_map as rules
from models.rules.actor import Role
from models.rules.visit import local_day
from server.access import MEMBERS, Routes
from server.app_keys import by, now
from server.console.calendar import kept_of, visits_asked
from server.pages import render

DAY = timedelta(days=1)

routes = Routes()


@routes.get("/console/map", audience=MEMBERS)
async def show(request: web.Request) -> web.Response:
    actor, today = by(request), local_day(now(request))
    departments = await person.departments() if actor.role == Role.OFFICE else {}
    whose, serving = visits_asked(request, departments, "day")
    day = rules.day_of(request.query.get("day", ""), today)
    shown = await visit_map(day, board.sight_of(actor), serving=serving)
    return render(
        request, "console/map.html", shown=shown, day=day, today=today, before=day - DAY, after=day + DAY,
        whose=whose, mine=bool(serving.officer), departments=departments, serving=serving, width=rules.WIDTH, height=rules.HEIGHT,
        kinds=list(rules.Progress), asked={"day": day.isoformat(), **kept_of(whose, serving)}, most=MOST,
    )  # fmt: skip
