"""One batch; committing its draw, extending and closing it (Art. 13, 14)."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from models.procedure import batch as batches
from models.procedure import draw
from models.queries import ceremony, declarations
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.draw.declaration import Ground
from models.rules.visit import SHANGHAI
from server.access import HEAD, HOSTS, MEMBERS, Routes
from server.app_keys import DISTRICT, RANDOM, WAKE, by, now
from server.pages import back_to, field, render

routes = Routes()


@routes.get("/console/batches/{code}", audience=MEMBERS)
async def batch(request: web.Request) -> web.Response:
    found = await find(request)
    standing = await ceremony.ceremony(found.standing.code) if found.standing else None
    return render(
        request, "console/batch.html", batch=found, draw=standing, hosts=hosts(request, found.initiating),
        left=await ceremony.left(found.code), extends=_extends(request, found.initiating), grounds=tuple(Ground),
        declares=declares(request), withdraws=lambda one: _withdraws(request, one),
        declared=await declarations.listed(found.code, by(request)) if declares(request) else (),
    )  # fmt: skip


@routes.post("/console/batches/{code}/commit", audience=HOSTS)
async def commit(request: web.Request) -> web.StreamResponse:
    """Fix the draw and publish its hash; pressed twice, the first stays."""
    found = await find(request)
    fixed = await draw.commit(
        found.code, by=by(request), at=now(request), random=request.config_dict[RANDOM],
        practice=request.config_dict[DISTRICT].practice,
        outside_from=moment(await field(request, "until", 20)),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/draws/{fixed.code}", done="committed")


@routes.post("/console/batches/{code}/extend", audience=HEAD)
async def extend(request: web.Request) -> web.StreamResponse:
    """The head of the initiating department moves the window's end."""
    found = await find(request)
    until = moment(await field(request, "until", 10))
    if until is None:
        raise Refusal("batch.extend_backwards", "13", batch=found.code, until="—", closes=found.closes)
    await batches.extend(
        found.code, until.date(), await field(request, "reason"), by=by(request), at=now(request)
    )
    request.config_dict[WAKE]()
    return back_to(f"/console/batches/{found.code}", done="extended")


@routes.post("/console/batches/{code}/close", audience=HOSTS)
async def close(request: web.Request) -> web.StreamResponse:
    """End a batch, with a reason for each task that is left."""
    found = await find(request)
    reasons = {one.number: await field(request, one.number) for one in await ceremony.left(found.code)}
    await batches.close(found.code, reasons, by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/batches/{found.code}", done="batch_closed")


async def find(request: web.Request) -> ceremony.BatchPage:
    """The batch, for the office and for the departments that send officers (D60)."""
    found, actor = await ceremony.batch(request.match_info["code"]), by(request)
    if found is None or (actor.role != Role.OFFICE and actor.department not in found.departments):
        raise web.HTTPNotFound
    return found


def moment(typed: str) -> datetime | None:
    """A wall clock time of the district from a form; None where nothing was typed."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=SHANGHAI) if typed else None
    except ValueError:
        raise Refusal("draw.until_malformed", article="14(1)", value=typed) from None


def declares(request: web.Request) -> bool:
    """May this person declare who is out, and read it: the office, or a head of the batch (Art. 3)."""
    return by(request).role in (Role.OFFICE, Role.HEAD)


def _withdraws(request: web.Request, one: declarations.Line) -> bool:
    """Who declared it, and the office, take it back."""
    actor = by(request)
    return actor.role == Role.OFFICE or bool(one.department and actor.department == one.department)


def _extends(request: web.Request, initiating: str) -> bool:
    actor = by(request)
    return actor.role == Role.HEAD and actor.department == initiating


def hosts(request: web.Request, initiating: str) -> bool:
    """May this person commit and hold: the office, or the head of the initiating department."""
    actor = by(request)
    return actor.role == Role.OFFICE or (actor.role == Role.HEAD and actor.department == initiating)
