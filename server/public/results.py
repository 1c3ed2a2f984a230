"""结果公示 (Art. 8, 16 (3)): published results; names of people and telephone numbers never."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from models.queries import credit, public, public_search
from models.queries.public_search import WITHDRAWN, Search
from models.refusal import Refusal
from models.rules import text
from models.rules.entry import ALL
from models.rules.visit import local_day
from server import wrong_input
from server.access import ANYONE, Routes
from server.app_keys import now
from server.public.cacheable import public_page

PER_PAGE = 50
TYPES = (*((code, f"web.result.{code}") for code in ALL), (WITHDRAWN, "web.results.withdrawn"))
FILES = ("csv", "xlsx", "json")

routes = Routes()


@routes.get("/results", audience=ANYONE)
async def published(request: web.Request) -> web.Response:
    search, page = asked(request), page_of(request)
    lines, count = await public.results(page=page, per_page=PER_PAGE, search=search)
    return public_page(
        request, "public/results.html", lines=lines, count=count, search=search, page=page, chosen=chosen(search),
        pages=max(1, -(-count // PER_PAGE)), types=TYPES, files=_files(chosen(search)), items=await public_search.items(),
    )  # fmt: skip


@routes.get("/results/{number}", audience=ANYONE)
async def result(request: web.Request) -> web.Response:
    """The stable address of a result; of a withdrawn one it says that and why."""
    line = await public.result(request.match_info["number"])
    if line is None:
        raise web.HTTPNotFound
    record = await credit.of_task(line.number, local_day(now(request)))
    return public_page(request, "public/result.html", line=line, record=record)


def asked(request: web.Request) -> Search:
    """What is searched for. Refuses a day or a result type that is none, and what is asked for twice."""
    wrong_input.asked_once(request)
    given = {name: text.visible(request.query.get(name, "")).strip()[:80] for name in ("q", "type", "item")}
    if given["type"] not in ("", WITHDRAWN, *ALL):
        raise _refusal("type", given["type"])
    return Search(given["q"], _day(request, "since"), _day(request, "until"), given["type"], given["item"])


def chosen(search: Search) -> dict[str, str]:
    """The search as it stands in an address."""
    named: dict[str, Any] = {
        "q": search.words, "since": search.since, "until": search.until, "type": search.type, "item": search.item,
    }  # fmt: skip
    return {name: str(value) for name, value in named.items() if value}


def _files(search: dict[str, str]) -> list[tuple[str, str]]:
    """Where machines read the same."""
    asked_for = "?" + urlencode(search) if search else ""
    return [*((kind, f"/results.{kind}{asked_for}") for kind in FILES), ("atom", "/results.atom")]


def page_of(request: web.Request) -> int:
    written = request.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and 0 < int(written) < 10**6):
        raise _refusal("page", written)
    return int(written)


def _day(request: web.Request, name: str) -> date | None:
    try:
        return date.fromisoformat(request.query[name]) if request.query.get(name) else None
    except ValueError:
        raise _refusal(name, request.query[name]) from None


def _refusal(name: str, value: str) -> Refusal:
    return Refusal("results.asked", "8", name=name, value=text.visible(value).strip()[:80])
