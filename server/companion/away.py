"""不能到的时间 on the phone: said without reception too, taken back by one tap (Art. 15)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from models.procedure import away_time
from models.queries import away_time as away_times
from server.app_keys import by, now
from server.companion.act_request import Aware
from server.companion.acts import done_once
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, read
from server.companion.onsite import Id

routes = FieldRoutes()


class AwayTimeGiven(ActBody):
    begins: Aware
    ends: Aware


class AwayTimeTakenBack(ActBody):
    away: Id


@routes.post("/field/api/me/away", audience=COMPANION)
async def say(request: web.Request) -> web.Response:
    """201 with a receipt, like every act."""
    asked, sha256 = await read(request, AwayTimeGiven)
    who, at = by(request), now(request)

    async def done(key: str) -> dict[str, Any]:
        noted = await away_time.say(asked.begins, asked.ends, by=who, at=at, key=key)
        return {"away": noted.time.id, "asked": len(noted.asked), "fixed": len(noted.fixed)}

    return await done_once(request, asked.key, sha256, "me/away", done)


@routes.post("/field/api/me/away_back", audience=COMPANION)
async def take_back(request: web.Request) -> web.Response:
    asked, sha256 = await read(request, AwayTimeTakenBack)
    who, at = by(request), now(request)

    async def done(key: str) -> dict[str, Any]:
        await away_time.take_back(asked.away, by=who, at=at, key=key)
        return {}

    return await done_once(request, asked.key, sha256, "me/away_back", done)


async def shown(officer: str, request: web.Request) -> list[dict[str, Any]]:
    """What the officer said, for the list on the phone."""
    return [
        {"id": entry.id, "begins": entry.begins, "ends": entry.ends}
        for entry in await away_times.of_officer(officer, now(request))
    ]
