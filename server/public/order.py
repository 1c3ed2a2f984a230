"""责令改正通知书核验: whoever holds the link sees whether an order is genuine, and hands in what was put right (Art. 17).

Works without JavaScript. Unknown, malformed and guessed links get one answer, after one look-up each (D68).
"""

from __future__ import annotations

from aiohttp import web

from models.procedure import document_submission, rectification
from models.queries import rectification_page as queries
from models.rules.actor import Actor, Role
from server import orders
from server.access import LINK, Routes
from server.app_keys import DISTRICT, WAKE, now
from server.pages import back_to, pdf, render, words_of
from server.public.link import unknown
from server.public.upload_form import WITH_FILES, read

HOLDER = Actor(Role.PUBLIC, "link")

routes = Routes()


@routes.get("/o/{token}.pdf", audience=LINK)
async def paper(request: web.Request) -> web.Response:
    """The order itself, in the reader's language, the Chinese one with it."""
    page = await queries.order_page(request.match_info["token"])
    if page is None:
        return unknown(request)
    data = await orders.printed(page, words_of(request).language, request.config_dict[DISTRICT])
    return pdf(data, page.order.number)


@routes.get("/o/{token}", audience=LINK)
async def check(request: web.Request) -> web.Response:
    page = await queries.order_page(request.match_info["token"])
    if page is None:
        return unknown(request)
    shown = render(request, "public/order.html", page=page, order=page.order, here=_here(request))
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown


@routes.post("/o/{token}", audience=WITH_FILES)
async def prove(request: web.Request) -> web.StreamResponse:
    """What was put right, in words, with photos and papers. Who has no link sends no bytes."""
    page = await queries.order_page(request.match_info["token"])
    if page is None:
        return unknown(request)
    number = page.order.number
    async with read(request, await document_submission.room_of(page.order.task_id), link=number) as form:
        report, at = form.text("text", 1000), now(request)
        await form.kept_for(lambda: rectification.hand_in(number, report, form.files, by=HOLDER, at=at))
    request.config_dict[WAKE]()
    return back_to(_here(request), done="proved")


def _here(request: web.Request) -> str:
    """The page itself, whatever stands behind its address."""
    return f"/o/{request.match_info['token']}"
