"""合并上门 on the phone: a leader proposes, accepts, objects, takes apart; said without reception it waits (Art. 15)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from aiohttp import web

from models.procedure import visit_join
from models.queries import visit_joins
from models.queries.visit_joins import JoinableVisit, JoinProposal
from models.rules.actor import Actor
from server.app_keys import by, now
from server.companion.acts import done_once
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, Line, answer, read
from server.companion.onsite import Id

routes = FieldRoutes()
Code = Annotated[str, msgspec.Meta(max_length=64)]


class JoinProposed(ActBody):
    number: Code
    other: Code


class JoinAnswered(ActBody):
    join: Id
    agree: bool
    reason: Line = ""


class JoinParted(ActBody):
    join: Id
    reason: Line


@routes.get("/field/api/joins", audience=COMPANION)
async def listed(request: web.Request) -> web.Response:
    """The proposals that concern this officer, and the visits that could go through one door."""
    who = by(request)
    joinable = await visit_joins.joinable(who.id, now(request))
    return answer({
        "joins": [_proposal(proposal, who) for proposal in await visit_joins.of_person(who)],
        "joinable": [_joinable(visit) for visit in joinable],
    })  # fmt: skip


def _proposal(proposal: JoinProposal, who: Actor) -> dict[str, Any]:
    return {
        "id": proposal.id, "numbers": proposal.numbers, "target": proposal.target, "opens": proposal.opens,
        "closes": proposal.closes, "joined": proposal.joined is not None, "to_come": proposal.to_come,
        "asks": proposal.asks(who),
        "parties": [
            {"name": party.name, "agreed": party.agreed, "reason": party.reason} for party in proposal.parties
        ],
    }  # fmt: skip


def _joinable(visit: JoinableVisit) -> dict[str, Any]:
    return {
        "number": visit.number, "other": visit.other, "target": visit.target, "opens": visit.opens, "closes": visit.closes,
    }  # fmt: skip


@routes.post("/field/api/me/join", audience=COMPANION)
async def propose(request: web.Request) -> web.Response:
    """201 with a receipt, like every act."""
    asked, sha256 = await read(request, JoinProposed)

    async def done(key: str) -> dict[str, Any]:
        row = await visit_join.propose(asked.number, asked.other, by=by(request), at=now(request), key=key)
        return {"join": row.id}

    return await done_once(request, asked.key, sha256, "me/join", done)


@routes.post("/field/api/me/join_answer", audience=COMPANION)
async def reply(request: web.Request) -> web.Response:
    asked, sha256 = await read(request, JoinAnswered)

    async def done(key: str) -> dict[str, Any]:
        row = await visit_join.answer(
            asked.join, asked.agree, asked.reason, by=by(request), at=now(request), key=key
        )
        return {"joined": row.joined is not None}

    return await done_once(request, asked.key, sha256, "me/join_answer", done)


@routes.post("/field/api/me/join_part", audience=COMPANION)
async def part(request: web.Request) -> web.Response:
    asked, sha256 = await read(request, JoinParted)

    async def done(key: str) -> dict[str, Any]:
        await visit_join.part(asked.join, asked.reason, by=by(request), at=now(request), key=key)
        return {}

    return await done_once(request, asked.key, sha256, "me/join_part", done)
