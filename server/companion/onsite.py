"""What an officer does at the door with the phone: 亮码, 到场, 不予配合, 无法联系, 改日再查 (Art. 16 (2), 18)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Any

import msgspec

from models.district import District
from models.procedure import absence, arrival, cooperation, reopening, suspension
from models.queries import arrival as arrivals
from models.queries import contact as contacts
from models.queries import onsite
from models.queries.card import TaskCard
from models.rules import arrival as rules
from models.rules import contact
from models.rules.photo import Point
from models.states import TaskState
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line, Text
from server.companion.shared import Read, fresh

Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Metres = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Id = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class Located(ActBody):
    latitude: Latitude
    longitude: Longitude
    accuracy: Metres | None = None


class ByHand(ActBody):
    reason: Line


class Refused(ActBody):
    grounds: Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=5)]], msgspec.Meta(max_length=5)]
    facts: Text


class NobodyMet(ActBody):
    facts: Text


class Confirmed(ActBody):
    report: Id


class Suspended(ActBody):
    reason: Line


class Reopened(ActBody):
    department: Annotated[str, msgspec.Meta(max_length=16)]
    reason: Line


async def _located(turn: ActRequest, asked: Located) -> Answer:
    place = Point(asked.latitude, asked.longitude)
    arrived = await arrival.located(
        turn.number, place, asked.accuracy, by=turn.by, at=turn.at, said_at=asked.said_at
    )
    return {"distance": arrived.distance}


async def _by_hand(turn: ActRequest, asked: ByHand) -> Answer:
    await arrival.by_hand(turn.number, asked.reason, by=turn.by, at=turn.at, said_at=asked.said_at)
    return {}


async def _refusal(turn: ActRequest, asked: Refused) -> Answer:
    return {"report": await cooperation.report(turn.number, asked.grounds, asked.facts, **turn.who)}


async def _confirm_refusal(turn: ActRequest, asked: Confirmed) -> Answer:
    await cooperation.confirm(asked.report, by=turn.by, at=turn.at)
    return {}


async def _absence(turn: ActRequest, asked: NobodyMet) -> Answer:
    return {"report": await absence.report(turn.number, asked.facts, **turn.who)}


async def _confirm_absence(turn: ActRequest, asked: Confirmed) -> Answer:
    await absence.confirm(asked.report, by=turn.by, at=turn.at)
    return {}


async def _suspend(turn: ActRequest, asked: Suspended) -> Answer:
    await suspension.suspend(turn.number, asked.reason, **turn.who)
    return {}


async def _reopen(turn: ActRequest, asked: Reopened) -> Answer:
    await reopening.reopen(turn.number, asked.department, asked.reason, **turn.who)
    return {}


ACTS: Acts = {
    "arrive_located": (Located, _located),
    "arrive_by_hand": (ByHand, _by_hand),
    "refusal": (Refused, _refusal),
    "confirm_refusal": (Confirmed, _confirm_refusal),
    "absence": (NobodyMet, _absence),
    "confirm_absence": (Confirmed, _confirm_absence),
    "suspend": (Suspended, _suspend),
    "reopen": (Reopened, _reopen),
}


async def shown(card: TaskCard, at: datetime, district: District, read: Read = fresh) -> dict[str, Any]:
    """The key of the day's codes, who has come, and what is reported and not yet settled."""
    seat = card.seats[card.me.id]
    day = rules.key_day(card.state, card.visit_from, at)
    key = arrivals.CodeKey(seat, day, rules.day_key(district.secret, seat, day)) if day else None
    on_site: onsite.OnSite = await read("on_site", card.id, lambda: onsite.on_site(card.id))
    return {
        "code": key
        and {
            "assignment": key.assignment,
            "day": key.day,
            "key": urlsafe_b64encode(key.key).decode().rstrip("="),
            "link": district.link("/a/"),
        },
        "arrivals": on_site.arrivals,
        "here": await read("here", card.id, lambda: arrivals.here(card.id, at)),
        "refusal": on_site.refusal and _report(on_site.refusal),
        "absence": on_site.absence and _report(on_site.absence),
        "missed_at": on_site.absences[-1].at if on_site.absences else None,
        "tried": card.state == TaskState.UNREACHABLE and contact.enough(await contacts.tries(card.id)),
        "breaks": on_site.breaks,
        "established": await read("established", card.id, lambda: onsite.established(card.id)),
    }


def _report(report: onsite.NonCooperationReport | onsite.UnreachableReport) -> dict[str, Any]:
    return {
        "id": report.id,
        "by": report.by,
        "name": report.name,
        "at": report.at,
        "facts": report.facts,
        "photos": len(report.photos),
        "confirmed": report.confirmed_name,
        "grounds": getattr(report, "grounds", ()),
    }
