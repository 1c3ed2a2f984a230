"""排检查时间 on the phone: a leader's draft, proposed by one tap; what is agreed, fixed by one (Art. 15, 16 (2))."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from aiohttp import web

from locales.refusals import explain
from models.procedure import itinerary
from models.procedure.itinerary import Outcome
from models.queries import itinerary as rounds
from models.queries import timetable
from models.queries.itinerary import LeaderRound, RoundVisit, Stage
from models.queries.person import departments_in
from models.rules.free_times import Window
from models.rules.visit import local_day, notice_days
from server.app_keys import DISTRICT, by, now
from server.companion.act_request import Aware
from server.companion.acts import done_once
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, Line, answer, read
from server.pages import words_of

routes = FieldRoutes()
Code = Annotated[str, msgspec.Meta(max_length=64)]


class ProposedVisit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    number: Code
    begins: Aware
    ends: Aware


class VisitsProposed(ActBody):
    visits: Annotated[list[ProposedVisit], msgspec.Meta(max_length=200)]


class VisitsFixed(ActBody):
    """`begins`: by number the time that was on the screen."""

    numbers: Annotated[list[Code], msgspec.Meta(max_length=200)]
    reason: Line = ""
    begins: dict[Code, Aware] = msgspec.field(default_factory=dict)


@routes.get("/field/api/timetable", audience=COMPANION)
async def show(request: web.Request) -> web.Response:
    """The first batch in which this officer leads visits to come, or the one asked for: a draft, and what may be fixed."""
    who, at, district = by(request), now(request), request.config_dict[DISTRICT]
    batches = await rounds.batches(who.id, None)
    asked = request.query.get("batch", "")
    batch = asked if asked in batches else batches[0] if batches else ""
    led = await rounds.rounds(batch, who.id, None, at=at, district=district) if batch else ()
    if not led:
        return answer({"batch": "", "batches": batches, "visits": [], "left": [], "asked": [], "ready": []})
    mine = led[0]
    body = {"batch": batch, "batches": batches, **_standing(mine, request)}
    return answer(body | await _draft(mine, batch, request))


async def _draft(mine: LeaderRound, batch: str, request: web.Request) -> dict[str, Any]:
    at, district = now(request), request.config_dict[DISTRICT]
    planned = await timetable.plan(mine, batch, local_day(at), at, district)
    called, words = {visit.number: visit.target for visit in mine.visits}, words_of(request)
    return {
        "opens": planned.opens, "closes": planned.closes, "days": planned.days, "km": round(planned.metres / 1000),
        "visits": [
            {"number": number, "target": called[number], "begins": window.begins, "ends": window.ends,
             "told": planned.moved[number].begins if number in planned.moved else None}
            for number, window in sorted(planned.windows.items(), key=lambda pair: (pair[1], pair[0]))
        ],
        "left": [
            {"target": called[number], "why": words(
                f"web.round.left.{cause.why}", names=words.joined(cause.names),
                first=words.day(cause.days[0]) if cause.days else "", last=words.day(cause.days[-1]) if cause.days else "",
            )}
            for number, cause in planned.left.items()
        ],
    }  # fmt: skip


def _standing(mine: LeaderRound, request: web.Request) -> dict[str, Any]:
    """What the members were asked about: who is silent or cannot, and what may be fixed now."""
    at, district = now(request), request.config_dict[DISTRICT]
    short = [
        visit.number
        for visit in mine.complete
        if visit.begins and visit.notice != "withheld"
        and notice_days(district.calendar, at, visit.begins) < district.notice_days
    ]  # fmt: skip
    return {
        "asked": [_visit(visit) for visit in mine.at(Stage.ASKED) if visit not in mine.complete],
        "ready": [_visit(visit) for visit in mine.complete],
        "short": short,
        "unchecked": len(mine.unchecked),
    }


def _visit(visit: RoundVisit) -> dict[str, Any]:
    return {
        "number": visit.number, "target": visit.target, "begins": visit.begins, "ends": visit.ends,
        "silent": visit.silent, "declined": visit.declined,
    }  # fmt: skip


@routes.post("/field/api/me/propose_all", audience=COMPANION)
async def propose(request: web.Request) -> web.Response:
    """Every member is asked once about all of theirs."""
    asked, sha256 = await read(request, VisitsProposed)
    wanted = [(visit.number, Window(visit.begins, visit.ends)) for visit in asked.visits]

    async def done(key: str) -> dict[str, Any]:
        outcomes = await itinerary.propose(wanted, by=by(request), at=now(request), key=key)
        return await _outcome(request, outcomes)

    return await done_once(request, asked.key, sha256, "me/propose_all", done)


@routes.post("/field/api/me/fix_all", audience=COMPANION)
async def fix(request: web.Request) -> web.Response:
    """Fix what is agreed, and let the letters go out."""
    asked, sha256 = await read(request, VisitsFixed)

    async def done(key: str) -> dict[str, Any]:
        outcomes = await itinerary.fix(
            asked.numbers, by=by(request), at=now(request), district=request.config_dict[DISTRICT], key=key,
            reason=asked.reason, begins=asked.begins,
        )  # fmt: skip
        return await _outcome(request, outcomes)

    return await done_once(request, asked.key, sha256, "me/fix_all", done)


async def _outcome(request: web.Request, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    names = await departments_in(*(outcome.refused for outcome in outcomes if outcome.refused))
    refused = [
        {"number": outcome.number, "text": explain(outcome.refused, words_of(request), names)}
        for outcome in outcomes
        if outcome.refused
    ]
    return {"done": len(outcomes) - len(refused), "refused": refused}
