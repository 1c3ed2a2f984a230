"""The first page after signing in: what waits for this person, and where the batches stand."""

from __future__ import annotations

from aiohttp import web

from models.procedure import clock_watch, enrolment, naming
from models.procedure import left_out as settling
from models.queries import (
    approvals,
    board,
    calendar_feed,
    ceremony,
    code_overrides,
    credit,
    digest,
    enrolments,
    left_out,
    notification,
    officers,
    onsite,
    person,
    plan_drafts,
    plan_merges,
    publication,
    reassignments,
    rectification,
    register_enquiry,
    retention,
    scheme_drafts,
    sessions,
    set_aside,
    substitution,
    task_page,
    unreachable,
    visit_joins,
)
from models.queries import entity as entities
from models.queries.sessions import Credentials
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.register_enquiry import FACTS
from models.rules.visit import local_day
from server import wrong_input
from server.access import OFFICE, STAFF, Routes, cookie_name
from server.app_keys import CHANNELS, DISTRICT, PASSAGE, VISITOR, by, now
from server.console.login import guessers
from server.pages import back_to, field, render
from server.passwords import PASSWORDS

routes = Routes()


@routes.get("/console/", audience=STAFF)
async def desk(request: web.Request) -> web.Response:
    if by(request).role == Role.LIAISON:
        called = await person.departments()
        return render(
            request, "console/desk_liaison.html", department=called.get(by(request).department, ""),
            missing_years=_missing_years(request),
            enquiries=await register_enquiry.waiting([by(request).department], local_day(now(request))),
        )  # fmt: skip
    actor, channels = by(request), request.config_dict[CHANNELS]
    sight = board.sight_of(actor)
    place = request.config_dict[DISTRICT]
    counts, urgent = await board.overview(sight, at=now(request), calendar=place.calendar, terms=place.terms)
    head = actor.role == Role.HEAD
    return render(
        request, "console/desk.html", recusals=await entities.recusals(actor.department) if head else (),
        objections=await entities.objections(actor.department) if head else (),
        consents=await plan_drafts.to_consent(actor.department) if head else (),
        to_sign=await plan_drafts.to_hand_in(actor.department) if head else (),
        joins=await visit_joins.to_accept(actor.department) if head else (),
        reassigning=await reassignments.to_accept(actor.department) if head else (),
        merges=await plan_merges.to_accept(actor.department) if head else (),
        schemes=await scheme_drafts.to_sign(actor.department) if head else (),
        revisions=await publication.to_decide(actor.department) if head else (),
        lapsed=await rectification.lapsed(actor.department) if head else (), today=local_day(now(request)),
        to_tell=await _to_tell(actor), untold=await left_out.untold() if actor.role == Role.OFFICE else (),
        ratings=None if actor.role == Role.INSPECTOR else await entities.ratings(sight),
        staffing=await substitution.troubled(sight, now(request)),
        counts=counts, urgent=urgent, overrides=await code_overrides.to_decide(actor),
        set_aside=len(await set_aside.set_aside(actor)),
        kept_over=await retention.count_over(sight.department, local_day(now(request))) if actor.role != Role.INSPECTOR else 0,
        repairs=len(await credit.to_decide(sight.department)) if actor.role != Role.INSPECTOR else 0,
        unbound=await enrolments.count_unbound(sight.department, channels),
        undelivered=await digest.failed_digests() if actor.role == Role.OFFICE else (),
        clock=await clock_watch.doubt(now(request)) if _asks_of_clock(actor, request) else None,
        unreachable=await unreachable.unreachable(channels) if actor.role == Role.OFFICE else None,
        leaving=await task_page.decisions(actor.department) if head else (),
        withholdings=await task_page.withholdings(actor.department) if head else (),
        refusals=await onsite.undecided([actor.department]) if head else (),
        approvals=await approvals.approvals(actor.department) if head else (),
        enquiry=await register_enquiry.standing(actor.id) if actor.role == Role.INSPECTOR else None, facts=FACTS,
        enquiries=await _without_liaison(request) if actor.role == Role.OFFICE else (),
        batches=await ceremony.batches(), missing_years=_missing_years(request),
    )  # fmt: skip


def _missing_years(request: web.Request) -> list[int]:
    """From 1 November on next year's list is asked for, until it is there (Art. 16 (3))."""
    return request.config_dict[DISTRICT].calendar.missing_years(local_day(now(request)))


async def _without_liaison(request: web.Request) -> tuple[register_enquiry.DisputedRow, ...]:
    """What officers answered of the register where no liaison hears it: the office keeps it (Art. 10)."""
    departments = await register_enquiry.without_liaison()
    return await register_enquiry.waiting(departments, local_day(now(request)))


def _asks_of_clock(actor: Actor, request: web.Request) -> bool:
    """A rehearsal's clock is moved on purpose."""
    return actor.role == Role.OFFICE and not request.config_dict[DISTRICT].practice


async def _to_tell(actor: Actor) -> tuple[notification.NotificationStep, ...]:
    """What a person has still to tell an entity: the leader of the task, or the office."""
    if actor.role == Role.INSPECTOR:
        return await notification.to_tell(actor.id)
    return await notification.by_hand(board.ALL) if actor.role == Role.OFFICE else ()


@routes.post("/console/untold", audience=OFFICE)
async def settle(request: web.Request) -> web.StreamResponse:
    """The office has told somebody who was left out, and writes down how."""
    until = wrong_input.number_of("until", await field(request, "until", 12))
    whose, of, text = [
        await field(request, name, size) for name, size in (("whose", 12), ("of", 64), ("said", 500))
    ]
    await settling.told_otherwise(whose, of, until, text, by=by(request), at=now(request))
    return back_to("/console/", done="settled")


@routes.get("/console", audience=STAFF)
async def desk_without_slash(request: web.Request) -> web.Response:
    return back_to("/console/")


@routes.get("/console/me", audience=STAFF)
async def me(request: web.Request) -> web.Response:
    credentials = await sessions.credentials(request[VISITOR].account)
    return render(
        request, "console/me.html", login=credentials.login, ask_old=_ask_old(request, credentials),
        through=request[VISITOR].actor.through, named=_named(request, credentials),
        feed=(await calendar_feed.given_out([request[VISITOR].account])).get(request[VISITOR].account),
    )  # fmt: skip


@routes.post("/console/me", audience=STAFF)
async def keep_me(request: web.Request) -> web.StreamResponse:
    """The own language, the own name and password for signing in; every other session of the person ends."""
    account = request[VISITOR].account
    if language := await field(request, "language", 2):
        await enrolment.speak([account], "en" if language == "en" else "zh_Hans", at=now(request))
        return back_to("/console/me", done="kept", lang="en" if language == "en" else "zh")
    if called := await field(request, "person", naming.LONGEST):
        await naming.call(request[VISITOR].account, called, by=by(request), at=now(request))
        return back_to("/console/me", done="kept")
    login, form = await field(request, "login", 80), await request.post()
    if not login:
        raise wrong_input.lacking("login")
    async with request.config_dict[PASSWORDS].turn(request[PASSAGE].address):
        credentials = await sessions.credentials(account)
        await _old_password(request, credentials, str(form.get("old", "")))
        about = (login, credentials.holder.name, request.config_dict[DISTRICT].name)
        stored = await request.config_dict[PASSWORDS].hashed(str(form.get("password", "")), about)
    session = request.cookies.get(cookie_name(request), "")
    await enrolment.set_password(account, login, stored, by=by(request), at=now(request), session=session)
    return back_to("/console/me", done="kept")


def _named(request: web.Request, credentials: Credentials) -> bool:
    """Whether this person's acts bear a person's name, and not a login or a department's code."""
    actor = request[VISITOR].actor
    return officers.named(actor.name, credentials.login, actor.department)


def _ask_old(request: web.Request, credentials: Credentials) -> bool:
    """Whoever came by a link good once proved to be the person just now, and may have forgotten the password."""
    return bool(credentials.password) and not request[VISITOR].by_link


async def _old_password(request: web.Request, credentials: Credentials, password: str) -> None:
    if not _ask_old(request, credentials):
        return
    tried_by = guessers(credentials.login, request[PASSAGE].address)
    for guesser in tried_by:
        await enrolment.refuse_if_locked(guesser, at=now(request))
    if not await request.config_dict[PASSWORDS].fits(credentials.password, password):
        for guesser in tried_by:
            await enrolment.record_failure(guesser, at=now(request))
        raise Refusal("enrolment.old_password", article="7")
