"""Who listens to what happens in tasks: one watcher asks the database for all of them (R11).

It asks once a second while anybody listens, whoever wrote there, this process or another. A listener that hears
nothing for a minute is let go and comes back by itself; one that does not take what it is sent is dropped (D79).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from aiohttp import hdrs, web

from models.queries import companion
from models.queries import sessions as visitors
from models.queries.companion import ChainNews
from models.store import Unavailable
from server.access import cookie_name
from server.app_keys import now
from server.waiting import REAL_TIME, Waiting

TICK, IDLE, SLOW, LIFE = 1.0, 60.0, 10.0, 300.0
WAITING, LISTENERS, EACH = 200, 2_000, 4
Sees = Callable[[Sequence[str]], Awaitable[set[str]]]
"""Those of these tasks of which somebody is told."""


class Listener:
    """What one phone is still to be told; None says that the house closes."""

    def __init__(self) -> None:
        self._pending: deque[ChainNews | None] = deque()
        self._news = asyncio.Event()

    @property
    def full(self) -> bool:
        return len(self._pending) >= WAITING

    def put(self, news: ChainNews | None) -> None:
        self._pending.append(news)
        self._news.set()

    async def next(self, waiting: Waiting, idle: float) -> ChainNews | None:
        """The next news. TimeoutError after so many seconds of silence."""
        await waiting.until(self._news, idle)
        if not self._pending:
            raise TimeoutError
        news = self._pending.popleft()
        if not self._pending:
            self._news.clear()
        return news


class Watch:
    """The listeners, and the one task that reads the log for all of them."""

    def __init__(self) -> None:
        self.listeners: dict[Listener, str] = {}
        self._sees: dict[str, Sees] = {}
        self.waiting: Waiting = REAL_TIME
        self.seen = 0
        self.task: asyncio.Task[None] | None = None
        self.opening = asyncio.Lock()
        self.tick, self.idle, self.slow = TICK, IDLE, SLOW

    def count(self, officer: str) -> int:
        return sum(listener == officer for listener in self.listeners.values())

    async def listen(self, officer: str, sees: Sees | None = None) -> Listener:
        """`officer`: whoever listens, by one name in all their windows; `sees`: else the tasks in which they serve."""
        if len(self.listeners) >= LISTENERS or self.count(officer) >= EACH:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "30"})
        async with self.opening:
            if self.task is None or self.task.done():
                self.seen = await companion.newest()
                self.task = asyncio.create_task(self._run(), name="watch")
        listener = Listener()
        self.listeners[listener] = officer
        self._sees[officer] = sees or partial(companion.serves, officer)
        return listener

    def leave(self, listener: Listener) -> None:
        officer = self.listeners.pop(listener, None)
        if officer and not self.count(officer):
            self._sees.pop(officer, None)

    async def _run(self) -> None:
        while self.listeners:
            await self.waiting.sleep(self.tick)
            with suppress(Unavailable):  # asked again at the next tick
                news = await companion.news(self.seen)
                await self._tell(news)
                self.seen = news[-1].id if news else self.seen

    async def _tell(self, events: Sequence[ChainNews]) -> None:
        by_officer = defaultdict(list)
        for listener, officer in self.listeners.items():
            by_officer[officer].append(listener)
        for officer, listeners in by_officer.items():
            if (sees := self._sees.get(officer)) is None:
                continue  # left while others were asked for
            theirs = await sees([event.task for event in events])
            for news in events:
                if news.task in theirs:
                    for listener in listeners:
                        self._put(listener, news)

    def _put(self, listener: Listener, news: ChainNews) -> None:
        if listener.full:
            self.leave(listener)
        else:
            listener.put(news)

    async def close(self) -> None:
        if self.task:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
        for listener in list(self.listeners):
            self.leave(listener)
            listener.put(None)


WATCH = web.AppKey("watch", Watch)


async def closing(app: web.Application) -> None:
    """Nobody is left listening when the house closes."""
    await app[WATCH].close()


async def stream(
    request: web.Request, who: str, worded: Callable[[ChainNews], bytes | None], sees: Sees | None = None
) -> web.StreamResponse:
    """Server-sent events for one listener; `worded`: what is said of an act, None: nothing."""
    watch = request.config_dict[WATCH]
    listener = await watch.listen(who, sees)
    try:
        response = web.StreamResponse(headers={hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        response.force_close()
        await response.prepare(request)
        await response.write(b"retry: 3000\n\n: here\n\n")
        await _pass_on(request, response, listener, watch, worded)
    finally:
        watch.leave(listener)
    return response


async def _pass_on(
    request: web.Request,
    response: web.StreamResponse,
    listener: Listener,
    watch: Watch,
    worded: Callable[[ChainNews], bytes | None],
) -> None:
    waiting = watch.waiting
    ends = waiting.monotonic() + LIFE
    with suppress(TimeoutError, ConnectionError):
        while waiting.monotonic() < ends:
            news = await listener.next(waiting, watch.idle)
            if news is None or not await _still_signed_in(request):
                return
            if (remark := worded(news)) is None:
                continue
            try:
                async with asyncio.timeout(watch.slow):
                    await response.write(b"data: " + remark + b"\n\n")
            except TimeoutError:
                if request.transport:
                    request.transport.abort()  # a good-bye would wait behind what is not taken
                return


async def _still_signed_in(request: web.Request) -> bool:
    return bool(await visitors.signed_in(request.cookies.get(cookie_name(request), ""), at=now(request)))
