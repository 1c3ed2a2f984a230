"""One task with its whole history; the telephone log; its papers and photos (Art. 15, 16, 20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import hdrs, web

from models import store
from models.procedure import delivery_attempt, hand_delivery, online, team
from models.procedure import photo as photos
from models.queries import (
    board,
    entity,
    method,
    notices,
    notification,
    onsite,
    publication,
    substitution,
    task_page,
)
from models.queries import online as endings
from models.queries import photo as pictures
from models.queries import record as records
from models.rules import publication as rules
from models.rules import visit
from models.rules.actor import Actor, Role
from models.rules.entry import ALL
from models.rules.online import GONE_TYPES
from models.states import REVIEWED, TO_VISIT, TO_VISIT_OR_ON_SITE
from server import behalf
from server.access import INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, LETTER, WAKE, by, now
from server.console import work
from server.field.methods import attached
from server.pages import back_to, field, render, words_of

TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "HEIC": "image/heic",
}

routes = Routes()


@routes.get("/console/tasks/{number}", audience=MEMBERS)
async def task(request: web.Request) -> web.Response:
    found, actor = await find(request), by(request)
    serving = actor.role == Role.INSPECTOR and actor.id in found.serving
    standing = found.notice
    seats = await substitution.seats_of_number(found.line.number, now(request))
    return render(
        request, "console/task.html", task=found, serving=serving, record=await records.papers(found.line.number),
        entity=await entity.heard(found.line.number), leads=serving and found.leader == actor.id,
        door=await onsite.door(found.line.number), assisted=await method.assisted(found.line.number),
        seats=seats, replaces=_replaces(actor, found, seats),
        ending=await endings.ending(found.id), endable=await endings.endable(found.line.number),
        gone_types=GONE_TYPES,
        may_be_gone=await endings.may_be_gone(found.line.number), results=hand_delivery.OFFERED,
        steps=await notices.timeline(found.line.number),
        work=await work.work(request, found.line.number), **await _said(request, found.line.number),
        telephone=serving and standing is not None and found.line.state in TO_VISIT,
        **await _afterwards(request, found),
    )  # fmt: skip


async def _said(request: web.Request, number: str) -> dict[str, Any]:
    """For the office: what the entity may say now by telephone, on paper or at the counter."""
    office = by(request).role == Role.OFFICE
    page = await behalf.page_of(number, now(request), request.config_dict[DISTRICT]) if office else None
    return {"said": page, "said_offered": behalf.offered(page) if page else ()}


def _replaces(actor: Actor, found: task_page.TaskPage, seats: Sequence[substitution.Seat]) -> bool:
    """May this person ask for a substitution here: the office, a head, the task's leader (Art. 14 (2)).

    Once the visit is over, only where the register rules somebody out or a seat stands empty.
    """
    if actor.role == Role.HEAD:
        seats = [seat for seat in seats if seat.department == actor.department]
    may = actor.role == Role.OFFICE or (actor.role == Role.HEAD and bool(seats)) or found.leader == actor.id
    return may and (found.line.state in TO_VISIT_OR_ON_SITE or any(seat.why for seat in seats))


@routes.post("/console/tasks/{number}/end_online", audience=INSPECTOR)
async def end_online(request: web.Request) -> web.StreamResponse:
    """办结 without a visit; for a target that is gone with its result type, source and finding (Art. 16 (1))."""
    found = await find(request)
    await online.end(
        found.line.number, by=by(request), at=now(request), district=request.config_dict[DISTRICT],
        result=await field(request, "result", 4), source=await field(request, "source", 200),
        finding=await field(request, "finding", 2000),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{found.line.number}", done="ended_online")


@routes.post("/console/tasks/{number}/replace", audience=MEMBERS)
async def replace(request: web.Request) -> web.StreamResponse:
    """更换: whom and why; who comes is the next ticket's."""
    found = await find(request)
    await team.request_substitution(
        found.line.number, await field(request, "officer", 32), await field(request, "reason", 12),
        await field(request, "note", 500), by=by(request), at=now(request),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{found.line.number}", done="replaced")


async def _afterwards(request: web.Request, found: task_page.TaskPage) -> dict[str, Any]:
    """What the review and the publication show: first what failed, what is missing, what is in doubt."""
    number, actor, district = found.line.number, by(request), request.config_dict[DISTRICT]
    reviews = actor.role == Role.HEAD and actor.department == found.initiating
    answers = [answer for part in found.sheet for answer in part.answers]
    failed = [
        answer
        for answer in answers
        if answer.verdict == "fail" or (answer.online and answer.online[4] and answer.online[0] == "fail")
    ]
    seen = {shot.id for one in failed for shot in one.pictures}
    shots = [*(shot for answer in answers for shot in answer.pictures), *found.loose]
    reviewed = found.line.state in REVIEWED
    standing = await publication.standing_of(number) if reviewed else None
    return {
        "reviews": reviews, "failed": failed, "gaps": [answer for answer in answers if answer.gaps or answer.waiting],
        "doubtful": [shot for shot in shots if shot.labels and shot.id not in seen], "standing": standing,
        "until": rules.open_until(district.calendar, district.reply_days, standing) if standing else None,
        "answering": standing is not None and rules.answering(
            district.calendar, district.reply_days, standing, visit.local_day(now(request))
        ),
        "public": await publication.published_of(number), "revisions": await publication.revisions(number),
        "receipts": await publication.receipts(number), "told": await notification.steps(number), "all_types": ALL,
        "next_task": await publication.next_to_review(actor.department, number) if reviews else "",
    }  # fmt: skip


@routes.post("/console/tasks/{number}/telephoned", audience=INSPECTOR)
async def telephoned(request: web.Request) -> web.StreamResponse:
    """电话告知: who spoke with whom, and what was said."""
    found = await find(request)
    await delivery_attempt.telephoned(
        found.line.number, await field(request, "reached", 3) == "yes", await field(request, "said"),
        by=by(request),
        at=now(request), spoke_with=await field(request, "spoke_with", 80),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{found.line.number}", done="telephoned")


@routes.get("/console/notices/{number}.pdf", audience=MEMBERS)
async def letter(request: web.Request) -> web.Response:
    found = await notices.seen(request.match_info["number"], sight=board.sight_of(by(request)))
    if found is None or not found.written:
        raise web.HTTPNotFound
    made = await request.config_dict[LETTER](found.id, words_of(request).language)
    return web.Response(
        body=made.pdf,
        content_type="application/pdf",
        headers={
            hdrs.CONTENT_DISPOSITION: f'inline; filename="{found.number}.pdf"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )


@routes.get(
    "/console/tasks/{number}/photos/{id:[0-9]{1,9}}/{copy:thumbnail|stamped|original}", audience=MEMBERS
)
async def photo(request: web.Request) -> web.Response:
    """A copy made by us is shown; the original's bytes only as an attachment, sandboxed (D38)."""
    found = await pictures.file_of(
        request.match_info["number"], int(request.match_info["id"]), sight=board.sight_of(by(request))
    )
    copy = request.match_info["copy"]
    if found is None:
        raise web.HTTPNotFound
    name = {"thumbnail": found.thumbnail, "stamped": found.stamped, "original": found.sha256}[copy]
    if not name:
        raise web.HTTPNotFound
    kind = TYPES.get(found.format, "application/octet-stream") if copy == "original" else "image/jpeg"
    shown = "attachment" if copy == "original" else "inline"
    return web.Response(
        body=await store.objects.get(name),
        content_type=kind,
        headers={
            hdrs.CONTENT_DISPOSITION: f'{shown}; filename="{found.sha256[:16]}-{copy}"',
            hdrs.CACHE_CONTROL: "private, max-age=3600",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@routes.get("/console/tasks/{number}/photos/{id:[0-9]{1,9}}", audience=MEMBERS)
async def whole(request: web.Request) -> web.Response:
    """A photo at the page's full width, to be scrolled: a long one is no strip."""
    number, id = request.match_info["number"], int(request.match_info["id"])
    found = await pictures.file_of(number, id, sight=board.sight_of(by(request)))
    if found is None or not found.stamped:
        raise web.HTTPNotFound
    return render(request, "console/photo.html", number=number, id=id, photo=found)


@routes.post("/console/tasks/{number}/photos/{id:[0-9]{1,9}}/void", audience=INSPECTOR)
async def void(request: web.Request) -> web.StreamResponse:
    """作废 a wrong photo, with a reason."""
    found, id = await find(request), int(request.match_info["id"])
    if await pictures.file_of(found.line.number, id, sight=board.sight_of(by(request))) is None:
        raise web.HTTPNotFound
    await photos.void(id, await field(request, "reason", 400), by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{found.line.number}", done="photo_voided")


@routes.get("/console/tasks/{number}/findings/{id:[0-9]{1,9}}", audience=MEMBERS)
async def screenshot(request: web.Request) -> web.Response:
    """What was seen in the network check: for an <img>, or as an attachment, sandboxed (D38)."""
    found = await find(request)
    name = await method.screenshot_of(found.line.number, int(request.match_info["id"]))
    if not name:
        raise web.HTTPNotFound
    return await attached(name)


async def find(request: web.Request) -> task_page.TaskPage:
    """The task, if this person's department takes part in it; any other id is like one that is none (D60)."""
    found = await task_page.task_page(
        request.match_info["number"], sight=board.sight_of(by(request)), at=now(request),
        calendar=request.config_dict[DISTRICT].calendar, terms=request.config_dict[DISTRICT].terms,
    )  # fmt: skip
    if found is None:
        raise web.HTTPNotFound
    return found
