"""亮码核验: the entity's own phone scans the officer's and sees who stands there (Art. 16 (2)).

No app, no account, no script. The scan itself is the officer's arrival. Codes that are nobody's get the one
answer that notices' links get, after one look-up (D68).
"""

from __future__ import annotations

from aiohttp import hdrs, web

from models.procedure import arrival
from models.queries import arrival as arrivals
from models.queries.arrival import Worth
from server.access import LINK, Routes
from server.keys import DISTRICT, WAKE, now
from server.pages import render
from server.public.link import is_preview, unknown

routes = Routes()


@routes.get("/a/{token}", audience=LINK)
async def code(request: web.Request) -> web.Response:
    """Who shows this code, and whether it is good at this moment."""
    district, token, at = request.config_dict[DISTRICT], request.match_info["token"], now(request)
    page = await arrivals.code_page(district.secret, token, at)
    if page is None:
        return unknown(request)
    if page.worth == Worth.VALID and request.method == hdrs.METH_GET and not is_preview(request):
        await arrival.scanned(token, at=at, district=district)
        request.config_dict[WAKE]()
    shown = render(request, "public/arrival.html", page=page)
    shown.headers["X-Robots-Tag"] = "noindex"
    shown.headers[hdrs.CACHE_CONTROL] = "no-store"
    return shown
