"""检查日历: a visit dragged, or moved by keyboard or form; what each time would come to is said before (Art. 15).

Moving asks the members; a fixed time stands with its letter until the leader fixes the new one.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import Any

from aiohttp import web

from locales import Words
from locales.refusals import explain
from models.procedure import schedule
from models.queries import board, visit_slots
from models.queries.clash import Clash
from models.queries.companion import ChainNews
from models.queries.visit_slots import VisitSlot
from models.rules.visit import SHANGHAI, instant, local_day
from models.rules.visit_week import monday_of
from server import wrong_input
from server.access import INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.errors import NOT_KEPT, wants_json
from server.pages import back_to, field, words_of
from server.watching import stream

CHANGING = ("visit.", "team.", "network.ended")
"""How the kinds of events begin after which a week reads otherwise."""

NAMED = 2  # of those who would be in two places

routes = Routes()


@routes.get("/console/calendar/slots.json", audience=INSPECTOR)
async def slots(request: web.Request) -> web.Response:
    """Every time of the week for one visit, with what speaks against it."""
    at, district = now(request), request.config_dict[DISTRICT]
    number = request.query.get("task", "")[:64]
    monday = monday_of(request.query.get("week", ""), local_day(at))
    offered = await visit_slots.visit_slots(number, monday, by=by(request), at=at, district=district)
    w = words_of(request)
    body = {
        "target": offered.target,
        "days": [
            {"day": day.isoformat(), "slots": [_slot(slot, w, district.notice_days) for slot in of_day]}
            for day, of_day in offered.days
        ],
    }
    return web.json_response(body, headers=NOT_KEPT)


def _slot(slot: VisitSlot, w: Words, notice_days: int) -> dict[str, str]:
    begins = slot.window.begins.astimezone(SHANGHAI)
    why = [explain(slot.refused, w, {})] if slot.refused else []
    why += [_met(met, w) for met in slot.clashes]
    if slot.short and not slot.refused:
        why.append(w("calendar.slot.short", n=notice_days))
    return {
        "begins": f"{begins:%H:%M}", "at": f"{w.clock(slot.window.begins)}–{w.clock(slot.window.ends)}",
        "state": slot.state, "called": w(f"calendar.slot.{slot.state}"), "why": w.joined(why),
    }  # fmt: skip


def _met(met: Clash, w: Words) -> str:
    """Short, since it stands at every time of a day that it touches."""
    names = w.joined(met.names[:NAMED])
    if len(met.names) > NAMED:
        names = w("calendar.slot.names", names=names, n=len(met.names))
    clock = f"{w.clock(met.begins)}–{w.clock(met.ends)}"
    if met.hours:
        return w("calendar.slot.hours", names=names, hours=met.hours)
    if met.away:
        return w("calendar.slot.away", names=names, clock=clock)
    where = f"{met.target}（{met.number}）" if met.target else w("visit.elsewhere")
    kind = "recheck" if met.recheck else "met" if met.fixed else "met_asked"
    return w(f"calendar.slot.{kind}", names=names, clock=clock, where=where)


@routes.post("/console/calendar/move", audience=INSPECTOR)
async def move(request: web.Request) -> web.StreamResponse:
    """Ask the members about another time, of the same length."""
    number = await field(request, "task", 64)
    begins = _begins(await field(request, "day", 10), await field(request, "begins", 5))
    visit = await visit_slots.led(number, by(request))
    ends = begins + visit.lasts
    await schedule.propose(number, begins, ends, by=by(request), at=now(request))
    request.config_dict[WAKE]()
    if wants_json(request):
        w = words_of(request)
        done = w("calendar.move.asked", target=visit.target, time=w.span(begins, ends))
        return web.json_response({"done": done}, headers=NOT_KEPT)
    return back_to("/console/calendar", done="calendar_asked", week=local_day(begins).isoformat())


def _begins(day: str, clock: str) -> datetime:
    try:
        return instant(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        raise wrong_input.moment("begins", f"{day} {clock}") from None


@routes.get("/console/calendar/live", audience=MEMBERS)
async def live(request: web.Request) -> web.StreamResponse:
    """That a week reads otherwise, to whoever sees the task that changed; never what changed."""
    who = by(request)
    sees: Any = partial(board.seen_among, board.sight_of(who))
    return await stream(request, f"calendar:{who.mark}", _changed, sees)


def _changed(news: ChainNews) -> bytes | None:
    return b"{}" if news.kind.startswith(CHANGING) else None
