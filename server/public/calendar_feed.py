"""日历订阅: a person's own calendar at an address that nobody guesses; a reset one is like one that never was (Art. 15)."""

from __future__ import annotations

from aiohttp import hdrs, web

from models.queries.calendar_feed import owner_of
from server.access import LINK, Routes
from server.app_keys import DISTRICT, now
from server.calendar_feed import calendar_of
from server.throttle import Throttle

READS = web.AppKey("calendar reads", Throttle)
A_MINUTE = 12
"""How often one calendar is made in a minute: programs ask once an hour, a person presses a few times."""

routes = Routes()


@routes.get("/calendar/{token}.ics", audience=LINK)
async def feed(request: web.Request) -> web.Response:
    owner = await owner_of(request.match_info["token"][:64])
    if owner is None:
        raise web.HTTPNotFound
    at = now(request)
    if not request.config_dict[READS].take(str(owner.id), at.timestamp()):
        raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
    return web.Response(
        body=await calendar_of(owner, request.config_dict[DISTRICT], at),
        content_type="text/calendar",
        charset="utf-8",
        headers={
            hdrs.CACHE_CONTROL: "no-store",
            hdrs.CONTENT_DISPOSITION: 'inline; filename="calendar.ics"',
            "X-Robots-Tag": "noindex",
        },
    )
