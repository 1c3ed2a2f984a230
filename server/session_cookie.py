"""The cookie that holds a session in a browser, wherever one signs in (ASVS 3.3)."""

from __future__ import annotations

from aiohttp import web

from models.procedure import enrolment
from server.access import cookie_name, secure
from server.app_keys import now


async def keep_session(request: web.Request, entered: web.StreamResponse, token: str) -> None:
    """End the session that the browser had, and let it keep this one's token."""
    if old := request.cookies.get(cookie_name(request)):
        await enrolment.sign_out(old, at=now(request))
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
