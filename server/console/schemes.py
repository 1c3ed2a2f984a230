"""实施方案 at a desk: drafted from a published plan's entry, its figures, the heads' signatures, amendments (Art. 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from aiohttp import web

from locales.refusals import explain
from models.procedure import scheme_draft
from models.queries import plans, scheme_drafts
from models.queries.person import departments, departments_in
from models.queries.scheme_drafts import DraftOfScheme, SchemeChoices
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.scheme import ARTICLE
from models.rules.scheme_draft import BatchForm, SchemeForm
from models.rules.scheme_figures import SchemeFigures
from server import wrong_input
from server.access import HEAD, KEEPERS, PLANNERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.console.scheme_labels import labelled
from server.pages import back_to, field, render, words_of

NUMBER = "{id:[0-9]{1,9}}"
AT_ONCE = 24
"""Batches of one form; a scheme of more comes as a file."""

routes = Routes()


@routes.get("/console/schemes", audience=PLANNERS)
async def listed(request: web.Request) -> web.Response:
    """Drafts that the reader may see; for who drafts, the entries that wait for a scheme and the schemes in force."""
    who = by(request)
    drafting = who.role in (Role.OFFICE, Role.LIAISON)
    own = await scheme_drafts.entries(who) if drafting else ()
    planned = {entry.code: entry for entry in await plans.entries()} if drafting else {}
    return render(
        request, "console/schemes.html", drafts=await scheme_drafts.drafts(who), drafting=drafting,
        entries=[planned[entry.code] for entry in own if entry.code in planned],
    )  # fmt: skip


@routes.get(f"/console/schemes/drafts/{NUMBER}", audience=PLANNERS)
async def show(request: web.Request) -> web.Response:
    draft = await _draft(request)
    return render(
        request, "console/scheme_draft.html", draft=draft, names=await departments(), drafts_it=_drafts_it(request, draft),
        figures=await _figures(request, draft) if draft.open else None,
    )  # fmt: skip


@routes.get("/console/schemes/new", audience=KEEPERS)
async def new(request: web.Request) -> web.Response:
    """A new scheme of `entry`, or the amendment of the scheme `amend`."""
    if amended := request.query.get("amend", ""):
        standing = await scheme_drafts.of_scheme(amended)
        if standing is None:
            raise web.HTTPNotFound
        return await _form(request, standing, amends=True)
    entry = request.query.get("entry", "")
    choices = await _choices(request, entry)
    code, first = await scheme_drafts.next_codes(entry)
    return await _form(request, SchemeForm(code, entry, [_empty(choices, first)]))


@routes.get(f"/console/schemes/drafts/{NUMBER}/edit", audience=KEEPERS)
async def edit(request: web.Request) -> web.Response:
    draft = await _draft(request)
    return await _form(request, draft.form, draft.reason, amends=draft.amends)


@routes.post("/console/schemes/drafts", audience=KEEPERS)
async def put(request: web.Request) -> web.StreamResponse:
    """Keep it, count first what it comes to, or add a batch to the form; what is refused stays in the form."""
    entry, act = await field(request, "entry", 64), await field(request, "act", 8)
    choices = await _choices(request, entry)
    code, reason = await field(request, "code", 64), await field(request, "reason", 500)
    standing = await scheme_drafts.of_scheme(code)
    forms = {batch.code: batch for batch in standing.batches} if standing else {}
    given = {name: str(value) for name, value in (await request.post()).items() if isinstance(value, str)}
    batches, malformed = _batches(choices, forms, given)
    form = SchemeForm(code, entry, batches)
    try:
        if malformed:
            raise malformed
        if act == "more":
            more = [*form.batches, _empty(choices, f"{entry}-{len(form.batches) + 1}")]
            return await _form(request, SchemeForm(code, entry, more), reason, amends=bool(standing))
        if any(NO_DAY in (batch.opens, batch.closes) for batch in form.batches):
            raise Refusal("plan.no_days", ARTICLE)
        if act == "count":
            district = request.config_dict[DISTRICT]
            figures = await scheme_draft.counted(
                form, district.calendar, by=by(request), most=district.visits_a_year
            )
            return await _form(request, form, reason, figures=figures, amends=bool(standing))
        draft = await scheme_draft.put(
            form, reason, by=by(request), at=now(request), most=request.config_dict[DISTRICT].visits_a_year
        )
    except Refusal as no:
        spoken = words_of(request)
        refused = explain(labelled(no, choices, spoken), spoken, await departments_in(no))
        return await _form(request, form, reason, refused=refused, amends=bool(standing))
    return back_to(f"/console/schemes/drafts/{draft.id}", done="kept")


@routes.post(f"/console/schemes/drafts/{NUMBER}/ask", audience=KEEPERS)
async def ask(request: web.Request) -> web.StreamResponse:
    draft = await scheme_draft.ask((await _draft(request)).id, by=by(request), at=now(request))
    return _done(request, draft)


@routes.post(f"/console/schemes/drafts/{NUMBER}/sign", audience=HEAD)
async def sign(request: web.Request) -> web.StreamResponse:
    act = await field(request, "act", 8)
    if act not in ("agree", "object"):
        raise wrong_input.choice("act", act)
    draft = await scheme_draft.sign(
        (await _draft(request)).id, act == "agree", await field(request, "reason", 500), by=by(request), at=now(request),
        most=request.config_dict[DISTRICT].visits_a_year,
    )  # fmt: skip
    return _done(request, draft)


@routes.post(f"/console/schemes/drafts/{NUMBER}/drop", audience=KEEPERS)
async def drop(request: web.Request) -> web.StreamResponse:
    draft = await scheme_draft.drop(
        (await _draft(request)).id, await field(request, "reason", 500), by=by(request), at=now(request)
    )
    return _done(request, draft)


def _done(request: web.Request, draft: DraftOfScheme) -> web.StreamResponse:
    request.config_dict[WAKE]()
    return back_to(f"/console/schemes/drafts/{draft.id}", done="kept")


async def _figures(request: web.Request, draft: DraftOfScheme) -> SchemeFigures | None:
    district = request.config_dict[DISTRICT]
    return await scheme_drafts.figures(draft, district.calendar, most=district.visits_a_year)


async def _draft(request: web.Request) -> DraftOfScheme:
    draft = await scheme_drafts.draft(int(request.match_info["id"]))
    if draft is None or not scheme_drafts.may_see(draft, by(request)):
        raise web.HTTPNotFound
    return draft


def _drafts_it(request: web.Request, draft: DraftOfScheme) -> bool:
    who = by(request)
    return who.role == Role.OFFICE or (who.role == Role.LIAISON and who.department == draft.initiating)


async def _choices(request: web.Request, entry: str) -> SchemeChoices:
    """What may be filled in for an entry of the reader's own department, or any for the office."""
    choices, who = await scheme_drafts.choices(entry), by(request)
    if choices is None or (who.role != Role.OFFICE and who.department != choices.initiating):
        raise web.HTTPNotFound
    return choices


def _empty(choices: SchemeChoices, code: str) -> BatchForm:
    """A batch to begin with: the whole district, the entry's days, two officers of each department."""
    crew = {code: 2 for code, _ in choices.departments}
    witnesses = [f"witness:{department}" for department in list(crew)[:2]]
    return BatchForm(code, choices.opens, choices.closes, {}, {}, crew, witnesses)


def _batches(
    choices: SchemeChoices, forms: Mapping[str, BatchForm], given: Mapping[str, str]
) -> tuple[list[BatchForm], Refusal | None]:
    """The batches of the form; one without a number is left out, one that is committed stays as it was. With them the
    first count that is none; everything else stays in the form."""
    count = given.get("batches", "")
    numbers = range(min(int(count), AT_ONCE) if count.isascii() and count.isdigit() else 0)
    batches, wrong = list[BatchForm](), list[Refusal]()
    for n in numbers:
        if (fixed := given.get(f"fixed_{n}", "")) in forms:
            batches.append(forms[fixed])
            continue
        if given.get(f"gone_{n}") or not given.get(f"code_{n}", "").strip():
            continue
        at = f"batches[{len(batches) + 1}]"
        outside = [part.strip() for part in given.get(f"outside_{n}", "").split(";") if part.strip()]
        witnesses = [f"witness:{code}" for code, _ in choices.departments if given.get(f"witness_{n}_{code}")]
        batches.append(
            BatchForm(
                given[f"code_{n}"], _day(given.get(f"opens_{n}", "")), _day(given.get(f"closes_{n}", "")),
                _counts(given, wrong, f"{at}.strata", {name: f"strata_{n}_{name}" for name in choices.classes}),
                _counts(given, wrong, f"{at}.teams", {area: f"teams_{n}_{row}" for row, (area, _) in enumerate(choices.areas)}),
                _counts(given, wrong, f"{at}.crew", {code: f"crew_{n}_{code}" for code, _ in choices.departments}),
                [*witnesses, *outside], given.get(f"ceremony_{n}", ""),
            )
        )  # fmt: skip
    return batches, next(iter(wrong), None)


def _counts(
    given: Mapping[str, str], wrong: list[Refusal], at: str, fields: Mapping[str, str]
) -> dict[str, int]:
    """Whole numbers by name; an empty field, or 0, is nothing. What is none goes to `wrong`. `at`: their place."""
    counts = {}
    for name, key in fields.items():
        written = given.get(key, "").strip()
        if not written:
            continue
        if not (written.isascii() and written.isdigit() and len(written) < 7):
            wrong.append(Refusal("paper.count", ARTICLE, key=f"{at}.{name}", value=written[:20], least=0))
            continue
        counts[name] = int(written)
    return {name: count for name, count in counts.items() if count}


NO_DAY = date(1, 1, 1)
"""What stands in the form for a day that cannot be read."""


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return NO_DAY


async def _form(
    request: web.Request,
    form: SchemeForm,
    reason: str = "",
    *,
    figures: SchemeFigures | None = None,
    refused: str = "",
    amends: bool = False,
) -> web.Response:
    return render(
        request, "console/scheme_form.html", form=form, reason=reason, figures=figures, refused=refused, no_day=NO_DAY,
        choices=await _choices(request, form.entry), names=await departments(), amends=amends,
        fixed=await scheme_drafts.fixed(form.code), status=409 if refused else 200,
    )  # fmt: skip
