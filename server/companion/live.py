"""What colleagues do, as they do it: server-sent events from the acts' own log (R11)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from models.queries.companion import ChainNews
from server.app_keys import by
from server.companion.json_requests import COMPANION, FieldRoutes
from server.watching import stream

routes = FieldRoutes()


@routes.get("/field/api/live", audience=COMPANION)
async def live(request: web.Request) -> web.StreamResponse:
    """News of the tasks that this officer serves in: which task, what happened, which question, by whom."""
    who = by(request)

    def worded(news: ChainNews) -> bytes:
        params = {
            "task": news.task, "kind": news.kind, "question": news.question, "mine": news.by == who.mark,
        }  # fmt: skip
        return msgspec.json.encode(params)

    return await stream(request, who.id, worded)
