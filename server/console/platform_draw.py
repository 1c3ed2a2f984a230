"""抽取结果来自省级平台: a file of theirs is brought to a batch, looked at row by row, taken or left (Art. 8, 14)."""

from __future__ import annotations

from aiohttp import web

from locales.refusals import explain
from models.procedure import platform_draw
from models.queries import ceremony
from models.queries import platform_draw as queries
from models.queries.person import departments, departments_in
from models.refusal import Refusal
from server import wrong_input
from server.access import HOSTS, HOSTS_WITH_PAPERS, Routes
from server.app_keys import DISTRICT, RANDOM, WAKE, by, now
from server.console.batches import find, hosts
from server.pages import back_to, render, words_of

routes = Routes()
MOST_SHOWN = 200


@routes.post("/console/batches/{code}/platform", audience=HOSTS_WITH_PAPERS)
async def bring(request: web.Request) -> web.Response:
    """Keep the file and show what it would do."""
    return back_to(f"/console/platform-files/{await kept(request)}")


@routes.get("/console/platform-files/{id:[0-9]{1,9}}", audience=HOSTS)
async def show(request: web.Request) -> web.Response:
    file = await _there(request)
    no = file.refused
    return render(
        request, "console/platform_draw.html", file=file, most=MOST_SHOWN, names=await departments(),
        why=explain(no, words_of(request), await departments_in(no)) if no else "",
    )  # fmt: skip


@routes.post("/console/platform-files/{id:[0-9]{1,9}}/take", audience=HOSTS)
async def take(request: web.Request) -> web.Response:
    """Write it down as the batch's draw; a second press changes nothing."""
    file = await _there(request)
    fixed = await platform_draw.take(
        file.id, by=by(request), at=now(request), random=request.config_dict[RANDOM],
        most=request.config_dict[DISTRICT].visits_a_year,
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/draws/{fixed.code}", done="kept")


async def kept(request: web.Request) -> int:
    """Keep a file of theirs for the batch in the address; its number."""
    page, file = await find(request), (await request.post()).get("file")
    if not isinstance(file, web.FileField):
        raise wrong_input.no_file()
    return await platform_draw.bring(
        page.code, file.filename, file.file.read(), by=by(request), at=now(request)
    )


async def held(request: web.Request, batch: str) -> None:
    """404 for whoever does not hold this batch's draw."""
    page = await ceremony.batch(batch)
    if page is None or not hosts(request, page.initiating):
        raise web.HTTPNotFound


async def _there(request: web.Request) -> queries.PlatformFilePage:
    """The file, for whoever holds its batch's draw."""
    try:
        file = await queries.page(int(request.match_info["id"]))
    except Refusal:
        raise web.HTTPNotFound from None
    await held(request, file.batch)
    return file
