"""一批告知: a leader's visits of a batch proposed, fixed and told together; the office looks on (Art. 15, 16 (2)).

A press may be repeated: each task is an act of its own under the form's key. What was refused is listed with
its reason, and tried again alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from aiohttp import web

from locales.refusals import explain
from models.procedure import itinerary
from models.procedure.itinerary import Outcome
from models.queries import itinerary as queries
from models.queries import timetable
from models.queries.itinerary import LeaderRound, RoundVisit, Stage
from models.queries.person import departments_in
from models.queries.timetable import RoundTimetable
from models.rules.actor import Role
from models.rules.free_times import Window
from models.rules.visit import local_day, notice_days
from server import wrong_input
from server.access import INSPECTOR, MEMBERS, Routes
from server.app_keys import DISTRICT, RANDOM, WAKE, by, now, own_department
from server.pages import back_to, field, render, words_of

MOST = 500
MINUTES = ("", "60", "90", "120")  # a visit lasts; "": as long as its checklist takes
A_DAY = ("2", "3", "4")

routes = Routes()


@routes.get("/console/notices", audience=MEMBERS)
async def show(request: web.Request) -> web.Response:
    return await _page(request, request.query.get("batch", "")[:64])


@routes.post("/console/notices/propose", audience=INSPECTOR)
async def propose(request: web.Request) -> web.StreamResponse:
    """The times that were shown go to the members: one message each."""
    batch, key = await field(request, "batch", 64), await _key(request)
    wanted = [_slot(value) for value in await _many(request, "slot")]
    outcomes = await itinerary.propose(wanted, by=by(request), at=now(request), key=key)
    return await _answer(request, batch, outcomes, "asked_all", again="")


@routes.post("/console/notices/fix", audience=INSPECTOR)
async def fix(request: web.Request) -> web.StreamResponse:
    """Fix, approve and send: everything that is agreed, in one press."""
    batch, key = await field(request, "batch", 64), await _key(request)
    shown = await _many(request, "task")
    if await field(request, "unanswered", 3) == "yes":
        shown += await _many(request, "asked")
    read = dict(_read(value) for value in shown)
    outcomes = await itinerary.fix(
        list(read), by=by(request), at=now(request), district=request.config_dict[DISTRICT], key=key,
        reason=await field(request, "reason", 500), begins={number: time for number, time in read.items() if time},
    )  # fmt: skip
    return await _answer(request, batch, outcomes, "told_all", again=key)


@routes.post("/console/notices/network", audience=INSPECTOR)
async def end_network_checks(request: web.Request) -> web.StreamResponse:
    """What would hold the letters up is done first: the network checks are ended in one press (Art. 16 (1))."""
    batch, key = await field(request, "batch", 64), await _key(request)
    outcomes = await itinerary.close_network_checks(
        await _many(request, "task"), by=by(request), at=now(request), key=key
    )
    return await _answer(request, batch, outcomes, "network_ended", again="")


@routes.post("/console/notices/renew", audience=INSPECTOR)
async def renew(request: web.Request) -> web.StreamResponse:
    """人员有变: the letters that name others than will come get a new version."""
    batch, key = await field(request, "batch", 64), await _key(request)
    outcomes = await itinerary.renew(
        await _many(request, "task"), by=by(request), at=now(request), district=request.config_dict[DISTRICT],
        key=key,
    )  # fmt: skip
    return await _answer(request, batch, outcomes, "renewed", again="")


def _read(value: str) -> tuple[str, datetime | None]:
    """A task that is to be fixed, with the time that stood beside it."""
    number, _, begins = value.partition("|")
    return number, wrong_input.moment_of("task", begins) if begins else None


async def _answer(
    request: web.Request, batch: str, outcomes: Sequence[Outcome], done: str, *, again: str
) -> web.StreamResponse:
    request.config_dict[WAKE]()
    if all(outcome.refused is None for outcome in outcomes):
        return back_to("/console/notices", done=done, batch=batch)
    return await _page(request, batch, outcomes=outcomes, again=again)


async def _page(
    request: web.Request, wanted: str, outcomes: Sequence[Outcome] = (), again: str = ""
) -> web.Response:
    leader, department = _sight(request)
    batches = await queries.batches(leader, department)
    batch = wanted if wanted in batches else batches[0] if batches else ""
    page, pages = 0, 1
    if batch and not leader:
        pages = await queries.pages(batch, department)
        page = min(wrong_input.number_of("page", request.query.get("page", "1")) or 1, pages)
    rounds = (
        await queries.rounds(
            batch, leader, department, at=now(request), district=request.config_dict[DISTRICT], page=page
        )
        if batch
        else ()
    )
    mine = rounds[0] if leader and rounds else None
    short = _short(request, mine) if mine else []
    planned = await _planned(request, batch, mine) if mine and request.query.get("plan") else None
    return render(
        request, "console/rounds.html", batches=batches, batch=batch, rounds=rounds, mine=mine, Stage=Stage,
        plan=planned, planned=_soonest(mine, planned) if mine and planned else (), short=short,
        planning=planned is not None, first=_first(request), minutes=_minutes(request), a_day=_a_day(request),
        lengths=MINUTES, counts=A_DAY, key=_fresh(request),
        failed=await _failed(request, rounds, outcomes), succeeded=sum(outcome.refused is None for outcome in outcomes),
        tried=len(outcomes), again=again, page=page, pages=pages,
    )  # fmt: skip


def _sight(request: web.Request) -> tuple[str | None, str | None]:
    """Whose rounds: an officer's own, a head's department's, the office's all."""
    actor = by(request)
    if actor.role == Role.INSPECTOR:
        return actor.id, None
    return None, own_department(request)


def _short(request: web.Request, mine: LeaderRound) -> list[RoundVisit]:
    """The visits to be fixed that leave less than the notice period: they need a reason (Art. 16 (2))."""
    district, at = request.config_dict[DISTRICT], now(request)
    return [
        visit
        for visit in (*mine.complete, *mine.unanswered)
        if visit.begins
        and visit.notice != "withheld"
        and notice_days(district.calendar, at, visit.begins) < district.notice_days
    ]


async def _planned(request: web.Request, batch: str, mine: LeaderRound) -> RoundTimetable:
    return await timetable.plan(
        mine, batch, _first(request), now(request), request.config_dict[DISTRICT],
        minutes=int(_minutes(request)) if _minutes(request) else None, a_day=int(_a_day(request)),
    )  # fmt: skip


def _soonest(mine: LeaderRound, plan: RoundTimetable) -> list[tuple[RoundVisit, Window]]:
    """The visits with the times laid out for them, the soonest first."""
    planned = [(visit, plan.windows[visit.number]) for visit in mine.visits if visit.number in plan.windows]
    return sorted(planned, key=lambda pair: (pair[1], pair[0].number))


async def _failed(
    request: web.Request, rounds: Sequence[LeaderRound], outcomes: Sequence[Outcome]
) -> list[Any]:
    """Task, target and reason of what was refused."""
    called = {visit.number: visit.target for each in rounds for visit in each.visits}
    names = await departments_in(*(outcome.refused for outcome in outcomes if outcome.refused))
    spoken = words_of(request)
    return [
        (
            outcome.number,
            called.get(outcome.number, outcome.number),
            explain(outcome.refused, spoken, names),
            outcome.refused.code,
        )
        for outcome in outcomes
        if outcome.refused is not None
    ]


def _first(request: web.Request) -> date:
    try:
        return date.fromisoformat(request.query.get("from", ""))
    except ValueError:
        return local_day(now(request))


def _minutes(request: web.Request) -> str:
    return request.query["minutes"] if request.query.get("minutes") in MINUTES else ""


def _a_day(request: web.Request) -> str:
    return request.query["a_day"] if request.query.get("a_day") in A_DAY else A_DAY[-1]


def _fresh(request: web.Request) -> str:
    return request.config_dict[RANDOM](9).hex()


async def _key(request: web.Request) -> str:
    """Each press of one form is the same act."""
    key = await field(request, "key", 18)
    if len(key) != 18 or not key.isalnum():
        raise wrong_input.broken()
    return f"round:{by(request).id}:{key}"[:64]


async def _many(request: web.Request, name: str) -> list[str]:
    given = (await request.post()).getall(name, [])
    if len(given) > MOST:
        raise wrong_input.too_many(name, MOST)
    return wrong_input.words_of_field(name, given, 160)


def _slot(value: str) -> tuple[str, Window]:
    number, _, times = value.partition("|")
    begins, _, ends = times.partition("|")
    return number, Window(wrong_input.moment_of("slot", begins), wrong_input.moment_of("slot", ends))
