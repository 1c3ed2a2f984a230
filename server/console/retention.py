"""保管与销毁 at a desk: the term of each department, what is over, lists of what is destroyed, the catalogue (Art. 20)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import retention
from models.queries import retention as queries
from models.rules import retention as rules
from models.rules.visit import local_day
from server import wrong_input
from server.access import HEAD, HOSTS, OFFICE, Routes
from server.app_keys import WAKE, by, now, own_department
from server.console.export import exported
from server.pages import agreed, back_to, field, render, words_of

PAGE = "/console/retention"
AID = ("n", "task", "target", "department", "sealed", "until", "files", "sha256")
SHOWN = 100

routes = Routes()


@routes.get(PAGE, audience=HOSTS)
async def listed(request: web.Request) -> web.Response:
    """The own department's for a head, everything for the office."""
    whose, today = own_department(request), local_day(now(request))
    page = wrong_input.number_of("page", request.query.get("page", "1")[:6]) or 1
    total, terms = await queries.count_kept(whose), await queries.terms()
    return render(
        request, "console/retention.html", terms=terms, over=await queries.over(whose, today, SHOWN),
        overs=await queries.count_over(whose, today), lists=await queries.lists(whose), total=total, page=page,
        kept=await queries.kept(whose, (page - 1) * SHOWN, SHOWN), pages=max(1, -(-total // SHOWN)),
        classes=rules.CLASSES, most=rules.LONGEST,
        own=next((term.years for term in terms if term.department == whose), rules.PERMANENT),
    )  # fmt: skip


@routes.get(PAGE + ".csv", audience=HOSTS)
@routes.get(PAGE + ".xlsx", audience=HOSTS)
@routes.get(PAGE + ".pdf", audience=HOSTS)
async def catalogue(request: web.Request) -> web.Response:
    """案卷目录: every dossier that is kept, one line each."""
    words = words_of(request)
    rows = [
        (
            str(n), line.task, line.target, line.department, line.sealed_on.isoformat(),
            line.until.isoformat() if line.until else words("retention.for_good"), str(line.files), line.sha256,
        )
        for n, line in enumerate(await queries.kept(own_department(request)), 1)
    ]  # fmt: skip
    return await exported(request, "dossiers", [words(f"retention.aid.{name}") for name in AID], rows)


@routes.post(PAGE + "/term", audience=HEAD)
async def set_term(request: web.Request) -> web.StreamResponse:
    years = wrong_input.number_of("years", await field(request, "years", 3))
    basis = await field(request, "basis", 2 * rules.LONGEST)
    await retention.set_term(years, basis, by=by(request), at=now(request))
    return _done(request, "retention_set")


@routes.post(PAGE + "/lists", audience=HEAD)
async def propose(request: web.Request) -> web.StreamResponse:
    """销毁清册, for the office to agree to."""
    form = await request.post()
    numbers = [str(value)[:80] for value in form.getall("task", [])]
    reason = await field(request, "reason", 2 * rules.LONGEST)
    await retention.propose(numbers, reason, by=by(request), at=now(request))
    return _done(request, "retention_proposed")


@routes.post(PAGE + "/lists/{id:[0-9]{1,9}}", audience=OFFICE)
async def decide(request: web.Request) -> web.StreamResponse:
    """Agreed to by a second person, the files go at once."""
    agree = await agreed(request)
    reason = await field(request, "said", 2 * rules.LONGEST)
    id = int(request.match_info["id"])
    await retention.decide(id, agree, reason, by=by(request), at=now(request))
    await retention.destroy(id)
    return _done(request, "retention_decided")


def _done(request: web.Request, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(PAGE, done=done)
