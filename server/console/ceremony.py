"""公开抽取 in a room: pledges, values, the one press that holds the draw, its proof (Art. 14 (1))."""

from __future__ import annotations

from aiohttp import web

from models.procedure import ceremony as acts
from models.procedure import draw, enrolment
from models.queries import ceremony
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
    found, batch = await find(request)
    actor = by(request)
    return render(
        request, "console/ceremony.html", draw=found, batch=batch, hosts=hosts(request, batch.initiating),
        speaks=_speaks(request, found), proof=may_have_proof(request, found), verifier=verifier(),
        names=await ceremony.nameable(actor.department) if actor.role == Role.HEAD else (),
        changes=await since_commit(found.code) if actor.role in (Role.OFFICE, Role.HEAD) else (),
        consents=_consents(request, found, batch), now=now(request),
    )  # fmt: skip


@routes.post("/console/draws/{code}/witness", audience=HEAD)
async def name_witness(request: web.Request) -> web.StreamResponse:
    """The head of a witness's department names an inspector who speaks in the head's place."""
    found, _ = await find(request)
    account = await enrolment.account_of_inspector(await field(request, "inspector", 64), now(request))
    await acts.name_witness(
        found.code, await field(request, "source", 80), account.id, by=by(request), at=now(request)
    )
    return back_to(f"/console/draws/{found.code}", done="saved")


@routes.post("/console/draws/{code}/pledge", audience=MEMBERS)
async def pledge(request: web.Request) -> web.StreamResponse:
    found, _ = await find(request)
    await acts.pledge(
        found.code, await field(request, "source", 80), (await field(request, "pledge", 80)).lower(),
        by=by(request),
        at=now(request), witness=await field(request, "witness", 80),
    )  # fmt: skip
    return back_to(f"/console/draws/{found.code}", done="pledged")


@routes.post("/console/draws/{code}/reveal", audience=MEMBERS)
async def reveal(request: web.Request) -> web.StreamResponse:
    """A value as it was thrown; dice written in groups are joined."""
    found, _ = await find(request)
    source, value = await field(request, "source", 80), await field(request, "value", 2000)
    typed = "".join(value.split()).lower() if source.startswith("witness:") else value
    await acts.reveal(found.code, source, typed, by=by(request), at=now(request))
    return back_to(f"/console/draws/{found.code}", done="revealed")


@routes.post("/console/draws/{code}/hold", audience=HOSTS)
async def hold(request: web.Request) -> web.StreamResponse:
    """Hold the draw. A second press finds it held and changes nothing."""
    found, _ = await find(request)
    await draw.hold(found.code, by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/draws/{found.code}", done="held")


@routes.post("/console/draws/{code}/void", audience=HOSTS)
async def void(request: web.Request) -> web.StreamResponse:
    found, batch = await find(request)
    asked = await acts.void(
        found.code, await field(request, "reason"), await field(request, "consenting", 80), by=by(request),
        at=now(request),
    )  # fmt: skip
    request.config_dict[WAKE]()
    if asked.voided_at is None:
        return back_to(f"/console/draws/{found.code}", done="void_asked")
    return back_to(f"/console/batches/{batch.code}", done="voided")


@routes.post("/console/draws/{code}/void/consent", audience=HEAD)
async def consent_to_void(request: web.Request) -> web.StreamResponse:
    """Another department's head agrees that the draw has failed, or does not."""
    found, _ = await find(request)
    agree = await field(request, "agree", 1) == "1"
    await acts.consent_to_void(found.code, agree, by=by(request), at=now(request))
    return back_to(f"/console/draws/{found.code}", done="voided" if agree else "saved")


@routes.get("/console/draws/{code}/bundle.zip", audience=MEMBERS)
async def proof(request: web.Request) -> web.Response:
    """Both editions for the office and the witnesses' departments; others have the public one later."""
    found, _ = await find(request)
    if not may_have_proof(request, found):
        raise web.HTTPForbidden
    return await edition(found.code, full=request.query.get("edition") == "full")


async def find(request: web.Request) -> tuple[ceremony.Ceremony, ceremony.BatchPage]:
    found, actor = await ceremony.ceremony(request.match_info["code"]), by(request)
    batch = await ceremony.batch(found.batch) if found else None
    if found is None or batch is None:
        raise web.HTTPNotFound
    if actor.role != Role.OFFICE and actor.department not in batch.departments:
        raise web.HTTPNotFound
    return found, batch


def may_have_proof(request: web.Request, found: ceremony.Ceremony) -> bool:
    actor = by(request)
    witness = actor.role == Role.HEAD and actor.department in found.witnesses
    return found.held_at is not None and (actor.role == Role.OFFICE or witness)


def _speaks(request: web.Request, found: ceremony.Ceremony) -> frozenset[str]:
    """The sources that this person may give: a witness the own, everybody what is read off in public; the
    office the witnesses' too in a rehearsal, and in no other draw."""
    actor = by(request)
    return frozenset(
        source.name
        for source in found.sources
        if source.kind != "witness"
        or (found.practice and actor.role == Role.OFFICE)
        or (
            source.department == actor.department
            and (actor.role == Role.HEAD or (source.named is not None and source.named == actor.account))
            and source.account in (None, actor.account)
        )
    )


def _consents(request: web.Request, found: ceremony.Ceremony, batch: ceremony.BatchPage) -> bool:
    """Whether this person is asked to agree that the draw has failed."""
    actor = by(request)
    asked = found.void_asked_at is not None and found.voided_at is None
    return asked and actor.role == Role.HEAD and actor.mark != found.void_asked_by
