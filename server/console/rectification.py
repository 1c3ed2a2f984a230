"""责令改正 at a desk: the order's paper, the head's case and withdrawal (Art. 17).

Ordering, verifying, rechecking and extending are an officer's acts: `server.console.work`.
"""

from __future__ import annotations

from datetime import date

from aiohttp import web

from models.procedure import rectification
from models.queries import board
from models.queries import rechecks as queries_of_rechecks
from models.queries import rectification as queries
from models.queries import rectification_page as pages
from server import orders, rechecks, wrong_input
from server.access import HEAD, MEMBERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import back_to, field, pdf, words_of

routes = Routes()


@routes.get("/console/orders/{number}.pdf", audience=MEMBERS)
async def paper(request: web.Request) -> web.Response:
    """The order, for those who see its task (D60)."""
    page = await pages.seen(request.match_info["number"], sight=board.sight_of(by(request)))
    if page is None:
        raise web.HTTPNotFound
    data = await orders.printed(page, words_of(request).language, request.config_dict[DISTRICT])
    return pdf(data, page.order.number)


@routes.get("/console/rechecks/{id:[0-9]{1,9}}.pdf", audience=MEMBERS)
async def record(request: web.Request) -> web.Response:
    """The record of a recheck, for those who see its task (D60)."""
    page = await queries_of_rechecks.seen(int(request.match_info["id"]), sight=board.sight_of(by(request)))
    if page is None:
        raise web.HTTPNotFound
    data = await rechecks.printed(page, words_of(request).language, request.config_dict[DISTRICT])
    return pdf(data, page.line.number)


@routes.post("/console/orders/{id:[0-9]{1,9}}/file", audience=HEAD)
async def file(request: web.Request) -> web.StreamResponse:
    """立案: number and day of the case."""
    id = await _own(request)
    given = await field(request, "day", 10)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise wrong_input.moment("day", given) from None
    order = await rectification.file(
        id, await field(request, "case", 80), day, await field(request, "reason", 1000),
        by=by(request), at=now(request),
    )  # fmt: skip
    return _done(request, order.task, "case_filed")


@routes.post("/console/orders/{id:[0-9]{1,9}}/revoke", audience=HEAD)
async def revoke(request: web.Request) -> web.StreamResponse:
    """撤回 with a reason."""
    order = await rectification.revoke(
        await _own(request), await field(request, "reason", 1000), by=by(request), at=now(request)
    )
    return _done(request, order.task, "order_revoked")


async def _own(request: web.Request) -> int:
    """The order's id, where it is one of the head's department; before anything that the form says is read (D60)."""
    id = int(request.match_info["id"])
    if not await queries.of_department(id, by(request).department):
        raise web.HTTPNotFound
    return id


def _done(request: web.Request, number: str, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done=done)
