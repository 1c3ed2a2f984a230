"""公示、更正、撤回、后续告知 at a desk: what the head, the leader and the office do about a result (Art. 8, 16 (3))."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import hdrs, web

from models import store
from models.procedure import archive, later_act, notification, publication, revision
from models.queries.dossier import file_name, kept
from server import dossiers, wrong_input
from server.access import CALLERS, HEAD, INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.console.task import find, known_as_of
from server.pages import back_to, field

LONGEST = 1000

routes = Routes()


@routes.post("/console/tasks/{number}/record", audience=MEMBERS)
async def record(request: web.Request) -> web.StreamResponse:
    """The provincial platform's receipt, by the head or the leader."""
    number = (await find(request)).line.number
    receipt, given = await field(request, "receipt", 80), await field(request, "day", 10)
    day = wrong_input.day_of("day", given) if given else None
    await publication.record(number, receipt, day, by=by(request), at=now(request))
    return _done(request, number, "recorded")


@routes.post("/console/tasks/{number}/publish", audience=HEAD)
async def publish(request: web.Request) -> web.StreamResponse:
    number = (await find(request)).line.number
    deed = partial(
        publication.publish, number, by=by(request), at=now(request), district=request.config_dict[DISTRICT],
        unsigned=await field(request, "unsigned", 500), untold=await field(request, "untold", 500),
    )  # fmt: skip
    await later_act.done_on_state(number, await known_as_of(request), deed, by=by(request))
    return _done(request, number, "published")


@routes.post("/console/tasks/{number}/archive", audience=HEAD)
async def seal(request: web.Request) -> web.StreamResponse:
    """归档: the dossier is written, kept, and nothing is done in the task afterwards."""
    number, district = (await find(request)).line.number, request.config_dict[DISTRICT]
    sealed = await dossiers.sealed(number, district, at=now(request).replace(microsecond=0))
    await archive.seal(number, sealed, by=by(request), at=now(request), district=district)
    return _done(request, number, "archived")


@routes.get("/console/tasks/{number}/dossier.zip", audience=HEAD)
async def dossier(request: web.Request) -> web.StreamResponse:
    """The sealed dossier, for the archive of the department that initiated the task."""
    page = await find(request)
    number = page.line.number
    if by(request).department != page.initiating or not (name := await kept(number)):
        raise web.HTTPNotFound
    answer = web.StreamResponse()
    answer.content_type = "application/zip"
    answer.headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="{file_name(number)}.zip"'
    answer.headers[hdrs.CACHE_CONTROL] = "no-store"
    await answer.prepare(request)
    async for piece in store.objects.stream(name):
        await answer.write(piece)
    return answer


@routes.post("/console/tasks/{number}/revision/{act:ask|agree|return|drop|withdraw}", audience=HEAD)
async def decide(request: web.Request) -> web.StreamResponse:
    """The head asks for a correction, decides about one, keeps or withdraws what is public."""
    number, act = (await find(request)).line.number, request.match_info["act"]
    reason = await field(request, "reason", LONGEST)
    who: dict[str, Any] = {"by": by(request), "at": now(request)}
    if act == "ask":
        await revision.ask(number, reason, **who)
    elif act == "drop":
        await revision.drop(number, reason, **who)
    elif act == "withdraw":
        await revision.withdraw(number, reason, **who)
    else:
        deed = partial(revision.decide, number, act == "agree", reason, **who)
        await later_act.done_on_state(number, await known_as_of(request), deed, by=by(request))
    done = {
        "ask": "revision_asked",
        "agree": "corrected",
        "return": "returned",
        "drop": "dropped",
        "withdraw": "withdrawn",
    }
    return _done(request, number, done[act])


@routes.post("/console/tasks/{number}/revision/propose", audience=INSPECTOR)
async def propose(request: web.Request) -> web.StreamResponse:
    """An officer enters what is right of the own department."""
    number, form = (await find(request)).line.number, await request.post()
    aside = [str(value) for value in form.getall("aside", [])]
    for value in aside:
        if wrong_input.number_of("aside", value) > 9999:
            raise wrong_input.number("aside", value)
    await revision.propose(
        number, [str(value) for value in form.getall("type", [])], await field(request, "note", LONGEST), by=by(request),
        at=now(request), reason=await field(request, "reason", LONGEST), aside=[int(value) for value in aside],
        measures=[str(value) for value in form.getall("measure", [])],
    )  # fmt: skip
    return _done(request, number, "revision_proposed")


@routes.post("/console/told/{id:[0-9]{1,9}}", audience=CALLERS)
async def told(request: web.Request) -> web.StreamResponse:
    """A person told the entity, or tried to."""
    number = await notification.told_by_a_person(
        int(request.match_info["id"]), await field(request, "reached", 3) == "yes", await field(request, "said"),
        by=by(request), at=now(request), spoke_with=await field(request, "spoke_with", 80),
        channel=await field(request, "channel", 12) or "phone",
    )  # fmt: skip
    return _done(request, number, "told")


def _done(request: web.Request, number: str, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done=done)
