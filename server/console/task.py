"""One task with its whole history; the telephone log; its papers and photos (Art. 15, 16, 20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aiohttp import hdrs, web

from locales.refusals import explain
from models import store
from models.procedure import delivery_attempt, hand_delivery, online, team
from models.procedure import photo as photos
from models.queries import (
    archive,
    board,
    department_result,
    entity,
    follow_up,
    later_act,
    method,
    notices,
    notification,
    onsite,
    publication,
    publication_preview,
    rectification,
    retention,
    reviewing,
    substitution,
    task_page,
)
from models.queries import online as endings
from models.queries import photo as pictures
from models.queries import record as records
from models.queries.person import departments_in
from models.refusal import Refusal
from models.rules import publication as rules
from models.rules import rectification as rules_of_orders
from models.rules import visit
from models.rules.actor import Actor, Role
from models.rules.department_result import MEASURES
from models.rules.entry import ALL
from models.rules.online import GONE_TYPES
from models.states import FOLLOWED_UP_IN, PUBLIC, REVIEWED, TO_VISIT, TO_VISIT_OR_ON_SITE, TaskState
from server import behalf, wrong_input
from server.access import INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, LETTER, WAKE, by, now
from server.attachment import TYPES
from server.companion.methods import attached
from server.console import platform_result, work
from server.pages import back_to, field, render, words_of

routes = Routes()


@routes.get("/console/tasks/{number}", audience=MEMBERS)
async def task(request: web.Request) -> web.Response:
    known = await later_act.as_of([request.match_info["number"]])
    page, actor = await find(request), by(request)
    serving = actor.role == Role.INSPECTOR and actor.id in page.serving
    standing = page.notice
    seats = await substitution.seats_of_number(page.line.number, now(request))
    return render(
        request, "console/task.html", task=page, as_of=known.get(page.line.number, 0), serving=serving,
        record=await records.papers(page.line.number),
        entity=await entity.heard(page.line.number), leads=serving and page.leader == actor.id,
        door=await onsite.door(page.line.number), assisted=await method.assisted(page.line.number),
        seats=seats, replaces=_replaces(actor, page, seats),
        ending=await endings.ending(page.id), endable=await endings.endable(page.line.number),
        gone_types=GONE_TYPES,
        may_be_gone=await endings.may_be_gone(page.line.number), results=hand_delivery.OFFERED,
        steps=await notices.timeline(page.line.number),
        work=await work.work(request, page.line.number), **await _said(request, page.line.number),
        **await _orders(request, page.line.number),
        telephone=serving and standing is not None and page.line.state in TO_VISIT,
        follow_ups=await follow_up.of_task(page.line.number), follows=await _follows(actor, page),
        theirs=await platform_result.beside(request, page.line.number),
        **await _afterwards(request, page),
    )  # fmt: skip


async def _orders(request: web.Request, number: str) -> dict[str, Any]:
    """责令改正: the orders of the task, and the days that their forms begin with."""
    today = visit.local_day(now(request))
    calendar = request.config_dict[DISTRICT].calendar
    return {
        "orders": await rectification.of_task(number),
        "today": today,
        "recheck_day": lambda begins: visit.local_day(begins) <= today,
        "order_later": lambda day: max(day, today) + timedelta(days=1),
        "order_term": rules_of_orders.last_day(
            calendar, today, today + timedelta(days=rules_of_orders.USUAL)
        ),
    }


async def _said(request: web.Request, number: str) -> dict[str, Any]:
    """For the office: what the entity may say now by telephone, on paper or at the counter."""
    office = by(request).role == Role.OFFICE
    page = await behalf.page_of(number, now(request), request.config_dict[DISTRICT]) if office else None
    return {"said": page, "said_offered": behalf.offered(page) if page else ()}


async def _follows(actor: Actor, page: task_page.TaskPage) -> bool:
    """May this person begin a case, a referral or supervision here (Art. 17)."""
    if actor.role != Role.HEAD or page.line.state not in FOLLOWED_UP_IN:
        return False
    return await follow_up.may_begin(page.line.number, actor.department)


def _replaces(actor: Actor, page: task_page.TaskPage, seats: Sequence[substitution.TeamSeat]) -> bool:
    """May this person ask for a substitution here: the office, a head, the task's leader (Art. 14 (2)).

    Once the visit is over, only where the register rules somebody out or a seat stands empty.
    """
    if actor.role == Role.HEAD:
        seats = [seat for seat in seats if seat.department == actor.department]
    may = actor.role == Role.OFFICE or (actor.role == Role.HEAD and bool(seats)) or page.leader == actor.id
    return may and (page.line.state in TO_VISIT_OR_ON_SITE or any(seat.why for seat in seats))


@routes.post("/console/tasks/{number}/end_online", audience=INSPECTOR)
async def end_online(request: web.Request) -> web.StreamResponse:
    """办结 without a visit; for a target that is gone with its result type, source and finding (Art. 16 (1))."""
    page = await find(request)
    await online.end(
        page.line.number, by=by(request), at=now(request), district=request.config_dict[DISTRICT],
        result=await field(request, "result", 4), source=await field(request, "source", 200),
        finding=await field(request, "finding", 2000),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{page.line.number}", done="ended_online")


@routes.post("/console/tasks/{number}/replace", audience=MEMBERS)
async def replace(request: web.Request) -> web.StreamResponse:
    """更换: whom and why; who comes is the next ticket's."""
    page = await find(request)
    await team.request_substitution(
        page.line.number, await field(request, "officer", 32), await field(request, "reason", 12),
        await field(request, "note", 500), by=by(request), at=now(request),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{page.line.number}", done="replaced")


async def _afterwards(request: web.Request, page: task_page.TaskPage) -> dict[str, Any]:
    """What the review and the publication show: first what failed, what is missing, what is in doubt."""
    number, actor, district = page.line.number, by(request), request.config_dict[DISTRICT]
    reviews = actor.role == Role.HEAD and actor.department == page.initiating
    answers = [answer for part in page.sheet for answer in part.answers]
    failed = [answer for answer in answers if _wrong(answer)]
    seen = {shot.id for answer_line in failed for shot in answer_line.pictures}
    shots = [*(shot for answer in answers for shot in answer.pictures), *page.loose]
    reviewed = page.line.state in REVIEWED
    standing = await publication.standing_of(number) if reviewed else None
    return {
        "reviewed": page.line.state in (*REVIEWED, *PUBLIC),
        "reviews": reviews, "failed": failed, "gaps": [answer for answer in answers if answer.gaps or answer.waiting],
        "doubtful": [shot for shot in shots if shot.labels and shot.id not in seen], "standing": standing,
        "preview": await publication_preview.preview(number, now(request)) if reviews else None,
        "until": rules.open_until(district.calendar, district.reply_days, standing) if standing else None,
        "answering": standing is not None and rules.answering(
            district.calendar, district.reply_days, standing, visit.local_day(now(request))
        ),
        "not_archived": await _not_archived(request, number) if reviews and page.line.state == TaskState.PUBLISHED else "",
        "public": await publication.published_of(number), "revisions": await publication.revisions(number),
        "receipts": await publication.receipts(number), "told": await notification.steps(number), "all_types": ALL,
        **_corrects(request, page), "measures": MEASURES,
        "departments": await department_result.of_number(number, now(request)),
        "of_departments": (await reviewing.reviewed(number)).departments if reviews and page.results else (),
        "next_task": await publication.next_to_review(actor.department, number) if reviews else "",
    }  # fmt: skip


def _corrects(request: web.Request, page: task_page.TaskPage) -> dict[str, Any]:
    """Whether this officer may enter what is right, of which department, and its failed points: those of the own
    department; the leader for all, where the result was entered as one."""
    actor, parts = by(request), page.results[-1].parts if page.results else ()
    serving = actor.role == Role.INSPECTOR and actor.id in page.serving
    own = next((part.name for part in parts if part.department == actor.department), "")
    chosen = [part for part in page.sheet if not parts or part.section.department == actor.department]
    return {
        "corrects": serving and (bool(own) if parts else page.leader == actor.id),
        "corrected_part": own if len(parts) > 1 else "",
        "own_failed": [answer for part in chosen for answer in part.answers if _wrong(answer)],
    }


def _wrong(answer: task_page.AnswerLine) -> bool:
    """Found wanting, on site or online."""
    return answer.verdict == "fail" or bool(answer.online and answer.online[4] and answer.online[0] == "fail")


async def _not_archived(request: web.Request, number: str) -> str:
    """Why the task cannot be archived yet, in words; "" when it can."""
    why_not = await archive.hindrance_of(number, now(request), request.config_dict[DISTRICT].calendar)
    return explain(why_not, words_of(request), await departments_in(why_not)) if why_not else ""


@routes.post("/console/tasks/{number}/telephoned", audience=INSPECTOR)
async def telephoned(request: web.Request) -> web.StreamResponse:
    """电话告知: who spoke with whom, and what was said."""
    page = await find(request)
    await delivery_attempt.telephoned(
        page.line.number, await field(request, "reached", 3) == "yes", await field(request, "said"),
        by=by(request),
        at=now(request), spoke_with=await field(request, "spoke_with", 80),
    )  # fmt: skip
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{page.line.number}", done="telephoned")


@routes.get("/console/notices/{number}.pdf", audience=MEMBERS)
async def letter(request: web.Request) -> web.Response:
    notice = await notices.seen(request.match_info["number"], sight=board.sight_of(by(request)))
    if notice is None or not notice.written:
        raise web.HTTPNotFound
    readable = await request.config_dict[LETTER](notice.id, words_of(request).language)
    return web.Response(
        body=readable.pdf,
        content_type="application/pdf",
        headers={
            hdrs.CONTENT_DISPOSITION: f'inline; filename="{notice.number}.pdf"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )


@routes.get(
    "/console/tasks/{number}/photos/{id:[0-9]{1,9}}/{copy:thumbnail|stamped|original}", audience=MEMBERS
)
async def photo(request: web.Request) -> web.Response:
    """A copy made by us is shown; the original's bytes only as an attachment, sandboxed (D38)."""
    file = await pictures.file_of(
        request.match_info["number"], int(request.match_info["id"]), sight=board.sight_of(by(request))
    )
    copy = request.match_info["copy"]
    if file is None:
        raise web.HTTPNotFound
    name = {"thumbnail": file.thumbnail, "stamped": file.stamped, "original": file.sha256}[copy]
    if not name:
        raise web.HTTPNotFound
    kind = TYPES.get(file.format, "application/octet-stream") if copy == "original" else "image/jpeg"
    shown = "attachment" if copy == "original" else "inline"
    return web.Response(
        body=await store.objects.get(name),
        content_type=kind,
        headers={
            hdrs.CONTENT_DISPOSITION: f'{shown}; filename="{file.sha256[:16]}-{copy}"',
            hdrs.CACHE_CONTROL: "private, max-age=3600",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@routes.get("/console/tasks/{number}/photos/{id:[0-9]{1,9}}", audience=MEMBERS)
async def whole(request: web.Request) -> web.Response:
    """A photo at the page's full width, to be scrolled: a long one is no strip."""
    number, id = request.match_info["number"], int(request.match_info["id"])
    file = await pictures.file_of(number, id, sight=board.sight_of(by(request)))
    if file is None or not file.stamped:
        raise web.HTTPNotFound
    return render(request, "console/photo.html", number=number, id=id, photo=file)


@routes.post("/console/tasks/{number}/photos/{id:[0-9]{1,9}}/void", audience=INSPECTOR)
async def void(request: web.Request) -> web.StreamResponse:
    """作废 a wrong photo, with a reason."""
    page, id = await find(request), int(request.match_info["id"])
    if await pictures.file_of(page.line.number, id, sight=board.sight_of(by(request))) is None:
        raise web.HTTPNotFound
    await photos.void(id, await field(request, "reason", 400), by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{page.line.number}", done="photo_voided")


@routes.get("/console/tasks/{number}/findings/{id:[0-9]{1,9}}", audience=MEMBERS)
async def screenshot(request: web.Request) -> web.Response:
    """What was seen in the network check: for an <img>, or as an attachment, sandboxed (D38)."""
    page = await find(request)
    name = await method.screenshot_of(page.line.number, int(request.match_info["id"]))
    if not name:
        raise web.HTTPNotFound
    return await attached(name)


async def known_as_of(request: web.Request) -> int | None:
    """The number of the last event of the task that the page of this form knew; None where the form does not say."""
    given = await field(request, "as_of", 10)
    return wrong_input.number_of("as_of", given) if given else None


async def find(request: web.Request) -> task_page.TaskPage:
    """The task, if this person's department takes part in it; any other id is like one that is none (D60)."""
    page = await task_page.task_page(
        request.match_info["number"], sight=board.sight_of(by(request)), at=now(request),
        calendar=request.config_dict[DISTRICT].calendar, terms=request.config_dict[DISTRICT].terms,
    )  # fmt: skip
    if page is None:
        raise web.HTTPNotFound
    if day := await retention.gone_since(page.line.number):
        raise Refusal("retention.destroyed", article="20", task=page.line.number, day=day)
    return page
