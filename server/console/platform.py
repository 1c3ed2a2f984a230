"""省级平台: side by side what has to be typed there, each field with its own copy button (Art. 8)."""

from __future__ import annotations

from aiohttp import web

from models.queries import platform as queries
from models.queries import publication
from models.rules.actor import Role
from models.rules.platform import laid_out
from models.states import RECEIPT_DUE
from server.access import MEMBERS, Routes
from server.app_keys import by
from server.console.task import find
from server.pages import render, words_of
from server.platform_files import default_mapping

routes = Routes()


@routes.get("/console/tasks/{number}/platform", audience=MEMBERS)
async def side_by_side(request: web.Request) -> web.Response:
    """Every field as it is typed there; below, the receipt for whoever may enter it."""
    page, actor = await find(request), by(request)
    values = await queries.of_task(page.line.number)
    if values is None:
        raise web.HTTPNotFound
    mapping = default_mapping(words_of(request))
    heads = actor.role == Role.HEAD and actor.department == page.initiating
    return render(
        request, "console/platform.html", task=page, line=page.line,
        shown=[*zip(mapping.headings, laid_out(values, mapping), strict=True)],
        receipts=await publication.receipts(page.line.number),
        may=(heads or page.leader == actor.id) and page.line.state in RECEIPT_DUE,
    )  # fmt: skip
