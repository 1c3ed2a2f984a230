"""One batch; committing its draw, extending and closing it (Art. 13, 14)."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from models.procedure import batch as batches
from models.procedure import draw
from models.queries import ceremony, declarations, platform_result, scheme_drafts
from models.queries.person import departments
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.draw.declaration import DeclarationGround
from models.rules.scheme_figures import CrewShortage
from models.rules.visit import SHANGHAI
from models.states import BatchState
from server.access import HEAD, HOSTS, MEMBERS, Routes
from server.app_keys import DISTRICT, RANDOM, WAKE, by, now
from server.pages import back_to, field, render

NAMED = 50  # tasks that are left, each with its own reason; the others have one together

routes = Routes()


@routes.get("/console/batches/{code}", audience=MEMBERS)
async def batch(request: web.Request) -> web.Response:
    page = await find(request)
    standing = await ceremony.ceremony(page.standing.code) if page.standing else None
    return render(
        request, "console/batch.html", batch=page, draw=standing, hosts=hosts(request, page.initiating),
        left=await ceremony.left(page.code, NAMED), all_left=await ceremony.count_left(page.code),
        extends=_extends(request, page.initiating), grounds=tuple(DeclarationGround),
        declares=declares(request), withdraws=lambda declaration: _withdraws(request, declaration),
        declared=await declarations.listed(page.code, by(request)) if declares(request) else (),
        taken=await platform_result.taken_files(page.code) if hosts(request, page.initiating) else (),
        shortages=await _shortages(request, page), names=await departments(),
    )  # fmt: skip


@routes.post("/console/batches/{code}/commit", audience=HOSTS)
async def commit(request: web.Request) -> web.StreamResponse:
    """Fix the draw and publish its hash; pressed twice, the first stays."""
    page = await find(request)
    fixed = await draw.commit(
        page.code, by=by(request), at=now(request), random=request.config_dict[RANDOM],
        practice=request.config_dict[DISTRICT].practice,
        outside_from=moment(await field(request, "until", 20)), most=request.config_dict[DISTRICT].visits_a_year,
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/draws/{fixed.code}", done="committed")


@routes.post("/console/batches/{code}/extend", audience=HEAD)
async def extend(request: web.Request) -> web.StreamResponse:
    """The head of the initiating department moves the window's end."""
    page = await find(request)
    until = moment(await field(request, "until", 10))
    if until is None:
        raise Refusal("batch.extend_backwards", "13", batch=page.code, until="—", closes=page.closes)
    await batches.extend(
        page.code, until.date(), await field(request, "reason"), by=by(request), at=now(request)
    )
    request.config_dict[WAKE]()
    return back_to(f"/console/batches/{page.code}", done="extended")


@routes.post("/console/batches/{code}/close", audience=HOSTS)
async def close(request: web.Request) -> web.StreamResponse:
    """End a batch, with a reason for each task that is left."""
    page = await find(request)
    rest = await field(request, "rest", 400)
    reasons = {
        task.number: await field(request, task.number) or rest for task in await ceremony.left(page.code)
    }
    await batches.close(page.code, reasons, by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/batches/{page.code}", done="batch_closed")


@routes.post("/console/batches/{code}/withdraw", audience=HOSTS)
async def withdraw(request: web.Request) -> web.StreamResponse:
    """Void a batch that nobody will draw, with a reason."""
    page = await find(request)
    await batches.withdraw(page.code, await field(request, "reason", 500), by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/batches/{page.code}", done="kept")


async def find(request: web.Request) -> ceremony.BatchPage:
    """The batch, for the office and for the departments that send officers (D60)."""
    page, actor = await ceremony.batch(request.match_info["code"]), by(request)
    if page is None or (actor.role != Role.OFFICE and actor.department not in page.departments):
        raise web.HTTPNotFound
    return page


async def _shortages(request: web.Request, page: ceremony.BatchPage) -> tuple[CrewShortage, ...]:
    """What would refuse the commit, for whoever could press it now."""
    if page.state != BatchState.OPEN or not hosts(request, page.initiating):
        return ()
    return await scheme_drafts.shortages_of_batch(page.code, most=request.config_dict[DISTRICT].visits_a_year)


def moment(typed: str) -> datetime | None:
    """A wall clock time of the district from a form; None where nothing was typed."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=SHANGHAI) if typed else None
    except ValueError:
        raise Refusal("draw.until_malformed", article="14(1)", value=typed) from None


def declares(request: web.Request) -> bool:
    """May this person declare who is out, and read it: the office, or a head of the batch (Art. 3)."""
    return by(request).role in (Role.OFFICE, Role.HEAD)


def _withdraws(request: web.Request, declaration: declarations.DeclarationLine) -> bool:
    """Who declared it, and the office, take it back."""
    actor = by(request)
    return actor.role == Role.OFFICE or bool(
        declaration.department and actor.department == declaration.department
    )


def _extends(request: web.Request, initiating: str) -> bool:
    actor = by(request)
    return actor.role == Role.HEAD and actor.department == initiating


def hosts(request: web.Request, initiating: str) -> bool:
    """May this person commit and hold: the office, or the head of the initiating department."""
    actor = by(request)
    return actor.role == Role.OFFICE or (actor.role == Role.HEAD and actor.department == initiating)
