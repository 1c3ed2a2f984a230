"""年度计划、实施方案 adopted at a desk from their signed files, as on the command line (Art. 12, 13)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from locales.refusals import named
from models.procedure import plan, scheme
from models.queries import plans
from models.queries.person import departments
from models.rules.actor import Role
from server import wrong_input
from server.access import HOSTS, MEMBERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import field, render

LONGEST = 500

routes = Routes()


@routes.get("/console/plans", audience=MEMBERS)
async def listed(request: web.Request) -> web.Response:
    return await _page(request)


@routes.post("/console/plans/adopt", audience=HOSTS)
async def adopt_plan(request: web.Request) -> web.Response:
    """A department's plan for the year; a head's own alone. The same file again changes nothing."""
    adopted = await plan.adopt(
        await _file(request), by=by(request), at=now(request), amend=await field(request, "amend", LONGEST)
    )
    request.config_dict[WAKE]()
    return await _page(request, plan=adopted)


@routes.post("/console/schemes/adopt", audience=HOSTS)
async def adopt_scheme(request: web.Request) -> web.Response:
    """A scheme with its batches; they may be committed then."""
    adopted = await scheme.adopt(
        await _file(request), by=by(request), at=now(request), amend=await field(request, "amend", LONGEST),
        most=request.config_dict[DISTRICT].visits_a_year,
    )  # fmt: skip
    request.config_dict[WAKE]()
    return await _page(request, scheme=adopted)


async def _file(request: web.Request) -> bytes:
    given = (await request.post()).get("file")
    if not isinstance(given, web.FileField):
        raise wrong_input.no_file()
    return given.file.read()


async def _page(request: web.Request, **adopted: Any) -> web.Response:
    adopts = by(request).role in (Role.OFFICE, Role.HEAD)
    names = await departments()
    shown = {"plan": None, "scheme": None} | adopted
    return render(
        request,
        "console/plans.html",
        entries=await plans.entries(),
        adopts=adopts,
        names=names,
        named=named,
        **shown,
    )
