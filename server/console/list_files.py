"""导出: the lists of the console as CSV and as workbook, filtered as the page is, all pages together (Art. 15, 16)."""

from __future__ import annotations

from aiohttp import web

from locales import Words
from models.procedure.own_terms import own_terms
from models.queries import board, board_filter, person
from models.queries.board import BoardLine
from models.queries.visit_week import WeekVisit, visit_week
from models.rules.actor import Role
from models.rules.visit import local_day
from models.rules.visit_week import monday_of
from server import wrong_input
from server.access import MEMBERS, STAFF, Routes
from server.app_keys import DISTRICT, by, now
from server.console.calendar import visits_asked
from server.console.export import Row, exported, moment
from server.pages import words_of

routes = Routes()


@routes.get("/console/tasks.csv", audience=MEMBERS)
@routes.get("/console/tasks.xlsx", audience=MEMBERS)
@routes.get("/console/tasks.pdf", audience=MEMBERS)
async def tasks(request: web.Request) -> web.Response:
    """The board as its address filters it."""
    wrong_input.asked_once(request)
    district, at = request.config_dict[DISTRICT], now(request)
    asked = board_filter.read_filter(request.query)
    lines = await board.every_line(
        asked, sight=board.sight_of(by(request)), at=at, calendar=district.calendar, terms=district.terms
    )
    words = words_of(request)
    head = [
        words(f"web.{name}")
        for name in ("number", "target", "address", "draw.team", "leader", "state", "task.visit", "task.visit.until",
                     "task.sections", "task.notice", "task.due", "overdue")
    ]  # fmt: skip
    return await exported(request, "tasks", head, [_task(line, words) for line in lines])


def _task(line: BoardLine, words: Words) -> Row:
    late = words.joined([words(f"web.overdue.{passed.kind}") for passed in line.passed])
    return (
        line.number, line.target, line.address, f"{line.area} {line.team}", line.leader, words(f"web.task.{line.state}"),
        moment(line.visit_from), moment(line.visit_until), f"{line.done}/{line.all}",
        words(f"web.notice.{line.notice}") if line.notice else "", line.due.isoformat() if line.due else "", late,
    )  # fmt: skip


@routes.get("/console/calendar.csv", audience=MEMBERS)
@routes.get("/console/calendar.xlsx", audience=MEMBERS)
@routes.get("/console/calendar.pdf", audience=MEMBERS)
async def calendar(request: web.Request) -> web.Response:
    """The week's visits as the page shows them."""
    actor, today = by(request), local_day(now(request))
    departments = await person.departments() if actor.role == Role.OFFICE else {}
    _, serving = visits_asked(request, departments, "week")
    week = await visit_week(
        monday_of(request.query.get("week", ""), today), board.sight_of(actor), request.config_dict[DISTRICT].calendar,
        serving=serving, clashes=False,
    )  # fmt: skip
    words = words_of(request)
    head = [
        words(f"web.{name}")
        for name in (
            "number",
            "target",
            "street",
            "state",
            "task.visit",
            "task.visit.until",
            "leader",
            "members",
        )
    ]
    return await exported(request, "calendar", head, [_visit(visit, words) for visit in week.visits])


def _visit(visit: WeekVisit, words: Words) -> Row:
    state = words(f"web.task.{visit.state}") if visit.fixed else words("web.calendar.proposed")
    return (
        visit.number, visit.target, visit.street, state, moment(visit.begins), moment(visit.ends), visit.leader,
        words.joined(visit.members),
    )  # fmt: skip


@routes.get("/console/terms.csv", audience=STAFF)
@routes.get("/console/terms.xlsx", audience=STAFF)
@routes.get("/console/terms.pdf", audience=STAFF)
async def terms(request: web.Request) -> web.Response:
    """The reader's own running terms, the first due first."""
    words = words_of(request)
    mine = await own_terms(by(request), at=now(request), district=request.config_dict[DISTRICT])
    rows = [
        (term.number, term.target or term.named, words(f"term.kind.{term.kind}"), term.due.isoformat()) for term in mine
    ]  # fmt: skip
    head = [words("web.number"), words("web.target"), words("term.column.kind"), words("conference.last")]
    return await exported(request, "terms", head, rows)
