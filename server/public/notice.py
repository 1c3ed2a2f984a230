"""检查对象的页面: whoever holds the link sees whether a notice is genuine, prepares, asks, answers (Art. 16 (2), 17).

Works without JavaScript, in any phone browser. Unknown, malformed and guessed links get one answer, after one
look-up each (D68).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import hdrs, web

from models.procedure import (
    correction,
    credit,
    document_submission,
    entity_chat,
    objection,
    postponement,
    preparation,
    rating,
    recusal,
    reply,
)
from models.procedure import notice as notices
from models.queries import notice_page
from models.queries.notice_page import NoticePage
from models.queries.notices import told as notice_told
from models.queries.record_version import record_number
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role
from models.rules.free_times import Window
from models.rules.visit import LASTS
from server import orders, wrong_input
from server.access import LINK, Routes
from server.app_keys import CHAT, DEEP_LINK, DISTRICT, LETTER, RANDOM, WAKE, now
from server.letters import replaced_by, replaced_sentence, team_sentences, visit_file
from server.pages import back_to, field, render, words_of
from server.public.arrival import arriving
from server.public.link import is_preview, unknown
from server.public.upload_form import WITH_FILES, Form, read

HOLDER = Actor(Role.PUBLIC, "link")

routes = Routes()


@routes.get("/n/{token}.pdf", audience=LINK)
async def letter(request: web.Request) -> web.Response:
    """The letter itself, in the reader's language, for as long as it stands."""
    page = await _find(request)
    if page is None:
        return unknown(request)
    readable = await request.config_dict[LETTER](page.id, words_of(request).language)
    return _file(readable.pdf, "application/pdf", f"{page.number}.pdf")


@routes.get("/n/{token}.ics", audience=LINK)
async def calendar(request: web.Request) -> web.Response:
    """The visit for the entity's own calendar; a later version replaces it there, a notice that ended cancels it."""
    page = await _find(request)
    if page is None:
        return unknown(request)
    file = visit_file(
        await notice_told(page.id), words_of(request), request.config_dict[DISTRICT], void=page.letter.void
    )
    return _file(file, "text/calendar", f"{page.number}.ics")


@routes.get("/n/{token}", audience=LINK)
async def check(request: web.Request) -> web.Response:
    page = await _find(request)
    if page is None:
        return unknown(request)
    officer = await arriving(request, page.id)
    if request.method == hdrs.METH_GET and page.letter.valid and not officer and not is_preview(request):
        await notices.opened(request.match_info["token"], at=now(request))
        request.config_dict[WAKE]()
    shown = render(
        request, "public/notice.html", page=page, here=request.path, arriving=officer, record=_record(request, page),
        order_at=lambda number: orders.url_of(number, request.config_dict[DISTRICT]),
        changes=team_sentences(page.letter.changes, words_of(request)),
        replaces=replaced_sentence(page.facts, words_of(request)), replaced_by=replaced_by(page, words_of(request)),
        chat=request.config_dict[CHAT] and not page.bound,
    )  # fmt: skip
    shown.headers["X-Robots-Tag"] = "noindex"
    shown.enable_compression()
    return shown


@routes.post("/n/{token}", audience=LINK)
async def answer(request: web.Request) -> web.StreamResponse:
    """收到, 备齐, 申请改期, 申请回避, 评价: a form without files."""
    page = await _find(request)
    if page is None:
        return unknown(request)
    act = ACTS.get(named := await field(request, "act", 12))
    if act is None:
        raise wrong_input.choice("act", named)
    done = await act(request, page, now(request))
    return _done(request, done)


@routes.post("/n/{token}/papers", audience=WITH_FILES)
async def papers(request: web.Request) -> web.StreamResponse:
    """材料, 自行整改, 申辩, 异议: a form with files. Who has no link sends no bytes."""
    page = await _find(request)
    if page is None:
        return unknown(request)
    async with read(request, await document_submission.room(page.number, HOLDER), link=page.number) as form:
        act = WITH_PAPERS.get(named := form.text("act", 12))
        if act is None:
            raise wrong_input.choice("act", named)
        at = now(request)
        return _done(request, await form.kept_for(lambda: act(request, page, form, at)))


@routes.post("/n/{token}/chat", audience=LINK)
async def chat(request: web.Request) -> web.Response:
    """A link that opens the bot for the entity's own account, good once, for a day."""
    page = await _find(request)
    if page is None:
        return unknown(request)
    if not request.config_dict[CHAT]:
        raise web.HTTPNotFound
    token = urlsafe_b64encode(request.config_dict[RANDOM](16)).decode().rstrip("=")
    await entity_chat.invite(page.number, token, by=HOLDER, at=now(request))
    link = request.config_dict[DEEP_LINK](token)
    shown = render(request, "public/notice_chat.html", link=link, here=_here(request))
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown


async def _received(request: web.Request, page: NoticePage, at: datetime) -> str:
    await notices.acknowledge(page.number, by=HOLDER, at=at)
    return "received"


async def _prepared(request: web.Request, page: NoticePage, at: datetime) -> str:
    """Only what this form changed: a tick set meanwhile on another phone stays."""
    form = await request.post()
    shown = {
        int(value) for value in str(form.get("was", "")).split(",") if value.isascii() and value.isdigit()
    }
    ticked = {
        int(str(number))
        for number in form.getall("ready", [])
        if str(number).isascii() and str(number).isdigit()
    }
    if form.get("all") == "1":
        ticked = {line.number for line in page.to_prepare}
    changed = {line: line in ticked for line in shown ^ ticked}
    await preparation.tick(page.number, changed, by=HOLDER, at=at)
    return "prepared"


async def _postpone(request: web.Request, page: NoticePage, at: datetime) -> str:
    window = _window(await field(request, "window", 40))
    reason, wanted = await field(request, "reason", 500), await field(request, "wanted", 200)
    await postponement.ask(page.number, reason, wanted=wanted, window=window, by=HOLDER, at=at)
    return "postpone"


def _window(text: str) -> Window | None:
    if not text:
        return None
    begins = wrong_input.moment_of("window", text)
    return Window(begins, begins + LASTS)


async def _recuse(request: web.Request, page: NoticePage, at: datetime) -> str:
    seat = wrong_input.number_of("officer", await field(request, "officer", 9))
    await recusal.ask(page.number, seat, await field(request, "reason", 1000), by=HOLDER, at=at)
    return "recused"


async def _rate(request: web.Request, page: NoticePage, at: datetime) -> str:
    scales = [await field(request, name, 1) for name in ("manner", "clarity", "burden")]
    if not all(scale in "12345" and scale for scale in scales):
        raise Refusal("rating.scale", article="8")
    manner, clarity, burden = map(int, scales)
    note = await field(request, "note", 500)
    await rating.rate(page.number, manner, clarity, burden, note, by=HOLDER, at=at)
    return "rated"


async def _hand_in(request: web.Request, page: NoticePage, form: Form, at: datetime) -> str:
    await document_submission.hand_in(page.number, form.number("line"), form.files, by=HOLDER, at=at)
    return "handed_in"


async def _mend(request: web.Request, page: NoticePage, form: Form, at: datetime) -> str:
    text = form.text("text", 1000)
    await correction.submit(page.number, form.number("line"), text, form.files, by=HOLDER, at=at)
    return "mended"


async def _reply(request: web.Request, page: NoticePage, form: Form, at: datetime) -> str:
    await reply.give(page.number, form.text("text"), form.files, by=HOLDER, at=at)
    return "replied"


async def _object(request: web.Request, page: NoticePage, form: Form, at: datetime) -> str:
    place = request.config_dict[DISTRICT]
    await objection.object_to(page.number, form.text("text"), form.files, by=HOLDER, at=at, district=place)
    return "objected"


async def _repair(request: web.Request, page: NoticePage, form: Form, at: datetime) -> str:
    await credit.apply(page.number, form.text("text"), form.files, by=HOLDER, at=at)
    return "repair_asked"


async def _agree(request: web.Request, page: NoticePage, at: datetime) -> str:
    await reply.agree(page.number, by=HOLDER, at=at)
    return "agreed"


ACTS: dict[str, Callable[[web.Request, NoticePage, datetime], Awaitable[str]]] = {
    "received": _received,
    "prepared": _prepared,
    "postpone": _postpone,
    "recuse": _recuse,
    "rate": _rate,
    "agree": _agree,
}
WITH_PAPERS: dict[str, Callable[[web.Request, NoticePage, Form, datetime], Awaitable[str]]] = {
    "hand_in": _hand_in,
    "mend": _mend,
    "reply": _reply,
    "object": _object,
    "repair": _repair,
}


async def _find(request: web.Request) -> NoticePage | None:
    """The notice of this link. What is no token at all is hashed and looked up like one that is nobody's."""
    return await notice_page.notice_page(
        request.match_info["token"], now(request), request.config_dict[DISTRICT]
    )


def _here(request: web.Request) -> str:
    """The page itself, whatever stands behind its address."""
    return f"/n/{request.match_info['token']}"


def _record(request: web.Request, page: NoticePage) -> str:
    """Where the newest version of the record is read."""
    if page.record is None:
        return ""
    named = record_number(page.task, page.record.version)
    return "/r/" + tokens.token(request.config_dict[DISTRICT].secret, "record", named)


def _done(request: web.Request, done: str) -> web.Response:
    request.config_dict[WAKE]()
    return back_to(_here(request), done=done)


def _file(data: bytes, kind: str, name: str) -> web.Response:
    return web.Response(
        body=data,
        content_type=kind,
        charset="utf-8" if kind.startswith("text/") else None,
        headers={
            hdrs.CONTENT_DISPOSITION: f'inline; filename="{name}"',
            hdrs.CACHE_CONTROL: "no-store",
            "X-Robots-Tag": "noindex",
        },
    )
