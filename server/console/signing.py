"""Signing in: by a link good once, or by name and password where there is no Telegram (ASVS 6, 7).

Opening a link shows a button and spends nothing, so that a chat's preview of the link does not burn it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from functools import cache

from aiohttp import web
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from models.procedure import enrolment
from models.queries import visitor as visitors
from models.refusal import Refusal
from models.rules.actor import Role
from server.access import ANYONE, LINK, MEMBERS, Routes, cookie_name, secure
from server.keys import PASSAGE, VISITOR, now
from server.pages import back_to, field, render

DESK = "/console/"
OWN = re.compile(r"/console/[\w/.-]*(\?[\w=&%.+~:-]*)?|/field/(#/[\w/%.-]*)?", re.ASCII)
LEAST = 12

routes = Routes()


@routes.get("/login", audience=ANYONE)
async def form(request: web.Request) -> web.Response:
    if VISITOR in request:
        return back_to(_next(request.query.get("next", "")))
    return render(request, "console/login.html", next=_next(request.query.get("next", "")), refused="")


@routes.post("/login", audience=ANYONE)
async def by_password(request: web.Request) -> web.StreamResponse:
    """Five wrong passwords for one name from one address lock it for a quarter of an hour (D75)."""
    name, password = await field(request, "login", 80), str((await request.post()).get("password", ""))
    guesser = _guesser(name, request[PASSAGE].address)
    await enrolment.unlocked(guesser, at=now(request))
    account = await visitors.by_login(name)
    if not await fits(account.password if account else _nobodys(), password) or account is None:
        await enrolment.miss(guesser, at=now(request))
        return render(
            request, "console/login.html", status=403, next=_next(await field(request, "next")), refused=name
        )
    return await _enter(request, account, await field(request, "next"))


@routes.get("/login/{token}", audience=LINK)
async def offer(request: web.Request) -> web.Response:
    return render(request, "console/enter.html", here=request.path_qs)


@routes.post("/login/{token}", audience=LINK)
async def by_link(request: web.Request) -> web.StreamResponse:
    guesser = f"ip:{request[PASSAGE].address}"[:80]
    account = await enrolment.redeem(request.match_info["token"], guesser, at=now(request))
    return await _enter(request, account, request.query.get("next", ""))


@routes.post("/logout", audience=MEMBERS)
async def leave(request: web.Request) -> web.StreamResponse:
    await enrolment.sign_out(request.cookies.get(cookie_name(request), ""), at=now(request))
    gone = back_to("/login", done="signed_out")
    gone.del_cookie(cookie_name(request), path="/", secure=secure(request), httponly=True, samesite="Lax")
    return gone


async def _enter(request: web.Request, account: object, after: str) -> web.Response:
    """A session under an id made now: whatever cookie the browser brought is worth nothing (D63)."""
    if getattr(account, "role", None) not in (Role.OFFICE, Role.HEAD, Role.INSPECTOR):
        raise Refusal("enrolment.no_console", article="7")
    old = request.cookies.get(cookie_name(request))
    if old:
        await enrolment.sign_out(old, at=now(request))
    token = secrets.token_urlsafe(32)
    await enrolment.sign_in(account, token, secrets.token_urlsafe(24), at=now(request))  # type: ignore[arg-type]
    entered = back_to(_next(after))
    life = int(enrolment.SESSION_LIFE.total_seconds())
    entered.set_cookie(
        cookie_name(request),
        token,
        max_age=life,
        path="/",
        httponly=True,
        secure=secure(request),
        samesite="Lax",
    )
    return entered


def _next(asked: str) -> str:
    """Where to go after signing in: a page of the console or a screen of the companion, nothing else."""
    return asked if OWN.fullmatch(asked) and "//" not in asked and ".." not in asked else DESK


def _guesser(name: str, address: str) -> str:
    return "login:" + hashlib.sha256(f"{name}\n{address}".encode()).hexdigest()[:40]


@cache
def hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys() -> str:
    """A hash that no password meets, so that unknown names take as long as known ones."""
    return hasher().hash(secrets.token_urlsafe(32))


async def fits(kept: str, password: str) -> bool:
    def verify() -> bool:
        try:
            return hasher().verify(kept, password)
        except (Argon2Error, InvalidHashError):
            return False

    return await asyncio.to_thread(verify)


async def hashed(password: str) -> str:
    """What is kept of a password; short ones are refused."""
    if len(password) < LEAST:
        raise Refusal("enrolment.password_short", article="7", least=LEAST)
    return await asyncio.to_thread(hasher().hash, password)
