"""The first page after signing in: what waits for this person, and where the batches stand."""

from __future__ import annotations

from aiohttp import web

from models.procedure import enrolment
from models.queries import approvals, board, ceremony, history, onsite, person, roll, set_aside
from models.queries import entity as entities
from models.rules.actor import Actor, Role
from server.access import MEMBERS, Routes
from server.console.signing import hashed
from server.keys import DISTRICT, VISITOR, by, now
from server.pages import back_to, field, render

routes = Routes()


def sight(actor: Actor) -> str | None:
    """Whose tasks a person sees: the office every one, everybody else those of the own department."""
    return None if actor.role == Role.OFFICE else actor.department


@routes.get("/console/", audience=MEMBERS)
async def desk(request: web.Request) -> web.Response:
    actor = by(request)
    seen = board.visible(sight(actor))
    head = actor.role == Role.HEAD
    return render(
        request, "console/desk.html", recusals=await entities.recusals(actor.department) if head else (),
        objections=await entities.objections(actor.department) if head else (),
        ratings=None if actor.role == Role.INSPECTOR else await entities.ratings(sight(actor)),
        counts=await board.counts(seen, now(request)),
        set_aside=len(await set_aside.set_aside(actor)),
        unbound=len(await roll.unbound(sight(actor))),
        leaving=await history.decisions(actor.department) if head else (),
        withholdings=await history.withholdings(actor.department) if head else (),
        refusals=await onsite.undecided([actor.department]) if head else (),
        approvals=await approvals.approvals(actor.department) if head else (),
        batches=await ceremony.batches(), urgent=await board.urgent(
            sight(actor), at=now(request), calendar=request.config_dict[DISTRICT].calendar
        ),
    )  # fmt: skip


@routes.get("/console", audience=MEMBERS)
async def desk_without_slash(request: web.Request) -> web.Response:
    return back_to("/console/")


@routes.get("/console/me", audience=MEMBERS)
async def me(request: web.Request) -> web.Response:
    account = await person.account(request[VISITOR].account)
    return render(request, "console/me.html", login=account.login or "")


@routes.post("/console/me", audience=MEMBERS)
async def keep_me(request: web.Request) -> web.StreamResponse:
    """The own language, the own name and password for signing in."""
    account = await person.account(request[VISITOR].account)
    if language := await field(request, "language", 2):
        await enrolment.speak([account.id], "en" if language == "en" else "zh_Hans")
        return back_to("/console/me", done="kept", lang="en" if language == "en" else "zh")
    login, password = await field(request, "login", 80), str((await request.post()).get("password", ""))
    if not login:
        raise web.HTTPBadRequest
    await enrolment.set_password(account, login, await hashed(password), by=by(request), at=now(request))
    return back_to("/console/me", done="kept")
