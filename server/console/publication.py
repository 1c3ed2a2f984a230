"""公示、更正、撤回、后续告知 at a desk: what the head, the leader and the office do about a result (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from models.procedure import notification, publication, revision
from server.access import CALLERS, HEAD, INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.console.task import find
from server.pages import back_to, field

LONGEST = 1000

routes = Routes()


@routes.post("/console/tasks/{number}/record", audience=MEMBERS)
async def record(request: web.Request) -> web.StreamResponse:
    """The provincial platform's receipt, by the head or the leader."""
    number = (await find(request)).line.number
    receipt, given = await field(request, "receipt", 80), await field(request, "day", 10)
    try:
        day = date.fromisoformat(given) if given else None
    except ValueError:
        raise web.HTTPBadRequest from None
    await publication.record(number, receipt, day, by=by(request), at=now(request))
    return _done(request, number, "recorded")


@routes.post("/console/tasks/{number}/publish", audience=HEAD)
async def publish(request: web.Request) -> web.StreamResponse:
    number = (await find(request)).line.number
    await publication.publish(
        number, by=by(request), at=now(request), district=request.config_dict[DISTRICT],
        unsigned=await field(request, "unsigned", 500), untold=await field(request, "untold", 500),
    )  # fmt: skip
    return _done(request, number, "published")


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
        await revision.decide(number, act == "agree", reason, **who)
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
    """The leader enters what is right."""
    number, form = (await find(request)).line.number, await request.post()
    aside = [str(one) for one in form.getall("aside", [])]
    if not all(one.isascii() and one.isdigit() and len(one) < 5 for one in aside):
        raise web.HTTPBadRequest
    await revision.propose(
        number, [str(one) for one in form.getall("type", [])], await field(request, "note", LONGEST), by=by(request),
        at=now(request), reason=await field(request, "reason", LONGEST), aside=[int(one) for one in aside],
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
