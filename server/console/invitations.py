"""邀请 for a whole department: a sheet of codes, or messages; who is still not bound, day by day (Art. 7, 10)."""

from __future__ import annotations

import asyncio
import secrets

from aiohttp import web

from models.procedure import invitation
from models.queries import invitations
from models.queries.person import departments
from server.access import HOSTS, Routes
from server.app_keys import CHANNELS, DEEP_LINK, DISTRICT, WAKE, by, now, own_department
from server.documents.invitation import invitation_sheet
from server.pages import field, pdf, render, words_of

routes = Routes()


@routes.get("/console/people/invitations", audience=HOSTS)
async def listed(request: web.Request) -> web.Response:
    return await _page(request)


@routes.post("/console/people/invitations/sheet", audience=HOSTS)
async def sheet(request: web.Request) -> web.StreamResponse:
    """The codes of everybody of a department who is not bound, as a PDF to be cut up; good once each."""
    department = await _department(request)
    together = await invitation.on_a_sheet(department, _token, by=by(request), at=now(request))
    if not together.invited:
        return await _page(request, together)
    (paper,) = await asyncio.to_thread(
        invitation_sheet, together, request.config_dict[DEEP_LINK], words_of(request), request.config_dict[DISTRICT].name,
        (await departments()).get(department, department), now(request),
    )  # fmt: skip
    return pdf(paper, f"invitations-{department}")


@routes.post("/console/people/invitations/send", audience=HOSTS)
async def send(request: web.Request) -> web.Response:
    """The own link to everybody of a department who is not bound, by text message or e-mail."""
    secret, channels = request.config_dict[DISTRICT].secret, request.config_dict[CHANNELS]
    together = await invitation.by_message(
        await _department(request), _token, secret, channels, by=by(request), at=now(request)
    )  # fmt: skip
    request.config_dict[WAKE]()
    return await _page(request, together)


def _token() -> str:
    return secrets.token_urlsafe(16)


async def _department(request: web.Request) -> str:
    department = await field(request, "department", 16)
    if department not in await departments():
        raise web.HTTPNotFound
    return department


async def _page(request: web.Request, together: invitation.InvitedTogether | None = None) -> web.Response:
    at = now(request)
    own = own_department(request)
    chosen = own or request.query.get("department", "")[:16] or (together.department if together else "")
    return render(
        request, "console/invitations.html", lines=await invitations.lines(own, at), days=await invitations.days(own, at),
        together=together, chosen=chosen, unbound=await invitations.unbound(chosen, at) if chosen else (),
        names=await departments(), channels=request.config_dict[CHANNELS],
    )  # fmt: skip
