"""通知核验: whoever holds the link sees whether a notice is genuine, confirms, asks for another time.

Works without JavaScript, in any phone browser. Unknown, malformed and guessed links get one answer, after one
look-up each (D68).
"""

from __future__ import annotations

import re

from aiohttp import hdrs, web

from models.procedure import notice as notices
from models.procedure import postponement
from models.queries import public
from models.rules.actor import Actor, Role
from server.access import LINK, Routes
from server.keys import LETTER, WAKE, now
from server.pages import back_to, field, render, words_of

HOLDER = Actor(Role.PUBLIC, "link")
PREVIEWER = re.compile(r"bot\b|bot/|spider|crawl|preview|externalhit", re.IGNORECASE)

routes = Routes()


@routes.get("/n/{token}.pdf", audience=LINK)
async def letter(request: web.Request) -> web.Response:
    """The letter itself, in the reader's language, for as long as it stands."""
    page = await _find(request)
    if page is None:
        return _unknown(request)
    made = await request.config_dict[LETTER](page.id, words_of(request).language)
    return web.Response(
        body=made.pdf,
        content_type="application/pdf",
        headers={
            hdrs.CONTENT_DISPOSITION: f'inline; filename="{page.number}.pdf"',
            hdrs.CACHE_CONTROL: "no-store",
            "X-Robots-Tag": "noindex",
        },
    )


@routes.get("/n/{token}", audience=LINK)
async def check(request: web.Request) -> web.Response:
    page = await _find(request)
    if page is None:
        return _unknown(request)
    if request.method == hdrs.METH_GET and page.standing_now and not _is_preview(request):
        await notices.opened(request.match_info["token"], at=now(request))
        request.config_dict[WAKE]()
    shown = render(request, "public/notice.html", page=page, here=request.path)
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown


@routes.post("/n/{token}", audience=LINK)
async def answer(request: web.Request) -> web.StreamResponse:
    """收到, or 申请改期 with a reason."""
    page = await _find(request)
    if page is None:
        return _unknown(request)
    act = await field(request, "act")
    if act == "received":
        await notices.acknowledge(page.number, by=HOLDER, at=now(request))
    elif act == "postpone":
        await postponement.ask(
            page.number, await field(request, "reason", 500), wanted=await field(request, "wanted", 200),
            by=HOLDER,
            at=now(request),
        )  # fmt: skip
    else:
        raise web.HTTPBadRequest
    request.config_dict[WAKE]()
    return back_to(request.path, done=act)


async def _find(request: web.Request) -> public.NoticePage | None:
    """The notice of this link. What is no token at all is hashed and looked up like one that is nobody's."""
    return await public.notice_page(request.match_info["token"], now(request))


def _is_preview(request: web.Request) -> bool:
    """A machine that looks at a link before a person does: nobody has read the notice yet."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return bool(purpose) or PREVIEWER.search(request.headers.get(hdrs.USER_AGENT, "")) is not None


def _unknown(request: web.Request) -> web.Response:
    shown = render(request, "public/unknown.html", status=404)
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown
