"""What the entity said, decided: another time, corrections, recusals, objections; its papers (Art. 14 (2), 16, 17)."""

from __future__ import annotations

from aiohttp import web

from models import store
from models.procedure import correction, objection, postponement, recusal
from models.queries import board, entity
from server.access import HEAD, INSPECTOR, MEMBERS, Routes
from server.app_keys import WAKE, by, now
from server.attachment import attachment
from server.console.task import find
from server.pages import agreed, back_to, field

routes = Routes()


@routes.get("/console/tasks/{number}/papers/{id:[0-9]{1,9}}", audience=MEMBERS)
async def paper(request: web.Request) -> web.Response:
    """A paper's bytes, only as an attachment under a name of ours, sandboxed (D38, D45)."""
    file = await entity.paper(
        request.match_info["number"], int(request.match_info["id"]), sight=board.sight_of(by(request))
    )
    if file is None:
        raise web.HTTPNotFound
    return attachment(await store.objects.get(file.sha256), file.format, file.sha256)


@routes.post("/console/tasks/{number}/postponements/{id:[0-9]{1,9}}", audience=INSPECTOR)
async def postpone(request: web.Request) -> web.StreamResponse:
    """The leader grants (a free window is proposed at once) or keeps the time."""
    page = await find(request)
    granted = await agreed(request)
    await postponement.decide(_id(request), granted, by=by(request), at=now(request))
    return _done(request, f"/console/tasks/{page.line.number}")


@routes.post("/console/tasks/{number}/corrections/{id:[0-9]{1,9}}", audience=INSPECTOR)
async def verify(request: web.Request) -> web.StreamResponse:
    page = await find(request)
    accepted = await agreed(request)
    text = await field(request, "said", 500)
    await correction.decide(_id(request), accepted, text, by=by(request), at=now(request))
    return _done(request, f"/console/tasks/{page.line.number}")


@routes.post("/console/objections/{id:[0-9]{1,9}}", audience=HEAD)
async def object_to(request: web.Request) -> web.StreamResponse:
    upheld = await agreed(request)
    text = await field(request, "said", 1000)
    await objection.decide(_id(request), upheld, text, by=by(request), at=now(request))
    return _done(request, "/console/")


@routes.post("/console/recusals/{id:[0-9]{1,9}}", audience=HEAD)
async def recuse(request: web.Request) -> web.StreamResponse:
    granted = await agreed(request)
    text = await field(request, "said", 500)
    await recusal.decide(_id(request), granted, text, by=by(request), at=now(request))
    return _done(request, "/console/")


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _done(request: web.Request, address: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(address, done="decided")
