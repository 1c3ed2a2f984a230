"""抽查结果，来源：省级平台: a file of theirs is looked at row by row beside ours, taken, taken back (Art. 8)."""

from __future__ import annotations

from aiohttp import web

from locales.refusals import explain
from models.procedure import platform_result
from models.queries import platform_result as queries
from models.queries.person import departments, departments_in
from models.refusal import Refusal
from models.rules.platform import Values
from models.rules.platform_result import FIELDS_BESIDE, apart
from server.access import HOSTS, HOSTS_WITH_PAPERS, Routes
from server.app_keys import WAKE, by, now
from server.console.platform_draw import held, kept
from server.pages import back_to, field, render, words_of
from server.platform_files import default_mapping, result_names

routes = Routes()
MOST_SHOWN = 200
PAGE = "/console/platform-results/{id:[0-9]{1,9}}"


@routes.post("/console/batches/{code}/platform-results", audience=HOSTS_WITH_PAPERS)
async def bring(request: web.Request) -> web.Response:
    """Keep the file and show what it would do."""
    return back_to(f"/console/platform-results/{await kept(request)}")


@routes.get(PAGE, audience=HOSTS)
async def show(request: web.Request) -> web.Response:
    file = await _there(request)
    rows, no = file.read.rows[:MOST_SHOWN], file.refused
    pairs = await queries.compared(rows)
    return render(
        request, "console/platform_result.html", file=file, most=MOST_SHOWN, names=await departments(),
        rows=[(row, row in file.read.standing, differing(request, *pairs[row.key])) for row in rows],
        why=explain(no, words_of(request), await departments_in(no)) if no else "",
    )  # fmt: skip


@routes.post(PAGE + "/take", audience=HOSTS)
async def take(request: web.Request) -> web.Response:
    """Write it down beside ours; a second press changes nothing."""
    file = await _there(request)
    await platform_result.take(
        file.name,
        file.data,
        file.batch,
        names=result_names(),
        by=by(request),
        at=now(request),
    )
    request.config_dict[WAKE]()
    return back_to(f"/console/platform-results/{file.id}", done="kept")


@routes.post(PAGE + "/take-back", audience=HOSTS)
async def take_back(request: web.Request) -> web.Response:
    """Take its rows back, with a reason."""
    file = await _there(request)
    await platform_result.take_back(
        file.sha256, await field(request, "reason", 500), by=by(request), at=now(request)
    )
    request.config_dict[WAKE]()
    return back_to(f"/console/platform-results/{file.id}", done="kept")


def differing(
    request: web.Request, theirs: Values, ours: Values | None
) -> tuple[tuple[str, str, str], ...] | None:
    """Heading, ours, theirs of what differs; None where we hold no result."""
    if ours is None:
        return None
    return apart(ours, theirs, default_mapping(words_of(request), FIELDS_BESIDE))


async def beside(
    request: web.Request, number: str
) -> list[tuple[queries.PlatformResultLine, tuple[tuple[str, str, str], ...] | None]]:
    """What stands there for a task, each row with what differs from ours."""
    return [(line, differing(request, line.theirs, line.ours)) for line in await queries.beside(number)]


async def _there(request: web.Request) -> queries.PlatformResultFile:
    """The file, for whoever holds its batch's draw."""
    try:
        file = await queries.page(int(request.match_info["id"]), result_names(), now(request))
    except Refusal:
        raise web.HTTPNotFound from None
    await held(request, file.batch)
    return file
