"""事项清单版本: what differs from the public list, and the act that makes the next version public (Art. 9)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import item_list as acts
from models.queries import item_list
from models.rules.item_list import ListReason
from server.access import OFFICE, Routes
from server.app_keys import by, now
from server.pages import back_to, field, render

routes = Routes()


@routes.get("/console/items", audience=OFFICE)
async def show(request: web.Request) -> web.Response:
    return render(
        request, "console/items.html", versions=await item_list.versions(), differs=await item_list.unpublished(),
        reasons=list(ListReason),
    )  # fmt: skip


@routes.post("/console/items", audience=OFFICE)
async def publish(request: web.Request) -> web.Response:
    reason, words = await field(request, "reason", 16), await field(request, "words", 500)
    await acts.publish(reason, words, by=by(request), at=now(request))
    return back_to("/console/items", done="items")
