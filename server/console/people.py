"""邀请与绑定: who is bound, a link good once with its code to scan, ending a binding (Art. 7, 10)."""

from __future__ import annotations

import secrets

from aiohttp import web

from models.procedure import enrolment
from models.queries import enrolments
from models.queries.person import AccountHolder
from models.rules.actor import Role
from server import wrong_input
from server.access import HOSTS, OFFICE, Routes
from server.app_keys import CHANNELS, DEEP_LINK, DISTRICT, WAKE, by, now, own_department
from server.console.export import exported, moment
from server.console.qr import svg
from server.pages import back_to, field, render, words_of

routes = Routes()


@routes.get("/console/people", audience=HOSTS)
async def people(request: web.Request) -> web.Response:
    """The office sees everybody, a head the own department's officers and liaison."""
    channels = request.config_dict[CHANNELS]
    asked = enrolments.read_filter(request.query)
    result = await enrolments.enrolments(
        asked,
        department=own_department(request),
        at=now(request),
        channels=channels,
    )
    return render(request, "console/people.html", roll=result, asked=asked)


@routes.get("/console/people.csv", audience=HOSTS)
@routes.get("/console/people.xlsx", audience=HOSTS)
@routes.get("/console/people.pdf", audience=HOSTS)
async def roll_file(request: web.Request) -> web.Response:
    """The roll as its address filters it, all pages together; no telephone number."""
    wrong_input.asked_once(request)
    words, asked = words_of(request), enrolments.read_filter(request.query)
    channels = request.config_dict[CHANNELS]
    lines = await enrolments.every_enrolment(
        asked, department=own_department(request), at=now(request), channels=channels
    )
    head = [
        words(f"web.{name}")
        for name in ("people.name", "people.detail", "department", "people.state", "people.since")
    ]
    rows = [
        (line.name, line.detail, line.department, words(f"web.people.{line.state}"), moment(line.bound_at or line.invited_until))
        for line in lines
    ]  # fmt: skip
    return await exported(request, "people", head, rows)


@routes.post("/console/people/invite", audience=HOSTS)
async def invite(request: web.Request) -> web.Response:
    """Make a link that binds one person's chat. It is shown this once; only its hash is kept."""
    account = await _account(request)
    token = secrets.token_urlsafe(16)
    await enrolment.invite(account.id, token, by=by(request), at=now(request))
    link = request.config_dict[DEEP_LINK](token)
    return render(
        request,
        "console/invited.html",
        name=account.name,
        role=account.role,
        link=link,
        code=svg(link),
        hours=24,
    )


@routes.post("/console/people/link", audience=OFFICE)
async def sign_in_link(request: web.Request) -> web.Response:
    """A link for signing in here, for somebody who has no Telegram: good once, for ten minutes.

    Whoever opens it acts for that person: it needs a reason, and the log names who made it beside each act.
    """
    account = await _account(request)
    token, reason = secrets.token_urlsafe(16), await field(request, "reason", 200)
    await enrolment.invite(account.id, token, by=by(request), at=now(request), purpose="login", reason=reason)
    request.config_dict[WAKE]()
    link = request.config_dict[DISTRICT].link(f"/login/{token}")
    return render(
        request,
        "console/invited.html",
        name=account.name,
        role=account.role,
        link=link,
        code=svg(link),
        hours=0,
    )


@routes.post("/console/people/number", audience=HOSTS)
async def set_number(request: web.Request) -> web.StreamResponse:
    """The telephone number of a head or liaison, which a chat must prove. A chat bound by another number ends."""
    account = await _account(request)
    number, email = await field(request, "number", 40), await field(request, "email", 200)
    if number:
        await enrolment.set_number(account.id, number, by=by(request), at=now(request))
    if email:
        await enrolment.set_email(account.id, email, by=by(request), at=now(request))
    return back_to("/console/people", done="kept", kind=account.role)


@routes.post("/console/people/end", audience=HOSTS)
async def end(request: web.Request) -> web.StreamResponse:
    """End a binding and every session of the account: a lost phone, a person who left (D31)."""
    account = await _account(request)
    await enrolment.unbind(account.id, by=by(request), at=now(request))
    return back_to("/console/people", done="unbound", kind=account.role)


async def _account(request: web.Request) -> AccountHolder:
    """The account a form names, made on first use; a head reaches the own department's officers and liaison only."""
    role, of, actor = await field(request, "role", 12), await field(request, "of", 64), by(request)
    if actor.role == Role.HEAD and (
        role not in enrolments.FOR_HEADS or (role == Role.LIAISON and of != actor.department)
    ):
        raise web.HTTPNotFound
    if role == Role.INSPECTOR:
        account = await enrolment.account_of_inspector(of, now(request))
    elif role == Role.ENTITY:
        account = await enrolment.account_of_target(of, now(request))
    elif role == Role.HEAD:
        account = await enrolment.account_of_head(of, now(request))
    elif role == Role.LIAISON:
        account = await enrolment.account_of_liaison(of, now(request))
    else:
        raise wrong_input.choice("role", role)
    if actor.role == Role.HEAD and account.department != actor.department:
        raise web.HTTPNotFound
    return account
