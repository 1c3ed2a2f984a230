"""公开抽取 (Art. 14): every draw of the chain, its proof, and the means to check it oneself."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import hdrs, web

from models.queries import ceremony
from models.queries import draws as drawn
from models.queries.public_words import hiding
from models.rules import bundle
from server import assets
from server.access import ANYONE, Routes
from server.app_keys import DISTRICT, now
from server.pages import render
from server.public.cacheable import public_page

routes = Routes()


@routes.get("/draws", audience=ANYONE)
async def chain(request: web.Request) -> web.Response:
    return public_page(request, "public/draws.html", draws=await chain_of_draws())


@routes.get("/draws/{code}", audience=ANYONE)
async def draw(request: web.Request) -> web.Response:
    state, hidden = await find(request), await hiding()
    shown = replace(
        state, void_reason=hidden(state.void_reason),
        extensions=tuple(replace(extension, reason=hidden(extension.reason)) for extension in state.extensions),
        declared=tuple((ground, hidden(document), sha256) for ground, document, sha256 in state.declared),
    )  # fmt: skip
    return public_page(request, "public/draw.html", draw=shown, verifier=verifier())


async def chain_of_draws(last: int | None = None) -> list[ceremony.DrawLine]:
    """Every draw as everybody reads of it, or the `last` ones; names are asked for only where there is a reason."""
    lines = await ceremony.draws(last=last)
    hidden = await hiding() if any(line.void_reason for line in lines) else str
    return [replace(line, void_reason=hidden(line.void_reason)) for line in lines]


@routes.get("/draws/{code}/bundle.zip", audience=ANYONE)
async def public_edition(request: web.Request) -> web.Response:
    """The public edition, once the batch's visits are over; until then its hash is public alone."""
    state = await find(request)
    if not state.opened:
        raise web.HTTPNotFound
    return await edition(state.code)


@routes.get("/draws/{code}/witness", audience=ANYONE)
async def witness(request: web.Request) -> web.Response:
    """The witness's own page: the value and its pledge are made on this device and sent nowhere."""
    return render(request, "public/witness.html", draw=await find(request))


async def find(request: web.Request) -> ceremony.Ceremony:
    """The draw. In the demonstration a rehearsed one is open at once: nobody there could be warned of a visit."""
    shown = request.config_dict[DISTRICT].practice
    state = await ceremony.ceremony(request.match_info["code"], now(request), shown=shown)
    if state is None:
        raise web.HTTPNotFound
    return state


async def edition(code: str, *, full: bool = False) -> web.Response:
    """The bundle as a file. The full edition holds the way from ids to names."""
    files = await drawn.bundle_files(code, full=full)
    data = await asyncio.to_thread(bundle.packed, files)
    name = f"{code}-full.zip" if full else f"{code}.zip"
    return web.Response(
        body=data,
        content_type="application/zip",
        headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-store"},
    )


def verifier() -> dict[str, bool]:
    """Which of the two verifiers this release carries."""
    return {"python": assets.has("/verify/verify_draw.py"), "browser": assets.has("/verify/verify-draw.js")}
