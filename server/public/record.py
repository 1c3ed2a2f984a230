"""检查记录表核验: whoever holds the link sees whether a record is genuine, and which version of it (Art. 16 (3)).

Works without JavaScript and shows nobody's whole name; the paper itself is for whoever holds the link, like the
notice's. Unknown, malformed and guessed links get one answer, after one look-up each (D68).
"""

from __future__ import annotations

from aiohttp import web

from models.queries import record_page as queries
from server.access import LINK, Routes
from server.app_keys import RECORD
from server.pages import pdf, render, words_of

routes = Routes()


@routes.get("/r/{token}.pdf", audience=LINK)
async def paper(request: web.Request) -> web.Response:
    """The record itself, in the reader's language, the Chinese one with it."""
    page = await queries.check_page(request.match_info["token"])
    if page is None:
        return _unknown(request)
    letter = await request.config_dict[RECORD](page.id, words_of(request).language)
    return pdf(letter.pdf, page.number)


@routes.get("/r/{token}", audience=LINK)
async def check(request: web.Request) -> web.Response:
    page = await queries.check_page(request.match_info["token"])
    if page is None:
        return _unknown(request)
    shown = render(request, "public/record.html", page=page, here=request.path)
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown


def _unknown(request: web.Request) -> web.Response:
    shown = render(request, "public/record_unknown.html", status=404)
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown
