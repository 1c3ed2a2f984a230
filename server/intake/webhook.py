"""Takes updates that are pushed: 200 only after the commit, 503 when it cannot be (R3, D6-D8)."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from models import store
from models.operations import inbox
from server.intake.door import Door

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
SLOWEST = 10.0
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def webhook(
    secret: str,
    now: Callable[[], datetime],
    wake: Callable[[], None],
    slowest: float = SLOWEST,
    read: Callable[[bytes], inbox.RawUpdate] = inbox.read,
) -> web.Application:
    """The sub-application for the webhook's path; refused by secret before the body is read."""
    door = Door(now)

    async def take(request: web.Request) -> web.Response:
        if not _knows(request, secret):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(slowest):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        if len(body) > LARGEST:
            return web.Response(status=413)
        return web.Response(status=await _stored(body))

    async def _stored(body: bytes) -> int:
        try:
            counts = await door.keep(read(body))
        except store.Unavailable as error:
            log.warning("an update was not stored: %s", error)
            return 503
        except Exception:
            log.exception("an update was not stored")
            return 503
        if counts.strays:
            log.error("an update was put aside: unreadable, or a known number with another body")
        wake()
        return 200

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post("", take)
    app.router.add_post("/", take)
    return app


def _knows(request: web.Request, secret: str) -> bool:
    given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
    return bool(secret) and hmac.compare_digest(given, secret.encode())
