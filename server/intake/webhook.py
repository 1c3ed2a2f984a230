"""Takes updates that are pushed: 200 only after the commit, 503 when the database does not take them (R3, D6-D8)."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from models.procedure import intake

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
SECRET = "X-Telegram-Bot-Api-Secret-Token"


def webhook(secret: str, now: Callable[[], datetime], wake: Callable[[], None]) -> web.Application:
    """The sub-application for the webhook's path; refused by secret before the body is read."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET, "")
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        body = await request.read()
        try:
            await intake.keep([intake.read(body)], at=now())
        except Exception:
            log.exception("an update was not stored")
            return web.Response(status=503)
        wake()
        return web.Response(status=200)

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post("", take)
    app.router.add_post("/", take)
    return app
