"""计划草案 at a desk: the liaison drafts, heads consent and hand in, the office publishes (Art. 12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from aiohttp import web

from locales.refusals import explain
from models.procedure import plan_draft
from models.queries import plan_drafts
from models.queries.person import departments, departments_in
from models.queries.plan_drafts import Draft, DraftedEntry, EntryCount
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.plan import ARTICLE, CLASSES
from models.rules.plan_draft import EntryForm
from models.rules.visit import local_day
from server import wrong_input
from server.access import HEAD, LIAISON, OFFICE, PLANNERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import back_to, field, render, words_of

BEFORE_THE_YEAR = timedelta(days=61)  # from November on the next year's plan is drafted
NUMBER = "{id:[0-9]{1,9}}"
AMENDERS = (Role.LIAISON, Role.HEAD)

routes = Routes()


@routes.get("/console/drafts", audience=PLANNERS)
async def listed(request: web.Request) -> web.Response:
    """Who has handed in, who is late, who is silent; the drafts that the reader may see."""
    year, who = _year(request), by(request)
    lines = await plan_drafts.standings(year, local_day(now(request)))
    return render(
        request, "console/plan_drafts.html", year=year, drafts=await plan_drafts.drafts(who, year),
        lines=[line for line in lines if who.role == Role.OFFICE or line.department == who.department],
        amendable=who.role in AMENDERS and await plan_drafts.amendable(year, who.department),
    )  # fmt: skip


@routes.get(f"/console/drafts/{NUMBER}", audience=PLANNERS)
async def show(request: web.Request) -> web.Response:
    draft = await _found(request)
    own = by(request).role in AMENDERS and by(request).department == draft.department
    return render(
        request, "console/plan_draft.html", draft=draft,
        amendable=own and bool(draft.published) and await plan_drafts.amendable(draft.year, draft.department),
    )  # fmt: skip


@routes.post("/console/drafts/amend", audience=PLANNERS)
async def amend(request: web.Request) -> web.StreamResponse:
    """From the published plan to its amendment, in one press."""
    draft = await plan_draft.amend(
        wrong_input.year_of(await field(request, "year", 4)), by=by(request), at=now(request)
    )
    return back_to(f"/console/drafts/{draft.id}", done="kept")


@routes.get("/console/drafts/new", audience=LIAISON)
async def new(request: web.Request) -> web.Response:
    return await _form(request, _year(request), None)


@routes.get(f"/console/drafts/entries/{NUMBER}", audience=LIAISON)
async def edit(request: web.Request) -> web.Response:
    entry = await _entry(request)
    return await _form(request, entry.year, entry.form)


@routes.post("/console/drafts/entries", audience=LIAISON)
async def put(request: web.Request) -> web.StreamResponse:
    """Keep the entry, or count first what it comes to; what is refused stays in the form."""
    year, act = wrong_input.year_of(await field(request, "year", 4)), await field(request, "act", 8)
    given = await request.post()
    lists = {
        name: [str(value) for value in given.getall(name, [])]
        for name in ("items", "participating", "methods", "areas")
    }
    written = {name: await field(request, name, 200) for name in ("code", "title", "opens", "closes")}
    industries = (await field(request, "industries", 4000)).replace("，", ",").replace("、", ",").split(",")
    rates = {name: await field(request, f"rate_{name}", 8) for name in CLASSES}
    shown = EntryForm(
        written["code"], written["title"], lists["items"], lists["participating"], _day(written["opens"]),
        _day(written["closes"]), lists["methods"], [f"{name}={share}" for name, share in rates.items() if share],
        [industry.strip() for industry in industries if industry.strip()], lists["areas"],
    )  # fmt: skip
    if act == "live":
        return await _live(request, year, shown)
    try:
        if NO_DAY in (shown.opens, shown.closes):
            raise Refusal("plan.no_days", ARTICLE)
        if act == "count":
            most = request.config_dict[DISTRICT].visits_a_year
            count = await plan_draft.counted(year, shown, by=by(request), most=most)
            return await _form(request, year, shown, count=count)
        draft = await plan_draft.put(year, shown, by=by(request), at=now(request))
    except Refusal as no:
        text = explain(no, words_of(request), await departments_in(no))
        return await _form(request, year, shown, refused=text)
    return back_to(f"/console/drafts/{draft.id}", done="kept")


@routes.post(f"/console/drafts/entries/{NUMBER}/remove", audience=LIAISON)
async def remove(request: web.Request) -> web.StreamResponse:
    draft = await plan_draft.remove((await _entry(request)).id, by=by(request), at=now(request))
    return back_to(f"/console/drafts/{draft.id}", done="kept")


@routes.post(f"/console/drafts/{NUMBER}/ask", audience=LIAISON)
async def ask(request: web.Request) -> web.StreamResponse:
    draft = await plan_draft.ask((await _found(request)).id, by=by(request), at=now(request))
    return _done(request, draft.id)


@routes.post(f"/console/drafts/entries/{NUMBER}/consent", audience=HEAD)
async def consent(request: web.Request) -> web.StreamResponse:
    act = await field(request, "act", 8)
    if act not in ("agree", "object"):
        raise wrong_input.choice("act", act)
    entry = await plan_draft.consent(
        (await _entry(request)).id,
        act == "agree",
        await field(request, "reason", 500),
        by=by(request),
        at=now(request),
    )
    return _done(request, entry.draft)


@routes.post(f"/console/drafts/{NUMBER}/hand-in", audience=HEAD)
async def hand_in(request: web.Request) -> web.StreamResponse:
    draft = await plan_draft.hand_in(
        (await _found(request)).id, await field(request, "reason", 500), by=by(request), at=now(request)
    )
    return _done(request, draft.id)


@routes.post(f"/console/drafts/{NUMBER}/send-back", audience=OFFICE)
async def send_back(request: web.Request) -> web.StreamResponse:
    draft = await plan_draft.send_back(
        (await _found(request)).id, await field(request, "reason", 500), by=by(request), at=now(request)
    )
    return _done(request, draft.id)


@routes.post(f"/console/drafts/{NUMBER}/publish", audience=OFFICE)
async def publish(request: web.Request) -> web.StreamResponse:
    draft = await plan_draft.publish((await _found(request)).id, by=by(request), at=now(request))
    return _done(request, draft.id)


def _done(request: web.Request, draft: int) -> web.StreamResponse:
    request.config_dict[WAKE]()
    return back_to(f"/console/drafts/{draft}", done="kept")


async def _found(request: web.Request) -> Draft:
    draft = await plan_drafts.draft(int(request.match_info["id"]))
    if draft is None or not plan_drafts.may_see(draft, by(request)):
        raise web.HTTPNotFound
    return draft


async def _entry(request: web.Request) -> DraftedEntry:
    """The entry, where the reader drafts it or is asked about it."""
    entry, who = await plan_drafts.entry(int(request.match_info["id"])), by(request)
    asked = {answer.department for answer in entry.participating} if entry else set()
    if entry is None or who.department not in ({entry.department} if who.role == Role.LIAISON else asked):
        raise web.HTTPNotFound
    return entry


async def _live(request: web.Request, year: int, form: EntryForm) -> web.Response:
    """What the filter comes to while the form is being filled in: whatever else it lacks is not asked for yet."""
    others = [code for code in await departments() if code != by(request).department]
    scope = replace(
        form, code=f"{year}-0", title="0", participating=others[:1], opens=date(year, 1, 1), closes=date(year, 12, 31),
        methods=["ON_SITE"], rates=form.rates or ["A=0"],
    )  # fmt: skip
    most, count, waits = request.config_dict[DISTRICT].visits_a_year, None, ""
    try:
        count = await plan_draft.counted(year, scope, by=by(request), most=most)
    except Refusal as no:
        waits = explain(no, words_of(request), await departments_in(no))
    return render(request, "console/plan_count.html", count=count, waits=waits)


async def _form(
    request: web.Request,
    year: int,
    form: EntryForm | None,
    count: EntryCount | None = None,
    refused: str = "",
) -> web.Response:
    shares = dict(rate.split("=", 1) for rate in form.rates) if form else {}
    return render(
        request, "console/plan_entry.html", year=year, form=form, count=count, refused=refused, waits="", no_day=NO_DAY,
        shares={name: shares.get(name, "") for name in CLASSES},
        choices=await plan_drafts.choices(by(request).department), status=409 if refused else 200,
    )  # fmt: skip


def _year(request: web.Request) -> int:
    asked = request.query.get("year", "")
    return wrong_input.year_of(asked) if asked else (local_day(now(request)) + BEFORE_THE_YEAR).year


NO_DAY = date(1, 1, 1)
"""What stands in the form for a day that cannot be read."""


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return NO_DAY
