"""检查方式 on the phone: what was seen online with its screenshot, samples, entrusted agencies (Art. 10, 16)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import hdrs, web

from models import store
from models.imaging import examine
from models.procedure import entrustment, inspection, sample
from models.queries import companion
from models.queries.card import TaskCard
from models.rules.actor import Actor
from server.app_keys import by
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import COMPANION, ActBody, FieldRoutes, Line, Number, Row, Text

Short = Annotated[str, msgspec.Meta(max_length=80)]
Called = Annotated[str, msgspec.Meta(max_length=200)]

routes = FieldRoutes()


class Seen(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A row of the network check's ledger that comes with its screenshot."""

    verdict: Literal["pass", "fail", "open"]
    finding: Text
    source: Called
    reason: Line = ""
    link: Line = ""


class Taken(ActBody):
    question: Number
    name: Called
    quantity: Short
    seal: Short
    agency: Called
    witness: Annotated[str, msgspec.Meta(max_length=32)]
    lot: Short = ""


class Reported(ActBody):
    sample: Row
    outcome: Literal["pass", "fail"]
    finding: Text
    report: Short


class Entrusted(ActBody):
    agency: Called
    letter: Short
    scope: Line
    people: Annotated[
        list[Annotated[list[Short], msgspec.Meta(min_length=2, max_length=2)]],
        msgspec.Meta(min_length=1, max_length=12),
    ]
    credit_code: Annotated[str, msgspec.Meta(max_length=18)] = ""


class Ended(ActBody):
    entrustment: Row


async def seen(
    number: str, question: int, result: Seen, screenshot: str, *, by: Actor, at: datetime, key: str
) -> Answer:
    """What the network check found, together with the picture of it that has just come in."""
    await inspection.find_online(
        number, question, result.verdict, result.finding, result.source, reason=result.reason, link=result.link,
        screenshot=screenshot, by=by, at=at, key=key,
    )  # fmt: skip
    return {"question": question}


async def _sample(turn: ActRequest, asked: Taken) -> Answer:
    number = await sample.take(
        turn.number, asked.question, asked.name, asked.quantity, asked.seal, asked.agency, lot=asked.lot,
        witness=asked.witness, **turn.who,
    )  # fmt: skip
    return {"sample": number}


async def _report(turn: ActRequest, asked: Reported) -> Answer:
    await sample.report(asked.sample, asked.outcome, asked.finding, asked.report, **turn.who)
    return {}


async def _entrust(turn: ActRequest, asked: Entrusted) -> Answer:
    entrusted = await entrustment.entrust(
        turn.number, asked.agency, asked.letter, asked.scope, [(name, title) for name, title in asked.people],
        credit_code=asked.credit_code, **turn.who,
    )  # fmt: skip
    return {"entrustment": entrusted}


async def _end(turn: ActRequest, asked: Ended) -> Answer:
    await entrustment.end(asked.entrustment, **turn.who)
    return {}


ACTS: Acts = {
    "sample": (Taken, _sample),
    "sample_report": (Reported, _report),
    "entrust": (Entrusted, _entrust),
    "entrust_end": (Ended, _end),
}


async def shown(card: TaskCard) -> dict[str, Any]:
    """The ways to choose from, and what others find out for the team. Questions by their number on the sheet."""
    numbers = {ask.id: ask.number for ask in card.sheet.asks}
    return {
        "methods": card.methods,
        "samples": [
            {
                "id": line.id, "question": numbers.get(line.question or 0), "name": line.name, "quantity": line.quantity,
                "lot": line.lot, "seal": line.seal, "agency": line.agency, "by": line.by, "witness": line.witness,
                "at": line.at, "outcome": line.outcome, "finding": line.finding, "report": line.report_number,
                "reported_at": line.reported_at,
            }
            for line in card.samples
        ],
        "agencies": [
            {
                "id": agency.id, "agency": agency.agency, "letter": agency.letter, "scope": agency.scope, "people": agency.people,
                "ended_at": agency.ended_at,
            }
            for agency in card.agencies
        ],
    }  # fmt: skip


@routes.get("/field/api/findings/{id:[0-9]{1,9}}/screenshot", audience=COMPANION)
async def screenshot(request: web.Request) -> web.Response:
    """What was seen online, as it was kept: for an <img>, or as an attachment, sandboxed (D38)."""
    name = await companion.screenshot_for(int(request.match_info["id"]), by(request).id)
    return await attached(name)


async def attached(name: str) -> web.Response:
    data = await store.objects.get(name)
    return web.Response(
        body=data,
        content_type=examine(data).mime,
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name[:16]}"',
            hdrs.CACHE_CONTROL: "private, max-age=86400, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
