"""Signing in: by a link good once, or by name and password where there is no Telegram (ASVS 6, 7).

Opening a link shows a button and spends nothing, so that a chat's preview of the link does not burn it.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from aiohttp import web

from models.procedure import enrolment
from models.queries import sessions as visitors
from models.queries.sessions import Credentials
from models.refusal import Refusal
from server.access import ANYONE, LINK, STAFF, Routes, cookie_name, secure
from server.app_keys import PASSAGE, VISITOR, now
from server.pages import back_to, field, render
from server.passwords import PASSWORDS
from server.session_cookie import keep_session

DESK = "/console/"
OWN = re.compile(r"/console/[\w/.-]*(\?[\w=&%.+~:-]*)?|/field/(#/[\w/%.-]*)?", re.ASCII)

routes = Routes()


@routes.get("/login", audience=ANYONE)
async def form(request: web.Request) -> web.Response:
    if VISITOR in request:
        return back_to(_next(request.query.get("next", "")))
    return render(request, "console/login.html", next=_next(request.query.get("next", "")), refused="")


@routes.post("/login", audience=ANYONE)
async def by_password(request: web.Request) -> web.StreamResponse:
    """Wrong passwords lock a name from one address, a name, and an address (D75); checked one after the other."""
    name, password = await field(request, "login", 80), str((await request.post()).get("password", ""))
    address = request[PASSAGE].address
    async with request.config_dict[PASSWORDS].turn(address):
        proved = await _proved(request, name, password, guessers(name, address))
    if proved is None:
        return render(
            request, "console/login.html", status=403, next=_next(await field(request, "next")), refused=name
        )
    signed_in = enrolment.SignIn(proved.holder, through=proved.through)
    return await _enter(request, signed_in, await field(request, "next"))


async def _proved(
    request: web.Request, name: str, password: str, tried_by: tuple[str, ...]
) -> Credentials | None:
    """Those of the account of this name, if the password is its own; a wrong one is counted."""
    for guesser in tried_by:
        await enrolment.refuse_if_locked(guesser, at=now(request))
    credentials = await visitors.by_login(name)
    fits = await request.config_dict[PASSWORDS].fits(credentials.password if credentials else "", password)
    if fits and credentials is not None:
        return credentials
    for guesser in tried_by:
        await enrolment.record_failure(guesser, at=now(request))
    return None


@routes.get("/login/{token}", audience=LINK)
async def offer(request: web.Request) -> web.Response:
    companion = request.query.get("next", "").startswith("/field/")
    return render(request, "console/enter.html", here=request.path_qs, companion=companion)


@routes.post("/login/{token}", audience=LINK)
async def by_link(request: web.Request) -> web.StreamResponse:
    guesser = f"ip:{request[PASSAGE].address}"[:80]
    signed_in = await enrolment.redeem(request.match_info["token"], guesser, at=now(request))
    return await _enter(request, signed_in, request.query.get("next", ""))


@routes.post("/logout", audience=STAFF)
async def leave(request: web.Request) -> web.StreamResponse:
    await enrolment.sign_out(request.cookies.get(cookie_name(request), ""), at=now(request))
    gone = back_to("/login", done="signed_out")
    gone.del_cookie(cookie_name(request), path="/", secure=secure(request), httponly=True, samesite="Lax")
    return gone


async def _enter(request: web.Request, signed_in: enrolment.SignIn, after: str) -> web.Response:
    """A session under an id made now: whatever cookie the browser brought is worth nothing (D63)."""
    account = signed_in.account
    if account.role not in (STAFF.roles or ()):
        raise Refusal("enrolment.no_console", article="7")
    token = secrets.token_urlsafe(32)
    await enrolment.sign_in(
        account.id, token, secrets.token_urlsafe(24), at=now(request), by_link=signed_in.by_link,
        through=signed_in.through,
    )  # fmt: skip
    entered = back_to(_next(after))
    await keep_session(request, entered, token)
    return entered


def _next(asked: str) -> str:
    """Where to go after signing in: a page of the console or a screen of the companion, nothing else."""
    return asked if OWN.fullmatch(asked) and "//" not in asked and ".." not in asked else DESK


def guessers(name: str, address: str) -> tuple[str, ...]:
    """Under which names a wrong password counts: this name from this address, this name, this address."""
    return tuple(
        f"{kind}:{hashlib.sha256(what.encode()).hexdigest()[:40]}"
        for kind, what in (("login", f"{name}\n{address}"), ("name", name), ("address", address))
    )
