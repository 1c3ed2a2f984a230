"""申报 of a batch: a target out, sealed or to be drawn again, with its document's hash (Art. 3, 14 (1))."""

from __future__ import annotations

import hashlib

from aiohttp import web

from models.procedure import declaration
from server.access import HOSTS, HOSTS_WITH_PAPERS, Routes
from server.app_keys import by, now
from server.console.batches import find
from server.pages import back_to, field

routes = Routes()


@routes.post("/console/batches/{code}/declarations", audience=HOSTS_WITH_PAPERS)
async def declare(request: web.Request) -> web.StreamResponse:
    """The document stays with the department; its hash is computed here, or typed as it was computed elsewhere."""
    page = await find(request)
    await declaration.declare(
        page.code, await field(request, "target", 200), await field(request, "ground", 20),
        await field(request, "document", 300), await _sha256(request), by=by(request), at=now(request),
    )  # fmt: skip
    return back_to(f"/console/batches/{page.code}", done="declared")


@routes.post("/console/batches/{code}/declarations/{id}/withdraw", audience=HOSTS)
async def withdraw(request: web.Request) -> web.StreamResponse:
    page, given = await find(request), request.match_info["id"]
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise web.HTTPNotFound
    await declaration.withdraw(
        int(given), await field(request, "reason", 400), by=by(request), at=now(request)
    )
    return back_to(f"/console/batches/{page.code}", done="declaration_withdrawn")


async def _sha256(request: web.Request) -> str:
    given = (await request.post()).get("file")
    if isinstance(given, web.FileField) and (data := given.file.read()):
        return hashlib.sha256(data).hexdigest()
    return await field(request, "sha256", 80)
