"""每日存证: each day's root over all chains of events, for everybody to keep (Art. 16 (3), 20).

`/roots.json` has them with the proof that each grew from the one before (RFC 9162, section 2.1.4); a day's
text is the very bytes that its time stamp covers.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import hdrs, web

from models.queries import anchor
from models.queries.anchor import AnchoredDay
from server import assets, wrong_input
from server.access import ANYONE, Routes
from server.public.cacheable import public_json, public_page

PER_PAGE = 60
PER_FILE = 1000

routes = Routes()


@routes.get("/roots", audience=ANYONE)
async def published(request: web.Request) -> web.Response:
    days = await anchor.days(PER_PAGE + 1, before=_before(request))
    return public_page(
        request,
        "public/roots.html",
        days=days[:PER_PAGE],
        more=days[PER_PAGE - 1].said.number if len(days) > PER_PAGE else None,
        verifier=assets.has("/verify/verify_evidence.py"),
    )


@routes.get("/roots.json", audience=ANYONE)
async def as_json(request: web.Request) -> web.Response:
    """The newest thousand, newest first; `?before=N` goes on."""
    days = await anchor.days(PER_FILE, before=_before(request))
    return public_json(request, {"format": "shuangsuiji/roots/1", "days": [_told(day) for day in days]})


@routes.get("/roots/{day}.txt", audience=ANYONE)
async def statement(request: web.Request) -> web.Response:
    day = await _day(request)
    return _file(request, day.said.text.encode(), "text/plain")


@routes.get("/roots/{day}.tsr", audience=ANYONE)
async def stamp(request: web.Request) -> web.Response:
    day = await _day(request)
    if not day.stamp:
        raise web.HTTPNotFound
    return _file(request, day.stamp, "application/timestamp-reply")


def _before(request: web.Request) -> int | None:
    asked = request.query.get("before", "")
    if not asked:
        return None
    number = wrong_input.number_of("before", asked)
    if not 0 < number < 10**7:
        raise wrong_input.number("before", asked)
    return number


async def _day(request: web.Request) -> AnchoredDay:
    try:
        day = await anchor.day(date.fromisoformat(request.match_info["day"]))
    except ValueError:
        day = None
    if day is None:
        raise web.HTTPNotFound
    return day


def _file(request: web.Request, data: bytes, kind: str) -> web.Response:
    name = request.path.rpartition("/")[2]
    headers = {
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="root-{name}"',
        hdrs.CACHE_CONTROL: "no-store",
    }
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=data, content_type=kind, charset=charset, headers=headers)


def _told(day: AnchoredDay) -> dict[str, Any]:
    day_statement = day.said
    return {
        "number": day_statement.number,
        "day": str(day_statement.day),
        "origin": day_statement.origin,
        "size": day_statement.size,
        "root": day_statement.root,
        "previous": day_statement.previous,
        "consistency": list(day.consistency),
        "closed_at": day.closed_at.isoformat(),
        "stamped_at": day.stamped_at.isoformat() if day.stamped_at else None,
    }
