"""日历订阅 from the phone: a new private address of one's own calendar, shown this once (Art. 15)."""

from __future__ import annotations

import secrets

from aiohttp import web

from models.procedure import calendar_feed
from server.app_keys import DISTRICT, VISITOR, by, now
from server.calendar_feed import addresses
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, answer, read

routes = FieldRoutes()


class AddressWanted(ActBody):
    """Nothing but that a new address is wanted."""


@routes.post("/field/api/calendar", audience=COMPANION)
async def reset(request: web.Request) -> web.Response:
    """No receipt is kept of it: that would keep the address. Asked again, it is another one, and the last is good."""
    asked, _ = await read(request, AddressWanted)
    token = secrets.token_urlsafe(24)
    await calendar_feed.reset(request[VISITOR].account, token, by=by(request), at=now(request))
    address, program = addresses(request.config_dict[DISTRICT], token)
    return answer({"key": asked.key, "address": address, "program": program})
