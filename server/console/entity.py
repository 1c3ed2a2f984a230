"""What the entity said, decided: another time, corrections, recusals, objections; its papers (Art. 14 (2), 16, 17)."""

from __future__ import annotations

from aiohttp import hdrs, web

from models import store
from models.procedure import correction, objection, postponement, recusal
from models.queries import board, entity
from server.access import HEAD, INSPECTOR, MEMBERS, Routes
from server.app_keys import WAKE, by, now
from server.console.task import TYPES, find
from server.pages import back_to, field

routes = Routes()


@routes.get("/console/tasks/{number}/papers/{id:[0-9]{1,9}}", audience=MEMBERS)
async def paper(request: web.Request) -> web.Response:
    """A paper's bytes, only as an attachment under a name of ours, sandboxed (D38, D45)."""
    found = await entity.paper(
        request.match_info["number"], int(request.match_info["id"]), sight=board.sight_of(by(request))
    )
    if found is None:
        raise web.HTTPNotFound
    return attachment(await store.objects.get(found.sha256), found.format, found.sha256)


def attachment(data: bytes, form: str, sha256: str) -> web.Response:
    """Bytes from outside, to be saved and never shown by the browser itself."""
    return web.Response(
        body=data,
        content_type="application/pdf" if form == "PDF" else TYPES.get(form, "application/octet-stream"),
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{sha256[:16]}.{form.lower()}"',
            hdrs.CACHE_CONTROL: "private, max-age=3600",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@routes.post("/console/tasks/{number}/postponements/{id:[0-9]{1,9}}", audience=INSPECTOR)
async def postpone(request: web.Request) -> web.StreamResponse:
    """The leader grants (a free window is proposed at once) or keeps the time."""
    found = await find(request)
    granted = await _choice(request)
    await postponement.decide(_id(request), granted, by=by(request), at=now(request))
    return _done(request, f"/console/tasks/{found.line.number}")


@routes.post("/console/tasks/{number}/corrections/{id:[0-9]{1,9}}", audience=INSPECTOR)
async def verify(request: web.Request) -> web.StreamResponse:
    found = await find(request)
    accepted = await _choice(request)
    said = await field(request, "said", 500)
    await correction.decide(_id(request), accepted, said, by=by(request), at=now(request))
    return _done(request, f"/console/tasks/{found.line.number}")


@routes.post("/console/objections/{id:[0-9]{1,9}}", audience=HEAD)
async def object_to(request: web.Request) -> web.StreamResponse:
    upheld = await _choice(request)
    said = await field(request, "said", 1000)
    await objection.decide(_id(request), upheld, said, by=by(request), at=now(request))
    return _done(request, "/console/")


@routes.post("/console/recusals/{id:[0-9]{1,9}}", audience=HEAD)
async def recuse(request: web.Request) -> web.StreamResponse:
    granted = await _choice(request)
    said = await field(request, "said", 500)
    await recusal.decide(_id(request), granted, said, by=by(request), at=now(request))
    return _done(request, "/console/")


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _choice(request: web.Request) -> bool:
    given = await field(request, "act", 12)
    if given not in ("agree", "refuse"):
        raise web.HTTPBadRequest
    return given == "agree"


def _done(request: web.Request, address: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(address, done="decided")
