"""亮码核验: the entity's own phone scans the officer's and sees who stands there (Art. 16 (2)).

The other way round, an officer who is signed in opens the notice that hangs there and says so.

No app, no account, no script. The scan itself is the officer's arrival. Codes that are nobody's get the one
answer that notices' links get, after one look-up (D68).
"""

from __future__ import annotations

from aiohttp import hdrs, web

from models.procedure import arrival
from models.queries import arrival as arrivals
from models.queries.arrival import AtTheDoor
from models.rules.actor import Role
from server.access import INSPECTOR, LINK, Routes
from server.app_keys import DISTRICT, VISITOR, WAKE, by, now
from server.pages import back_to, render
from server.public.link import is_preview, unknown

routes = Routes()


@routes.get("/a/{token}", audience=LINK)
async def code(request: web.Request) -> web.Response:
    """Who shows this code, and whether it is good at this moment."""
    district, token, at = request.config_dict[DISTRICT], request.match_info["token"], now(request)
    page = await arrivals.code_page(district.secret, token, at)
    if page is None:
        return unknown(request)
    if page.valid and request.method == hdrs.METH_GET and not is_preview(request):
        await arrival.scanned(token, at=at, district=district)
        request.config_dict[WAKE]()
    shown = render(request, "public/arrival.html", page=page)
    shown.headers["X-Robots-Tag"] = "noindex"
    shown.headers[hdrs.CACHE_CONTROL] = "no-store"
    return shown


@routes.post("/n/{token}/arrived", audience=INSPECTOR)
async def here(request: web.Request) -> web.StreamResponse:
    """登记到场 by an officer who holds the entity's own notice."""
    token = request.match_info["token"]
    await arrival.by_notice(token, by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/n/{token}")


async def arriving(request: web.Request, notice: int) -> AtTheDoor | None:
    """For the notice's page: that an officer of its team looks on the day."""
    who = request.get(VISITOR)
    if who is None or who.actor.role != Role.INSPECTOR:
        return None
    return await arrivals.at_notice(notice, who.actor.id, now(request))
