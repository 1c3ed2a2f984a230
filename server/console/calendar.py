"""检查日历: a week of visits, of a team, a department or the district; the week stands in the address (Art. 15, U41)."""

from __future__ import annotations

from datetime import date, time

from aiohttp import web

from models.procedure import away_time
from models.queries import away_time as away_times
from models.queries import board, person, visit_slots
from models.queries.visit_week import Serving, WeekPart, visit_week
from models.queries.visits_found import COUNTED
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

ASKED = frozenset({"whose", "department", "name", "team", "lang", "done"})
OF_A_DAY = frozenset({"day", "page"})
LONGEST_NAME = 80
PER_PAGE = 50  # visits of a day by itself
EVERYBODY = "all"  # an officer's page shows the own visits until these are asked for

routes = Routes()


@routes.get("/console/calendar", audience=MEMBERS)
async def show(request: web.Request) -> web.Response:
    actor, today = by(request), local_day(now(request))
    departments = await person.departments() if actor.role == Role.OFFICE else {}
    whose, serving = visits_asked(request, departments, "week", also=OF_A_DAY)
    part = _part(request)
    monday = monday_of(part.day.isoformat() if part.day else request.query.get("week", ""), today)
    week = await visit_week(
        monday,
        board.sight_of(actor),
        request.config_dict[DISTRICT].calendar,
        serving=serving,
        by=actor,
        part=part,
    )
    asked = {"week": monday.isoformat(), **kept_of(whose, serving)}
    own = await away_times.of_officer(actor.id, now(request)) if actor.role == Role.INSPECTOR else ()
    return render(
        request, "console/calendar.html", week=week, today=today, monday=monday, before=monday - WEEK, after=monday + WEEK,
        this_week=monday == monday_of("", today), whose=whose, departments=departments, serving=serving,
        mine=bool(serving.officer), day_alone=part.day, page=part.page, counted=COUNTED,
        pages=-(-min(week.found, COUNTED) // PER_PAGE) if part.day else 1,
        unplaced=await visit_slots.unplaced(actor) if actor.role == Role.INSPECTOR else (), movable=TO_VISIT,
        asked=asked, of_day=asked | {"day": part.day.isoformat()} if part.day else {}, own=own, parts=tuple(DayPart),
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


def _part(request: web.Request) -> WeekPart:
    """The week with the first visits of each day, or a page of one day."""
    if not (written := request.query.get("day", "")):
        return WeekPart()
    monday_of(written, local_day(now(request)))
    return WeekPart(PER_PAGE, date.fromisoformat(written), _counted(request, "page") or 1)


def _counted(request: web.Request, name: str) -> int:
    """What the address says with a number; 0: nothing."""
    written = request.query.get(name, "")
    if written and not (written.isascii() and written.isdigit() and 0 < int(written) < 10**6):
        raise Refusal("board.filter", name=name)
    return int(written or 0)


def visits_asked(
    request: web.Request, departments: dict[str, str], when: str, also: frozenset[str] = frozenset()
) -> tuple[str, Serving]:
    """Whose visits the address asks for, as it says it and as it comes to; what is not offered is refused, naming it (D66).

    `when`: the word of the address that names the time; `also`: what else it may say."""
    query, actor = request.query, by(request)
    wrong_input.asked_once(request)
    if unknown := sorted(set(query) - ASKED - also - {when}):
        raise Refusal("board.filter", name=unknown[0])
    whose, department = query.get("whose", ""), query.get("department", "")
    if whose not in ("", EVERYBODY):
        raise Refusal("board.filter", name="whose")
    if department and department not in departments:
        raise Refusal("board.filter", name="department")
    mine = actor.role == Role.INSPECTOR and not whose
    name = query.get("name", "").strip()[:LONGEST_NAME]
    return whose, Serving(actor.id if mine else "", department, name, _counted(request, "team"))


def kept_of(whose: str, serving: Serving) -> dict[str, str]:
    """What an address says of whose visits, for the next one."""
    return {
        "whose": whose, "department": serving.department, "name": serving.name, "team": str(serving.team or ""),
    }  # fmt: skip
