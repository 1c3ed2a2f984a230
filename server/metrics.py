"""What a watchman's machine reads every minute: queues and the loop, in Prometheus' text form 0.0.4; not public.

Only with a token of its own (`SHUANGSUIJI_METRICS_TOKEN`), else there is no such page. Numbers alone: nobody is named.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator

from aiohttp import hdrs, web

from models.queries.backlog import Backlog, backlog
from server.access import MACHINE, Routes
from server.app_keys import now

KIND = "text/plain; version=0.0.4; charset=utf-8"
EVERY, KEPT = 0.5, 120  # the loop is asked twice a second, and a minute is remembered


class LoopLag:
    """How late the loop came back to somebody who slept, in seconds: the worst of the last minute."""

    def __init__(self) -> None:
        self.late: deque[float] = deque([0.0], maxlen=KEPT)

    async def watch(self) -> None:
        while True:
            asked = time.monotonic()
            await asyncio.sleep(EVERY)
            self.late.append(max(0.0, time.monotonic() - asked - EVERY))


def join(app: web.Application, token: str) -> None:
    """Adds the page to an application, and the watch over its loop."""
    lag, routes = LoopLag(), Routes()

    @routes.get("/metrics", audience=MACHINE)
    async def metrics(request: web.Request) -> web.Response:
        given = request.headers.get(hdrs.AUTHORIZATION, "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise web.HTTPNotFound
        text = "".join(lines(await backlog(now(request)), max(lag.late)))
        return web.Response(
            body=text.encode(), headers={hdrs.CONTENT_TYPE: KIND, hdrs.CACHE_CONTROL: "no-store"}
        )

    async def watched(_: web.Application) -> AsyncIterator[None]:
        watching = asyncio.create_task(lag.watch(), name="loop lag")
        yield
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching

    routes.join(app)
    app.cleanup_ctx.append(watched)


def lines(waits: Backlog, lag: float) -> Iterator[str]:
    """The page, each number with what it is."""
    yield from _gauge("updates_waiting", "Updates stored and not yet acted upon.", {"": waits.updates})
    yield from _gauge(
        "intake_lag_seconds", "How long the oldest of them has waited.", {"": waits.updates_age}
    )
    yield from _gauge("updates_set_aside", "Updates that could not be entered.", {"": waits.set_aside})
    for name, what, value in (
        ("messages_waiting", "Messages that wait for their channel.", "waiting"),
        ("outbox_age_seconds", "Since when the oldest of them is due.", "age"),
        ("messages_held_off", "Messages that their channel asked to send later (429).", "held_off"),
    ):
        channels = {each.channel: float(getattr(each, value)) for each in waits.channels}
        yield from _gauge(name, what, channels, label="channel")
    yield from _gauge("messages_failed", "Messages given up for good.", {"": waits.failed})
    yield from _gauge(
        "oldest_term_seconds", "How long the oldest result is late, 0 for none.", {"": waits.oldest_term}
    )
    yield from _gauge("loop_lag_seconds", "The longest wait for the loop in the last minute.", {"": lag})


def _gauge(name: str, what: str, values: dict[str, float], label: str = "") -> Iterator[str]:
    yield f"# HELP shuangsuiji_{name} {what}\n# TYPE shuangsuiji_{name} gauge\n"
    for of, value in values.items():
        where = f'{{{label}="{of}"}}' if label else ""
        yield f"shuangsuiji_{name}{where} {value:g}\n"
