"""Refusals and errors become pages or JSON, here and nowhere else, in the reader's language."""

from __future__ import annotations

import logging

from aiohttp import hdrs, web

from locales import Words
from locales.refusals import explain
from models.queries.person import departments_in
from models.refusal import Refusal
from models.store import Damaged, Overlong, Unavailable
from server.access import Handler
from server.app_keys import PASSAGE, VISITOR
from server.pages import render, words_of

log = logging.getLogger(__name__)

WRONG, CONFLICT, NOT_FOUND = 400, 409, 404
STATUS = {
    "actor.role": 403,
    "task.leader_only": 403,
    "draw.not_initiating": 403,
    "draw.other_witness": 403,
    "draw.typed_by_another": 403,
    "draw.session_opened_by_other": 403,
    "draw.not_named": 403,
    "draw.needs_account": 403,
    "team.other_department": 404,
    "notice.unknown": 404,
    "notification.unknown": 404,
    "photo.unknown": 404,
    "batch.unknown": 404,
    "draw.unknown": 404,
    "task.unknown": 404,
    "absence.unknown": 404,
    "cooperation.unknown": 404,
    "correction.unknown": 404,
    "rectification.unknown": 404,
    "objection.unknown": 404,
    "recusal.unknown": 404,
    "set_aside.unknown": 404,
    "calendar_feed.unknown": 404,
    "snooze.unknown": 404,
    "enquiry.unknown": 404,
    "enquiry.over": 409,
    "enquiry.fact": 400,
    "conference.unknown": 404,
    "credit.unknown": 404,
    "override.unknown": 404,
    "override.not_yours": 404,
    "retention.unknown": 404,
    "retention.destroyed": 410,
    "plan.merge_missing": 404,
    "plan.merge_not_asked": 404,
    "enrolment.locked": 429,
    "enrolment.disabled": 403,
    "enrolment.old_password": 403,
    "enrolment.link": 403,
    "launch.forged": 401,
    "launch.old": 401,
    "launch.used": 401,
    "launch.not_enrolled": 403,
    "launch.no_officer": 403,
    "board.filter": 400,
    "results.asked": 400,
    "calendar.week": 400,
    "away.day": 400,
    "away.unknown": 404,
    "visit.join_unknown": 404,
    "reassignment.unknown": 404,
    "team_group.unknown": 404,
    "map.day": 400,
}
FILES = frozenset({".csv", ".xlsx", ".atom", ".xml", ".txt", ".ics"})
"""How addresses end whose readers are machines, besides .json."""
NOT_KEPT = {hdrs.CACHE_CONTROL: "no-store"}
PAGES = (400, 403, 404, 405, 413, 429, 503)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost layer: whatever goes wrong is answered in words, and logged where it is our fault."""
    try:
        return await handler(request)
    except Refusal as refusal:
        words = words_of(request)
        status = STATUS.get(refusal.code, WRONG if refusal.code.startswith("request.") else CONFLICT)
        if status == NOT_FOUND:
            return _answer(request, words, status, words("web.error.404"))
        return _answer(
            request,
            words,
            status,
            explain(refusal, words, await _departments(refusal)),
            code=refusal.code,
            article=refusal.article,
        )
    except web.HTTPException as answer:
        if answer.status < 400:
            raise
        return _http(request, answer)
    except Damaged as damage:
        log.error("THE DATABASE IS DAMAGED (%s): %s", _id(request), damage)
        return _answer(request, words_of(request), 503, words_of(request)("web.error.damaged"))
    except Overlong:
        return _overlong(request)
    except Unavailable:
        log.warning("the database does not answer (%s)", _id(request))
        return _answer(request, words_of(request), 503, words_of(request)("web.error.503"))
    except Exception:
        log.exception("%s %s failed (%s)", request.method, request.match_info.route.resource, _id(request))
        return _answer(request, words_of(request), 500, words_of(request)("web.error.500", id=_id(request)))


def _overlong(request: web.Request) -> web.StreamResponse:
    """A name longer than any that is kept: there is no such thing; in a form, nothing was done."""
    words = words_of(request)
    if request.method in (hdrs.METH_GET, hdrs.METH_HEAD):
        return _answer(request, words, NOT_FOUND, words("web.error.404"))
    return _answer(request, words, WRONG, words("web.error.overlong"), code="request.overlong")


async def _departments(refusal: Refusal) -> dict[str, str]:
    """What its departments are called; a database that does not answer keeps nobody from the answer."""
    try:
        return await departments_in(refusal)
    except (Damaged, Unavailable):
        return {}


def _http(request: web.Request, answer: web.HTTPException) -> web.StreamResponse:
    words = words_of(request)
    shown = answer.status if answer.status in PAGES else (400 if answer.status < 500 else 500)
    key = "busy" if shown == 503 else str(shown)  # the database is not to blame where a queue was full
    text = words("web.error.500", id=_id(request)) if shown == 500 else words(f"web.error.{key}")
    response = _answer(request, words, answer.status, text)
    for name in (hdrs.ALLOW, "Retry-After"):
        if name in answer.headers:
            response.headers[name] = answer.headers[name]
    return response


def _answer(
    request: web.Request, words: Words, status: int, text: str, *, code: str = "", article: str = ""
) -> web.Response:
    if wants_json(request):
        body = {"error": {"status": status, "text": text, "id": _id(request)}}
        if code:
            body["error"] |= {"code": code, "article": article}
        return web.json_response(body, status=status, headers=NOT_KEPT)
    if not _accepts_pages(request) and request.rel_url.suffix in FILES:
        return web.Response(text=f"{status} {text}\n", status=status, headers=NOT_KEPT)
    return render(request, "error.html", status=status, said=text, refused=bool(code), back=_back(request))


def wants_json(request: web.Request) -> bool:
    """Asked for by the header, or by an address that ends so and a reader who does not ask for pages."""
    named = "application/json" in request.headers.get(hdrs.ACCEPT, "") or request.rel_url.suffix == ".json"
    return named and not _accepts_pages(request)


def _accepts_pages(request: web.Request) -> bool:
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")


def _back(request: web.Request) -> str:
    """The page that an act's form stood on; a form posts to its page or to a name below it."""
    home = "/console/" if VISITOR in request else "/"
    if request.method in (hdrs.METH_GET, hdrs.METH_HEAD) or request.match_info.route.resource is None:
        return home
    path = request.rel_url.path
    while path.strip("/") and not _is_page(request, path):
        path = path.rsplit("/", 1)[0]
    return path or home


def _is_page(request: web.Request, path: str) -> bool:
    """True where the house shows something at this address."""
    for resource in request.app.router.resources():
        place = resource.get_info()
        pattern = place.get("pattern")
        here = place.get("path") == path or (pattern and pattern.fullmatch(path))
        if here and any(route.method == hdrs.METH_GET for route in resource):
            return True
    return False


def _id(request: web.Request) -> str:
    return request[PASSAGE].id if PASSAGE in request else "-"
