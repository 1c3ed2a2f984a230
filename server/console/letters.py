"""告知书送达: letters that a person telephones, faxes, posts or brings: printed together, each try noted (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from locales import words
from models import store
from models.procedure import hand_delivery
from models.queries import board, manual_deliveries, notices
from models.rules.actor import Actor, Role
from models.rules.channel import CALLS
from server import wrong_input
from server.access import MEMBERS, MEMBERS_WITH_FILES, Routes, check_csrf
from server.app_keys import DISTRICT, WAKE, by, now
from server.documents.cover import bundle
from server.documents.letter import LetterWords
from server.documents.trail_file import as_csv, as_json, as_workbook
from server.letters import compose
from server.pages import back_to, field, render, words_of
from server.public import upload_form

PROOFS = {
    "PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIC": "image/heic",
}  # fmt: skip

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
routes = Routes()


@routes.get("/console/letters", audience=MEMBERS)
async def letters(request: web.Request) -> web.Response:
    """What is to be handed over, the next visit first, page by page."""
    sight, page = board.sight_of(by(request)), _page(request)
    outgoing, waiting = await manual_deliveries.outgoing(sight, page), await manual_deliveries.waiting(sight)
    printed = [
        delivery
        for delivery in outgoing
        if delivery.channel in manual_deliveries.ON_PAPER and not delivery.posted_at
    ]
    return render(
        request, "console/letters.html", letters=outgoing, printed=len(printed), calls=CALLS, page=page,
        pages=max(1, -(-waiting // manual_deliveries.PER_PAGE)), results=hand_delivery.OFFERED,
        hands=await _hands(by(request), outgoing), calling=by(request).role == Role.INSPECTOR,
    )  # fmt: skip


def _page(request: web.Request) -> int:
    return max(1, wrong_input.number_of("page", request.query.get("page", "1")[:6]))


@routes.get("/console/letters.pdf", audience=MEMBERS)
async def print_all(request: web.Request) -> web.Response:
    """The list of a page and every letter behind it, as they go into the printer."""
    outgoing = await manual_deliveries.on_paper(board.sight_of(by(request)), _page(request))
    if not outgoing:
        raise web.HTTPNotFound
    spoken, district = words_of(request), request.config_dict[DISTRICT]
    chinese = words("zh_Hans")
    letters = [
        (compose(await notices.told(delivery.id), chinese, district), LetterWords.of(chinese))
        for delivery in outgoing
    ]
    data = await bundle(outgoing, letters, spoken, district.name, now(request))
    return web.Response(
        body=data, content_type="application/pdf",
        headers={hdrs.CONTENT_DISPOSITION: 'inline; filename="letters.pdf"', hdrs.CACHE_CONTROL: "no-store"},
    )  # fmt: skip


@routes.post("/console/tasks/{number}/handed", audience=MEMBERS_WITH_FILES)
async def handed(request: web.Request) -> web.StreamResponse:
    """One try by fax, by post or at the door, with its proof."""
    number = request.match_info["number"]
    if await manual_deliveries.task_seen(number, board.sight_of(by(request))) is None:
        raise web.HTTPNotFound
    if request.content_type == "multipart/form-data":
        async with upload_form.read(request, link=f"proof of {number}") as form:
            check_csrf(request, form.text("csrf", 200))
            proof = form.files[0].sha256 if form.files else ""
            tried = _tried(
                request, form.text("result", 24), form.text("who", 80), form.text("said", 500), proof
            )
            await form.kept_for(tried)
    else:
        words = [
            await field(request, name, limit) for name, limit in (("result", 24), ("who", 80), ("said", 500))
        ]
        await _tried(request, *words)()
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done="handed")


@routes.get("/console/tasks/{number}/proofs/{id:[0-9]{1,9}}", audience=MEMBERS)
async def proof(request: web.Request) -> web.Response:
    """A proof's bytes as they were uploaded: an attachment, sandboxed (D38)."""
    total = await manual_deliveries.task_seen(request.match_info["number"], board.sight_of(by(request)))
    name = await notices.proof(total, int(request.match_info["id"])) if total else ""
    if not name:
        raise web.HTTPNotFound
    data = await store.objects.get(name)
    return web.Response(
        body=data, content_type=PROOFS[upload_form.format_of(data)],
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name[:16]}"',
            hdrs.CACHE_CONTROL: "private, max-age=3600",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )  # fmt: skip


@routes.get("/console/notices/{number:[^{}/.]+}", audience=MEMBERS)
async def trail_page(request: web.Request) -> web.Response:
    """告知经过 of one notice: each try, who made it, what came of it, and the hashes that prove it."""
    notice = await notices.seen(request.match_info["number"], sight=board.sight_of(by(request)))
    if notice is None:
        raise web.HTTPNotFound
    told = await notices.told(notice.id)
    steps = [step for step in await notices.timeline(told.task) if step.number in ("", told.number)]
    return render(request, "console/notice.html", told=told, steps=steps, line={"number": told.task})


@routes.get("/console/tasks/{number}/notices.csv", audience=MEMBERS)
async def trail_table(request: web.Request) -> web.Response:
    """告知经过 as a table, to be kept or handed on."""
    return _kept(request, as_csv(await _steps(request), words_of(request)), "csv", "text/csv")


@routes.get("/console/tasks/{number}/notices.xlsx", audience=MEMBERS)
async def trail_workbook(request: web.Request) -> web.Response:
    """The same as a workbook: digits keep their zeros and ends."""
    return _kept(request, as_workbook(await _steps(request), words_of(request)), "xlsx", XLSX)


@routes.get("/console/tasks/{number}/notices.json", audience=MEMBERS)
async def trail_json(request: web.Request) -> web.Response:
    steps = await _steps(request)
    return _kept(request, as_json(request.match_info["number"], steps), "json", "application/json")


async def _steps(request: web.Request) -> tuple[notices.NoticeStep, ...]:
    number = request.match_info["number"]
    steps = (
        await notices.timeline(number)
        if await manual_deliveries.task_seen(number, board.sight_of(by(request)))
        else ()
    )
    if not steps:
        raise web.HTTPNotFound
    return steps


def _kept(request: web.Request, data: bytes, ending: str, kind: str) -> web.Response:
    name = f"{request.match_info['number']}-notices.{ending}"
    return web.Response(
        body=data, content_type=kind, charset=None if kind == XLSX else "utf-8",
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-store",
        },
    )  # fmt: skip


def _tried(
    request: web.Request, result: str, who: str, text: str, proof: str = ""
) -> Callable[[], Awaitable[object]]:
    """The act: result, who received it, what else is to be said, the proof's object."""
    number, at, actor = request.match_info["number"], now(request), by(request)
    channel, _, outcome = result.partition(".")
    return lambda: hand_delivery.handed(
        number, channel, outcome, by=actor, at=at, who=who, text=text, proof=proof
    )


async def _hands(actor: Actor, outgoing: tuple[manual_deliveries.Outgoing, ...]) -> frozenset[str]:
    """The tasks whose letters this person may hand over: the office all, an officer the own team's."""
    if actor.role == Role.OFFICE:
        return frozenset(delivery.task for delivery in outgoing)
    if actor.role != Role.INSPECTOR:
        return frozenset()
    return await manual_deliveries.serving(actor.id, [delivery.task for delivery in outgoing])
