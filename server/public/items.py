"""联合抽查事项清单: its versions with their reasons, and what differs between any two (Art. 9)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from models.queries import item_list, person
from models.queries.item_list import ItemsPage
from server.access import ANYONE, Routes
from server.item_words import said_of
from server.pages import words_of
from server.public.cacheable import public_json, public_page

routes = Routes()


@routes.get("/items", audience=ANYONE)
async def listed(request: web.Request) -> web.Response:
    """The newest version, or the one that is asked for."""
    page, called = await _found(request), await person.departments()
    lines = [(item, said_of(item, words_of(request), called)) for item in page.items]
    newest = [version.number for version in page.versions]
    return public_page(
        request, "public/items.html", page=page, lines=lines,
        compared=(("from", newest[1]), ("to", newest[0])) if len(newest) > 1 else (),
    )  # fmt: skip


@routes.get("/items.json", audience=ANYONE)
async def machine(request: web.Request) -> web.Response:
    """The same for machines: departments and methods by their codes."""
    page = await _found(request)
    public = page.version
    body = {
        "version": public.number if public else None,
        "reason": public.reason if public else None,
        "words": public.words if public else None,
        "published_at": public.at.isoformat() if public else None,
        "sha256": public.sha256 if public else None,
        "versions": [version.number for version in page.versions],
        "items": [dict(item) for item in page.items],
    }
    return public_json(request, body)


@routes.get("/items/difference", audience=ANYONE)
async def compared(request: web.Request) -> web.Response:
    """What a reader of one version finds otherwise in another."""
    before, after = _number(request, "from"), _number(request, "to")
    if not before or not after or (differs := await item_list.between(before, after)) is None:
        raise web.HTTPNotFound
    w, called = words_of(request), await person.departments()

    def worded(column: str, value: Any) -> str:
        return said_of({column: value}, w, called)[column]

    changed = [
        (item, [(column, worded(column, was), worded(column, since)) for column, was, since in item.columns])
        for item in differs.changed
    ]
    versions = {version.number: version for version in await item_list.versions()}
    return public_page(
        request, "public/items_difference.html", differs=differs, changed=changed, versions=versions.values(),
        before=versions[before], after=versions[after],
    )  # fmt: skip


async def _found(request: web.Request) -> ItemsPage:
    number = _number(request, "version")
    if number is None and request.query.get("version"):
        raise web.HTTPNotFound
    page = await item_list.page(number)
    if page is None:
        raise web.HTTPNotFound
    return page


def _number(request: web.Request, name: str) -> int | None:
    written = request.query.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and 0 < len(written) < 7 else None
