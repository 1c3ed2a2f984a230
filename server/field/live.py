"""What colleagues do, as they do it: server-sent events from the acts' own log (R11).

One watcher asks the database once a second while anybody listens, whoever wrote there, this process or
another. A listener that hears nothing for a minute is let go and comes back by itself; one that does not take
what it is sent is dropped (D79).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from aiohttp import hdrs, web

from models.queries import companion
from models.queries import sessions as visitors
from models.queries.companion import News
from models.store import Unavailable
from server.access import cookie_name
from server.app_keys import by, now
from server.field.json_requests import COMPANION, FieldRoutes

TICK, IDLE, SLOW, LIFE = 1.0, 60.0, 10.0, 300.0
WAITING, LISTENERS, EACH = 200, 2_000, 4

routes = FieldRoutes()


class Watch:
    """The listeners, and the one task that reads the log for all of them."""

    def __init__(self) -> None:
        self.listeners: dict[asyncio.Queue[News | None], str] = {}
        self.seen = 0
        self.task: asyncio.Task[None] | None = None
        self.opening = asyncio.Lock()
        self.tick, self.idle, self.slow = TICK, IDLE, SLOW

    def count(self, officer: str) -> int:
        return sum(listener == officer for listener in self.listeners.values())

    async def listen(self, officer: str) -> asyncio.Queue[News | None]:
        if len(self.listeners) >= LISTENERS or self.count(officer) >= EACH:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "30"})
        async with self.opening:
            if self.task is None or self.task.done():
                self.seen = await companion.newest()
                self.task = asyncio.create_task(self._run(), name="field-watch")
        queue: asyncio.Queue[News | None] = asyncio.Queue(WAITING)
        self.listeners[queue] = officer
        return queue

    def leave(self, queue: asyncio.Queue[News | None]) -> None:
        self.listeners.pop(queue, None)

    async def _run(self) -> None:
        while self.listeners:
            await asyncio.sleep(self.tick)
            with suppress(Unavailable):  # asked again at the next tick
                found = await companion.news(self.seen)
                await self._tell(found)
                self.seen = found[-1].id if found else self.seen

    async def _tell(self, found: Sequence[News]) -> None:
        by_officer = defaultdict(list)
        for queue, officer in self.listeners.items():
            by_officer[officer].append(queue)
        for officer, queues in by_officer.items():
            theirs = await companion.serves(officer, [one.task for one in found])
            for one in found:
                if one.task in theirs:
                    for queue in queues:
                        self._put(queue, one)

    def _put(self, queue: asyncio.Queue[News | None], one: News) -> None:
        try:
            queue.put_nowait(one)
        except asyncio.QueueFull:
            self.leave(queue)

    async def close(self) -> None:
        if self.task:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
        for queue in list(self.listeners):
            self.leave(queue)
            with suppress(asyncio.QueueFull):
                queue.put_nowait(None)


WATCH = web.AppKey("watch", Watch)


async def closing(app: web.Application) -> None:
    """Nobody is left listening when the house closes."""
    await app[WATCH].close()


@routes.get("/field/api/live", audience=COMPANION)
async def live(request: web.Request) -> web.StreamResponse:
    """News of the tasks that this officer serves in: which task, what happened, which question, by whom."""
    watch, who = request.config_dict[WATCH], by(request)
    queue = await watch.listen(who.id)
    try:
        response = web.StreamResponse(headers={hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        response.force_close()
        await response.prepare(request)
        await response.write(b"retry: 3000\n\n: here\n\n")
        await _pass_on(request, response, queue, watch)
    finally:
        watch.leave(queue)
    return response


async def _pass_on(
    request: web.Request, response: web.StreamResponse, queue: asyncio.Queue[News | None], watch: Watch
) -> None:
    loop, me = asyncio.get_running_loop(), by(request).mark
    ends = loop.time() + LIFE
    with suppress(TimeoutError, ConnectionError):
        while loop.time() < ends:
            async with asyncio.timeout(watch.idle):
                one = await queue.get()
            if one is None or not await _still_signed_in(request):
                return
            said = {"task": one.task, "kind": one.kind, "question": one.question, "mine": one.by == me}
            try:
                async with asyncio.timeout(watch.slow):
                    await response.write(b"data: " + msgspec.json.encode(said) + b"\n\n")
            except TimeoutError:
                if request.transport:
                    request.transport.abort()  # a good-bye would wait behind what is not taken
                return


async def _still_signed_in(request: web.Request) -> bool:
    return bool(await visitors.signed_in(request.cookies.get(cookie_name(request), ""), at=now(request)))
