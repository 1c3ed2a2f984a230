"""Is the process alive, and is it ready: database, objects, intake (ASVS 13.4.5: nothing private is told)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from aiohttp import hdrs, web

from models import store
from models.operations import inbox
from server import integrity
from server.access import ANYONE, Routes
from server.app_keys import now

log = logging.getLogger(__name__)

OLDEST, PATIENCE = 60.0, 5.0
PROBE = b"ready?"

routes = Routes()


@routes.get("/healthz", audience=ANYONE)
async def alive(request: web.Request) -> web.Response:
    return _say({"status": "ok"}, 200)


@routes.get("/readyz", audience=ANYONE)
async def ready(request: web.Request) -> web.Response:
    """503 unless the database takes a write and was whole when last read through, the object store takes a file,
    and no update waits 60 s.
    """
    checks = {
        "database": await _holds(inbox.lease("ready", "ready", PATIENCE, at=now(request))),
        "objects": await _holds(_kept()),
        "integrity": integrity.whole(),
        "intake": await _holds(_brisk(request)),
    }
    fine = all(checks.values())
    return _say({"status": "ok" if fine else "unready", **checks}, 200 if fine else 503)


async def _kept() -> None:
    await store.objects.put(PROBE)


async def _brisk(request: web.Request) -> None:
    for oldest in await inbox.waiting(at=now(request), limit=1):
        waits = (now(request) - oldest.received_at).total_seconds()
        if waits > OLDEST:
            raise TimeoutError(f"an update waits {waits:.0f} s")


async def _holds(check: Awaitable[object]) -> bool:
    try:
        await asyncio.wait_for(check, PATIENCE)
    except Exception as why:
        log.warning("not ready: %s", why)
        return False
    return True


def _say(body: dict[str, object], status: int) -> web.Response:
    return web.json_response(body, status=status, headers={hdrs.CACHE_CONTROL: "no-store"})
