"""检查日历: a week of visits, of a team, a department or the district; the week stands in the address (Art. 15, U41)."""

from __future__ import annotations

from datetime import date, time

from aiohttp import web

from models.procedure import away_time
from models.queries import away_time as away_times
from models.queries import board, person, visit_slots
from models.queries.visit_week import visit_week
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.away_time import DayPart, window_of
from models.rules.free_times import Window
from models.rules.visit import instant, local_day
from models.rules.visit_week import WEEK, monday_of
from models.states import TO_VISIT
from server import wrong_input
from server.access import INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import back_to, field, render

ASKED = frozenset({"whose", "department", "lang", "done"})
EVERYBODY = "all"  # an officer's page shows the own visits until these are asked for

routes = Routes()


@routes.get("/console/calendar", audience=MEMBERS)
async def show(request: web.Request) -> web.Response:
    actor, today = by(request), local_day(now(request))
    departments = await person.departments() if actor.role == Role.OFFICE else {}
    whose, department = whose_visits(request, departments, "week")
    monday = monday_of(request.query.get("week", ""), today)
    mine = actor.role == Role.INSPECTOR and not whose
    week = await visit_week(
        monday, board.sight_of(actor), request.config_dict[DISTRICT].calendar,
        officer=actor.id if mine else "", department=department, by=actor,
    )  # fmt: skip
    own = await away_times.of_officer(actor.id, now(request)) if actor.role == Role.INSPECTOR else ()
    return render(
        request, "console/calendar.html", week=week, today=today, monday=monday, before=monday - WEEK, after=monday + WEEK,
        this_week=monday == monday_of("", today), whose=whose, mine=mine, departments=departments, chosen=department,
        unplaced=await visit_slots.unplaced(actor) if actor.role == Role.INSPECTOR else (), movable=TO_VISIT,
        asked={"week": monday.isoformat(), "whose": whose, "department": department}, own=own, parts=tuple(DayPart),
    )  # fmt: skip


@routes.post("/console/calendar/away", audience=INSPECTOR)
async def say_away(request: web.Request) -> web.StreamResponse:
    """不能到的时间: a day, half of it, or hours of it."""
    day, part = await field(request, "day", 10), await field(request, "part", 12)
    begins, ends = _window(day, part, await field(request, "begins", 5), await field(request, "ends", 5))
    await away_time.say(begins, ends, by=by(request), at=now(request))
    return _back(request, "away_said")


@routes.post("/console/calendar/away/{id:[0-9]{1,9}}/back", audience=INSPECTOR)
async def take_away_back(request: web.Request) -> web.StreamResponse:
    await away_time.take_back(int(request.match_info["id"]), by=by(request), at=now(request))
    return _back(request, "away_taken_back")


def _back(request: web.Request, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to("/console/calendar", done=done)


def _window(day: str, part: str, begins: str, ends: str) -> Window:
    try:
        on = date.fromisoformat(day)
        if part in tuple(DayPart):
            return window_of(on, DayPart(part))
        return Window(instant(on, time.fromisoformat(begins)), instant(on, time.fromisoformat(ends)))
    except ValueError:
        raise Refusal("away.day", article="15") from None


def whose_visits(request: web.Request, departments: dict[str, str], when: str) -> tuple[str, str]:
    """Whose visits and of which department; what is not offered is refused, naming it (D66).

    `when`: the word of the address that names the time."""
    query = request.query
    wrong_input.asked_once(request)
    if unknown := sorted(set(query) - ASKED - {when}):
        raise Refusal("board.filter", name=unknown[0])
    whose, department = query.get("whose", ""), query.get("department", "")
    if whose not in ("", EVERYBODY):
        raise Refusal("board.filter", name="whose")
    if department and department not in departments:
        raise Refusal("board.filter", name="department")
    return whose, department
