"""信用记录 at a desk: what is to be entered, what stands, applications for repair, the file for the platform (Art. 19)."""

from __future__ import annotations

import asyncio

from aiohttp import hdrs, web

from models import store
from models.procedure import credit
from models.queries import credit as queries
from models.rules import credit as rules
from models.rules.visit import local_day
from server import credit_files, wrong_input
from server.access import HEAD, HOSTS, Routes
from server.app_keys import DISTRICT, WAKE, by, now, own_department
from server.attachment import attachment
from server.console.export import XLSX
from server.pages import agreed, back_to, field, render, words_of

PAGE = "/console/credit"
TYPES = {"xlsx": XLSX, "csv": "text/csv", "json": "application/json"}
SHOWN = 50

routes = Routes()


@routes.get(PAGE, audience=HOSTS)
async def listed(request: web.Request) -> web.Response:
    """The own department's for a head, everything for the office; the entries page by page."""
    whose, today, at = own_department(request), local_day(now(request)), now(request)
    page = wrong_input.number_of("page", request.query.get("page", "1")[:6]) or 1
    calendar = request.config_dict[DISTRICT].calendar
    waiting, waits = await queries.first_to_enter(whose, calendar, until=at, most=SHOWN)
    entries, total = await queries.entries_page(whose, today, page, SHOWN)
    return render(
        request, "console/credit.html", waiting=waiting, waits=waits, today=today, entries=entries, total=total, page=page,
        pages=max(1, -(-total // SHOWN)), repairs=await queries.to_decide(whose, SHOWN),
        undecided=await queries.undecided(whose),
        until=lambda day: rules.years_after(day, rules.USUAL_YEARS),
        last=lambda day: rules.years_after(day, rules.MOST_YEARS), most=rules.LONGEST,
    )  # fmt: skip


@routes.get(PAGE + ".{form:xlsx|csv|json}", audience=HOSTS)
async def file(request: web.Request) -> web.Response:
    """Every entry that may leave, the stopped ones marked."""
    form = request.match_info["form"]
    lines = await queries.entries(own_department(request), local_day(now(request)))
    mapping = credit_files.credit_mapping("", words_of(request))
    body = await asyncio.to_thread(credit_files.credit_file, lines, mapping, f".{form}")
    return web.Response(
        body=body, content_type=TYPES[form], charset=None if form == "xlsx" else "utf-8",
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="credit.{form}"', hdrs.CACHE_CONTROL: "no-store",
        },
    )  # fmt: skip


@routes.post(PAGE + "/tasks/{number}", audience=HEAD)
async def enter(request: web.Request) -> web.StreamResponse:
    """纳入信用记录."""
    until = wrong_input.day_of("until", await field(request, "until", 10))
    await credit.enter(
        request.match_info["number"], until, by=by(request), at=now(request), district=request.config_dict[DISTRICT]
    )  # fmt: skip
    return _done(request, "credit_entered")


@routes.post(PAGE + "/repairs/{id:[0-9]{1,9}}", audience=HEAD)
async def decide(request: web.Request) -> web.StreamResponse:
    """同意修复, 不同意修复, with the reason."""
    agree = await agreed(request)
    reason = await field(request, "said", 2 * rules.LONGEST)
    id = int(request.match_info["id"])
    await credit.decide(id, agree, reason, by=by(request), at=now(request))
    return _done(request, "credit_decided")


@routes.get(PAGE + "/papers/{id:[0-9]{1,9}}", audience=HOSTS)
async def paper(request: web.Request) -> web.Response:
    """A paper of an application, as an attachment alone (D38)."""
    row = await queries.paper(int(request.match_info["id"]), own_department(request))
    if row is None:
        raise web.HTTPNotFound
    return attachment(await store.objects.get(row.sha256), row.format, row.sha256)


def _done(request: web.Request, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(PAGE, done=done)
