"""在手机上打开: from the console into the companion by a QR code, signed in as the same officer (Art. 15, 16)."""

from __future__ import annotations

import secrets

from aiohttp import web

from models.procedure import enrolment
from server.access import INSPECTOR, Routes
from server.app_keys import DISTRICT, VISITOR, by, now
from server.console.qr import svg
from server.pages import render

routes = Routes()


@routes.post("/console/phone", audience=INSPECTOR)
async def phone(request: web.Request) -> web.Response:
    """A login link as a QR code: good once, for ten minutes; asked for by a press, so that no look makes one."""
    district, token = request.config_dict[DISTRICT], secrets.token_urlsafe(16)
    if not district.trusted:
        raise web.HTTPNotFound
    account = request[VISITOR].account
    until = await enrolment.invite(account, token, by=by(request), at=now(request), purpose="login")
    address = district.link(f"/login/{token}?next=/field/")
    return render(request, "console/phone.html", code=svg(address), until=until)
