"""现场复查 on the officer's phone: the day set, begun, ended point by point, signed or refused (Art. 17)."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec

from models.procedure import recheck
from models.queries.card import TaskCard
from models.queries.rechecks import RecheckHand, RecheckLine
from models.rules.recheck import PointFinding, PointFound
from server.companion.act_request import ActRequest, Acts, Answer, Aware
from server.companion.json_requests import ActBody, Line, Number, Row, Sha256
from server.companion.onsite import Latitude, Longitude, Metres
from server.companion.records import Glass, kept, picture_of

Code = Annotated[str, msgspec.Meta(max_length=32)]
Name = Annotated[str, msgspec.Meta(max_length=80)]


class RecheckSet(ActBody):
    order: Row
    begins: Aware
    second: Code


class RecheckBegun(ActBody):
    """Where the phone is, if it says."""

    recheck: Row
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy: Metres | None = None


class FoundPoint(msgspec.Struct, forbid_unknown_fields=True):
    n: Number
    found: Literal["rectified", "partly", "not_done"]
    note: Line = ""


class RecheckEnded(RecheckBegun):
    findings: Annotated[list[FoundPoint], msgspec.Meta(max_length=500)] = msgspec.field(default_factory=list)


class RecheckSigned(ActBody):
    """`officer`: whose hand it is; empty for the entity, by name."""

    recheck: Row
    sha256: Sha256
    officer: Code = ""
    picture: Glass = ""
    name: Name = ""
    position: Name = ""


class RecheckRefused(ActBody):
    recheck: Row
    sha256: Sha256
    reason: Line
    witness: Name


async def _set(turn: ActRequest, asked: RecheckSet) -> Answer:
    line = await recheck.announce(asked.order, asked.begins, asked.second, **turn.who)
    return {"recheck": line.id}


def _place(asked: RecheckBegun) -> tuple[float, float, float] | None:
    if asked.latitude is None or asked.longitude is None:
        return None
    return asked.latitude, asked.longitude, asked.accuracy or 0.0


async def _begin(turn: ActRequest, asked: RecheckBegun) -> Answer:
    await recheck.begin(asked.recheck, _place(asked), **turn.who)
    return {}


async def _end(turn: ActRequest, asked: RecheckEnded) -> Answer:
    findings = [PointFinding(point.n, PointFound(point.found), point.note) for point in asked.findings]
    line = await recheck.conclude(asked.recheck, findings, _place(asked), **turn.who)
    return {"sha256_of_record": line.sha256}


async def _sign(turn: ActRequest, asked: RecheckSigned) -> Answer:
    glass = picture_of(asked.picture) if asked.picture else b""
    await recheck.sign(
        asked.recheck, asked.sha256, asked.officer, picture=sha256(glass).hexdigest() if glass else "", name=asked.name,
        position=asked.position, **turn.who,
    )  # fmt: skip
    if glass:
        await kept(glass)
    return {}


async def _refuse(turn: ActRequest, asked: RecheckRefused) -> Answer:
    await recheck.refuse_to_sign(asked.recheck, asked.sha256, asked.reason, asked.witness, **turn.who)
    return {}


ACTS: Acts = {
    "recheck_set": (RecheckSet, _set),
    "recheck_begin": (RecheckBegun, _begin),
    "recheck_end": (RecheckEnded, _end),
    "recheck_sign": (RecheckSigned, _sign),
    "recheck_refuse": (RecheckRefused, _refuse),
}


def shown(card: TaskCard, line: RecheckLine, on: bool) -> dict[str, Any]:
    """A recheck for an officer of the team; `on`: it can go on; `mine`: one of its two officers reads it."""
    return {
        "id": line.id,
        "number": line.number,
        "begins": line.begins,
        "officers": [{"id": code, "name": name} for code, name in line.officers],
        "begun_at": line.begun_at,
        "ended_at": line.ended_at,
        "on": on,
        "mine": line.of(card.me.id),
        "settled": line.settled,
        "sha256": line.sha256,
        "findings": [
            {"n": point.number, "found": point.found, "note": point.note} for point in line.findings
        ],
        "hands": [_hand(hand) for hand in line.hands],
        "missing": [{"id": code, "name": name} for code, name in line.missing],
    }


def _hand(hand: RecheckHand) -> dict[str, Any]:
    return {"role": hand.role, "name": hand.name, "position": hand.position, "refused": hand.refused}
