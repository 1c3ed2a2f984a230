"""公开的年度计划 (Art. 12): whom, what, when, with whom, at which rates; the whole district's as one file."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from aiohttp import hdrs, web

from models.queries import plans
from models.queries.plans import ListedInspection
from models.queries.public_words import hiding
from models.rules.public.plan import PublicPlanChange
from server import wrong_input
from server.access import ANYONE, Routes
from server.app_keys import DISTRICT
from server.documents.layout import LaidOutDocument, rendered
from server.documents.plan_file import plan_paper, plan_workbook
from server.pages import words_of
from server.public.cacheable import cacheable, public_page
from server.public.feeds import XLSX

KEPT_PAPERS = 8

routes = Routes()
_papers: OrderedDict[str, bytes] = OrderedDict()
_printing = asyncio.Lock()


@routes.get("/plans", audience=ANYONE)
async def listed(request: web.Request) -> web.Response:
    """Every plan, or the district's plan of one year with its files."""
    year = _year(request)
    return public_page(
        request, "public/plans.html", entries=await plans.entries(year), changes=await _changes(year=year), year=year,
        years=await plans.years(),
    )  # fmt: skip


@routes.get("/plans.xlsx", audience=ANYONE)
async def as_workbook(request: web.Request) -> web.Response:
    """The district's plan of a year; every cell is text."""
    year, entries, changes, _ = await _district_plan(request)
    data = await asyncio.to_thread(plan_workbook, entries, changes, words_of(request))
    return cacheable(request, data, XLSX, _attached(f"plan-{year}.xlsx"))


@routes.get("/plans.pdf", audience=ANYONE)
async def as_paper(request: web.Request) -> web.Response:
    """The same as a paper; equal plans are printed once."""
    year, entries, changes, at = await _district_plan(request)
    district = request.config_dict[DISTRICT].name
    paper = plan_paper(year, entries, changes, words_of(request), district, at)
    return cacheable(request, await _printed(paper), "application/pdf", _attached(f"plan-{year}.pdf"))


@routes.get("/plans/{code}", audience=ANYONE)
async def entry(request: web.Request) -> web.Response:
    """An entry; of one that was withdrawn what it was, when and why it went."""
    code = request.match_info["code"]
    planned, changes = await plans.entry(code), await _changes(code)
    if planned is None and not changes:
        raise web.HTTPNotFound
    if planned is None:
        return public_page(request, "public/plan_withdrawn.html", changes=changes)
    hidden = await hiding()
    amended = tuple((at, hidden(reason)) for at, reason in planned.amendments)
    return public_page(
        request, "public/plan.html", entry=replace(planned, amendments=amended), changes=changes
    )


async def _changes(entry: str = "", year: int | None = None) -> tuple[PublicPlanChange, ...]:
    """With nobody's name in the reasons."""
    hidden = await hiding()
    return tuple(
        replace(line, reason=hidden(line.reason)) for line in await plans.changes(entry=entry, year=year)
    )


async def _district_plan(
    request: web.Request,
) -> tuple[int, tuple[ListedInspection, ...], tuple[PublicPlanChange, ...], datetime]:
    year = _year(request)
    at = await plans.as_of(year) if year else None
    if year is None or at is None:
        raise web.HTTPNotFound
    return year, await plans.entries(year), await _changes(year=year), at


async def _printed(paper: LaidOutDocument) -> bytes:
    """One is printed at a time, and each of the newest few once."""
    key = sha256(paper.data).hexdigest()
    async with _printing:
        if key not in _papers:
            (_papers[key],) = await asyncio.to_thread(rendered, paper)
        _papers.move_to_end(key)
        while len(_papers) > KEPT_PAPERS:
            _papers.popitem(last=False)
        return _papers[key]


def _attached(name: str) -> dict[str, str]:
    return {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'}


def _year(request: web.Request) -> int | None:
    written = request.query.get("year", "")
    return wrong_input.year_of(written) if written else None
