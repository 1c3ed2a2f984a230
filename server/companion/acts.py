"""Every act of an inspector or leader, sent by a phone: the same acts as in the chat, once each (Art. 14-16)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from aiohttp import web

from models.operations import idempotency
from models.operations.idempotency import IdempotencyKey
from models.procedure import (
    delivery_attempt,
    department_result,
    inspection,
    later_act,
    notice,
    online,
    postponement,
    publication,
    schedule,
    team,
)
from models.queries import pending_decisions as asking
from models.queries.question import FROM_THE_APP
from models.refusal import Refusal
from server.app_keys import DISTRICT, WAKE, by, now
from server.companion import entity, hand_delivery, methods, onsite, recheck, records, rectification, revision
from server.companion.act_request import ActRequest, Acts, Answer, Aware, Plain, WithReason
from server.companion.json_requests import (
    COMPANION,
    ActBody,
    Count,
    FieldRoutes,
    Line,
    Number,
    Text,
    answer,
    read,
)

routes = FieldRoutes()


class AskOut(ActBody):
    reason: Literal["post", "conflict", "recusal", "other"]
    note: Line = ""


class Found(ActBody):
    question: Number
    verdict: Literal["pass", "fail", "open"]
    finding: Text
    source: Annotated[str, msgspec.Meta(max_length=200)]
    reason: Line = ""
    link: Line = ""


class TimeProposed(ActBody):
    begins: Aware
    ends: Aware


class TimeReplied(ActBody):
    can: bool
    begins: Aware | None = None


class Withheld(ActBody):
    basis: Line


class Begun(ActBody):
    present: Annotated[list[Annotated[str, msgspec.Meta(max_length=32)]], msgspec.Meta(max_length=60)]
    reason: Line = ""
    untold: Line = ""


class Answered(ActBody):
    question: Number
    seen: Count
    verdict: Literal["pass", "fail", "na"] | None = None
    value: Text | None = None
    note: Text | None = None
    method: Literal["", "document", "sample", "entrusted"] | None = None


class Entered(ActBody):
    types: Annotated[list[Annotated[str, msgspec.Meta(pattern=r"^R\d\d$")]], msgspec.Meta(max_length=20)]
    note: Text = ""
    measures: Annotated[list[Annotated[str, msgspec.Meta(max_length=12)]], msgspec.Meta(max_length=6)] = (
        msgspec.field(default_factory=list)
    )


class Received(ActBody):
    """The provincial platform's receipt; without a day it is of today."""

    receipt: Line
    day: date | None = None


class Called(ActBody):
    reached: bool
    said: Text
    spoke_with: Annotated[str, msgspec.Meta(max_length=80)] = ""


class EndedOnline(ActBody):
    result: Annotated[str, msgspec.Meta(pattern=r"^(R\d\d)?$")] = ""
    source: Annotated[str, msgspec.Meta(max_length=200)] = ""
    finding: Text = ""
    link: Line = ""


class WishDecided(ActBody):
    wish: Number
    granted: bool


async def _accept(turn: ActRequest, asked: Plain) -> Answer:
    await team.accept(turn.number, **turn.who)
    return {}


async def _ask_out(turn: ActRequest, asked: AskOut) -> Answer:
    asked_out = await team.ask_out(turn.number, asked.reason, asked.note, **turn.who)
    stored = await asking.asked_out(asked_out.id)
    return {
        "substitution": stored.id,
        "tasks": list(stored.tasks),
        "reason": stored.reason,
        "note": stored.note,
    }


async def _find(turn: ActRequest, asked: Found) -> Answer:
    await inspection.find_online(
        turn.number,
        asked.question,
        asked.verdict,
        asked.finding,
        asked.source,
        reason=asked.reason,
        link=asked.link,
        **turn.who,
    )
    return {}


async def _close_network(turn: ActRequest, asked: Plain) -> Answer:
    await inspection.close_network_check(turn.number, **turn.who)
    return {}


async def _end_online(turn: ActRequest, asked: EndedOnline) -> Answer:
    await online.end(
        turn.number, district=turn.district, result=asked.result, source=asked.source, finding=asked.finding,
        link=asked.link, **turn.who,
    )  # fmt: skip
    return {}


async def _propose(turn: ActRequest, asked: TimeProposed) -> Answer:
    await schedule.propose(turn.number, asked.begins, asked.ends, **turn.who)
    return {}


async def _reply(turn: ActRequest, asked: TimeReplied) -> Answer:
    await schedule.reply(turn.number, asked.can, begins=asked.begins, **turn.who)
    return {}


async def _fix(turn: ActRequest, asked: WithReason) -> Answer:
    await schedule.fix(turn.number, district=turn.district, reason=asked.reason, **turn.who)
    return {}


async def _withhold(turn: ActRequest, asked: Withheld) -> Answer:
    await notice.ask_to_withhold(turn.number, asked.basis, **turn.who)
    return {}


async def _telephoned(turn: ActRequest, asked: Called) -> Answer:
    await delivery_attempt.telephoned(
        turn.number, asked.reached, asked.said, spoke_with=asked.spoke_with, **turn.who
    )
    return {}


async def _postponement(turn: ActRequest, asked: WishDecided) -> Answer:
    await postponement.decide(asked.wish, asked.granted, **turn.who)
    return {}


async def _begin(turn: ActRequest, asked: Begun) -> Answer:
    await inspection.begin(turn.number, asked.present, reason=asked.reason, untold=asked.untold, **turn.who)
    return {}


async def _answer(turn: ActRequest, asked: Answered) -> Answer:
    card = await inspection.answer(
        turn.number, asked.question, verdict=asked.verdict, value=asked.value, note=asked.note, seen=asked.seen,
        method=asked.method, source=f"{FROM_THE_APP}{asked.said_at}", **turn.who,
    )  # fmt: skip
    given = card.sheet.given.get(asked.question)
    return {"version": given.version, "conflict": given.conflict} if given else {}


async def _undo(turn: ActRequest, asked: Plain) -> Answer:
    await inspection.undo(turn.number, **turn.who)
    return {}


async def _finalise(turn: ActRequest, asked: Plain) -> Answer:
    await inspection.finalise(turn.number, **turn.who)
    return {}


async def _conclude(turn: ActRequest, asked: Plain) -> Answer:
    await inspection.conclude(turn.number, district=turn.district, **turn.who)
    return {}


async def _enter(turn: ActRequest, asked: Entered) -> Answer:
    entered = await department_result.enter(
        turn.number, asked.types, asked.note, measures=asked.measures, **turn.who
    )
    return {"version": entered.version, "result": entered.result, "waiting": list(entered.waiting)}


async def _confirm(turn: ActRequest, asked: Plain) -> Answer:
    return {"result": (await department_result.confirm(turn.number, **turn.who)).result}


async def _receipt(turn: ActRequest, asked: Received) -> Answer:
    await publication.record(turn.number, asked.receipt, asked.day, **turn.who)
    return {}


OWN: Acts = {
    "accept": (Plain, _accept),
    "ask_out": (AskOut, _ask_out),
    "find": (Found, _find),
    "close_network": (Plain, _close_network),
    "end_online": (EndedOnline, _end_online),
    "propose": (TimeProposed, _propose),
    "reply": (TimeReplied, _reply),
    "fix": (WithReason, _fix),
    "withhold": (Withheld, _withhold),
    "telephoned": (Called, _telephoned),
    "postponement": (WishDecided, _postponement),
    "begin": (Begun, _begin),
    "answer": (Answered, _answer),
    "undo": (Plain, _undo),
    "finalise": (Plain, _finalise),
    "conclude": (Plain, _conclude),
    "enter": (Entered, _enter),
    "confirm": (Plain, _confirm),
    "receipt": (Received, _receipt),
}
PLAIN = {"answer"}
ACTS: Acts = (
    OWN
    | records.ACTS
    | methods.ACTS
    | onsite.ACTS
    | entity.ACTS
    | hand_delivery.ACTS
    | rectification.ACTS
    | recheck.ACTS
    | revision.ACTS
)


@routes.post("/field/api/tasks/{number}/{act:" + "|".join(ACTS) + "}", audience=COMPANION)
async def act(request: web.Request) -> web.Response:
    """One act: 201 with a receipt; sent again with the same bytes, the same receipt; with others, 409."""
    shape, deed = ACTS[request.match_info["act"]]
    asked, sha256 = await read(request, shape)
    who, at, number = by(request), now(request), request.match_info["number"]
    what = f"{number}/{request.match_info['act']}"

    plain = request.match_info["act"] in PLAIN

    async def done(key: str) -> Answer:
        turn = ActRequest(number, who, at, key, request.config_dict[DISTRICT])
        as_of = None if plain else asked.as_of
        return await later_act.on_state(
            number, as_of, lambda: deed(turn, asked), by=who, own=idempotency.of_person(who)
        )

    return await done_once(request, asked.key, sha256, what, done, task=number, plain=plain)


async def done_once(
    request: web.Request, key: str, sha256: str, what: str, done: idempotency.Deed, *, task: str = "", plain: bool = False
) -> web.Response:  # fmt: skip
    """Do it under its key: 201 with a receipt, the same for the same bytes, 409 for others."""
    try:
        receipt = await idempotency.run_once(
            key, sha256, what, done, task=task, by=by(request), at=now(request), plain=plain
        )
    except Refusal as no:
        return other_bytes(no)
    if receipt.made:
        request.config_dict[WAKE]()
    return receipted(receipt)


def receipted(key: IdempotencyKey) -> web.Response:
    """A receipt: the key and the hash of what was received prove that we and no other answered (R8)."""
    return answer({"key": key.key, "sha256": key.sha256, "at": key.at, **key.answer}, status=201)


def other_bytes(no: Refusal) -> web.Response:
    """409 with both hashes, so that the phone keeps both (D49). Any other refusal goes on its way."""
    if no.code != "companion.other_bytes":
        raise no
    hashes = {name: no.params[name] for name in ("kept", "given")}
    return answer({"error": {"status": 409, "code": no.code, **hashes}}, status=409)
