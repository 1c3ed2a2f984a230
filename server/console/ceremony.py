"""公开抽取 in a room: pledges, values, the one press that holds the draw, its proof (Art. 14 (1))."""

from __future__ import annotations

from aiohttp import web

from models.procedure import ceremony as acts
from models.procedure import draw, enrolment
from models.queries import ceremony, draw_room
from models.queries.since_commit import since_commit
from models.rules.actor import Role
from server.access import HEAD, HOSTS, MEMBERS, Routes
from server.app_keys import WAKE, by, now
from server.console.batches import hosts
from server.pages import back_to, field, render
from server.public.draws import edition, verifier

routes = Routes()


@routes.get("/console/draws/{code}", audience=MEMBERS)
async def room(request: web.Request) -> web.Response:
    state, batch = await find(request)
    actor = by(request)
    return render(
        request, "console/ceremony.html", draw=state, batch=batch, hosts=hosts(request, batch.initiating),
        speaks=_speaks(request, state), proof=may_have_proof(request, state), verifier=verifier(),
        names=await ceremony.nameable(actor.department) if actor.role == Role.HEAD else (),
        changes=await since_commit(state.code) if actor.role in (Role.OFFICE, Role.HEAD) else (),
        consents=_consents(request, state, batch), now=now(request),
    )  # fmt: skip


@routes.get("/console/draws/{code}/room", audience=MEMBERS)
async def on_the_wall(request: web.Request) -> web.Response:
    """For the wall of the meeting room: tickets in their order. Names stand beside ids where whoever may see them asks
    for them, since a room may hold others."""
    state, batch = await find(request)
    may = may_have_proof(request, state)
    named = may and request.query.get("names") == "1"
    return render(
        request, "console/draw_room.html", draw=state, batch=batch, may=may, named=named,
        room=await draw_room.draw_room(state.code, named=named),
    )  # fmt: skip


@routes.post("/console/draws/{code}/witness", audience=HEAD)
async def name_witness(request: web.Request) -> web.StreamResponse:
    """The head of a witness's department names an inspector who speaks in the head's place."""
    state, _ = await find(request)
    account = await enrolment.account_of_inspector(await field(request, "inspector", 64), now(request))
    await acts.name_witness(
        state.code, await field(request, "source", 80), account.id, by=by(request), at=now(request)
    )
    return back_to(f"/console/draws/{state.code}", done="saved")


@routes.post("/console/draws/{code}/pledge", audience=MEMBERS)
async def pledge(request: web.Request) -> web.StreamResponse:
    state, _ = await find(request)
    await acts.pledge(
        state.code, await field(request, "source", 80), (await field(request, "pledge", 80)).lower(),
        by=by(request),
        at=now(request), witness=await field(request, "witness", 80),
    )  # fmt: skip
    return back_to(f"/console/draws/{state.code}", done="pledged")


@routes.post("/console/draws/{code}/reveal", audience=MEMBERS)
async def reveal(request: web.Request) -> web.StreamResponse:
    """A value as it was thrown; dice written in groups are joined."""
    state, _ = await find(request)
    source, value = await field(request, "source", 80), await field(request, "value", 2000)
    typed = "".join(value.split()).lower() if source.startswith("witness:") else value
    await acts.reveal(state.code, source, typed, by=by(request), at=now(request))
    return back_to(f"/console/draws/{state.code}", done="revealed")


@routes.post("/console/draws/{code}/hold", audience=HOSTS)
async def hold(request: web.Request) -> web.StreamResponse:
    """Hold the draw. A second press finds it held and changes nothing."""
    state, _ = await find(request)
    await draw.hold(state.code, by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/draws/{state.code}", done="held")


@routes.post("/console/draws/{code}/void", audience=HOSTS)
async def void(request: web.Request) -> web.StreamResponse:
    state, batch = await find(request)
    asked = await acts.void(
        state.code, await field(request, "reason"), await field(request, "consenting", 80), by=by(request),
        at=now(request),
    )  # fmt: skip
    request.config_dict[WAKE]()
    if asked.voided_at is None:
        return back_to(f"/console/draws/{state.code}", done="void_asked")
    return back_to(f"/console/batches/{batch.code}", done="voided")


@routes.post("/console/draws/{code}/void/consent", audience=HEAD)
async def consent_to_void(request: web.Request) -> web.StreamResponse:
    """Another department's head agrees that the draw has failed, or does not."""
    state, _ = await find(request)
    agree = await field(request, "agree", 1) == "1"
    await acts.consent_to_void(state.code, agree, by=by(request), at=now(request))
    return back_to(f"/console/draws/{state.code}", done="voided" if agree else "saved")


@routes.get("/console/draws/{code}/bundle.zip", audience=MEMBERS)
async def proof(request: web.Request) -> web.Response:
    """Both editions for the office and the witnesses' departments; others have the public one later."""
    state, _ = await find(request)
    if not may_have_proof(request, state):
        raise web.HTTPForbidden
    return await edition(state.code, full=request.query.get("edition") == "full")


async def find(request: web.Request) -> tuple[ceremony.Ceremony, ceremony.BatchPage]:
    state, actor = await ceremony.ceremony(request.match_info["code"]), by(request)
    batch = await ceremony.batch(state.batch) if state else None
    if state is None or batch is None:
        raise web.HTTPNotFound
    if actor.role != Role.OFFICE and actor.department not in batch.departments:
        raise web.HTTPNotFound
    return state, batch


def may_have_proof(request: web.Request, state: ceremony.Ceremony) -> bool:
    actor = by(request)
    witness = actor.role == Role.HEAD and actor.department in state.witnesses
    return state.held_at is not None and (actor.role == Role.OFFICE or witness)


def _speaks(request: web.Request, state: ceremony.Ceremony) -> frozenset[str]:
    """The sources that this person may give: a witness the own, everybody what is read off in public; the
    office the witnesses' too in a rehearsal, and in no other draw."""
    actor = by(request)
    return frozenset(
        source.name
        for source in state.sources
        if source.kind != "witness"
        or (state.practice and actor.role == Role.OFFICE)
        or (
            source.department == actor.department
            and (actor.role == Role.HEAD or (source.named is not None and source.named == actor.account))
            and source.account in (None, actor.account)
        )
    )


def _consents(request: web.Request, state: ceremony.Ceremony, batch: ceremony.BatchPage) -> bool:
    """Whether this person is asked to agree that the draw has failed."""
    actor = by(request)
    asked = state.void_asked_at is not None and state.voided_at is None
    return asked and actor.role == Role.HEAD and actor.mark != state.void_asked_by
