"""日历订阅 at the desk: a new private address of one's own calendar, shown this once (Art. 15)."""

from __future__ import annotations

import secrets

from aiohttp import web

from models.procedure import calendar_feed
from server.access import STAFF, Routes
from server.app_keys import DISTRICT, VISITOR, by, now
from server.calendar_feed import addresses
from server.console.qr import svg
from server.pages import render

routes = Routes()


@routes.post("/console/me/calendar", audience=STAFF)
async def reset(request: web.Request) -> web.Response:
    """Give out a new address; the one before stops at once."""
    token = secrets.token_urlsafe(24)
    await calendar_feed.reset(request[VISITOR].account, token, by=by(request), at=now(request))
    address, program = addresses(request.config_dict[DISTRICT], token)
    return render(
        request, "console/calendar_address.html", address=address, program=program, code=svg(program)
    )
