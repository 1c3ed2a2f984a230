"""What a head does about an order to rectify, by name, for `act do` (Art. 17)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from models.procedure import rectification
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line


class CaseFiled(ActBody):
    case: Annotated[str, msgspec.Meta(max_length=80)]
    day: date
    reason: Line = ""


class OrderRevoked(ActBody):
    reason: Line


async def _file(turn: ActRequest, asked: CaseFiled) -> Answer:
    await rectification.file(int(turn.number), asked.case, asked.day, asked.reason, **turn.who)
    return {}


async def _revoke(turn: ActRequest, asked: OrderRevoked) -> Answer:
    await rectification.revoke(int(turn.number), asked.reason, **turn.who)
    return {}


ORDERS: Acts = {"rectify_file": (CaseFiled, _file), "rectify_revoke": (OrderRevoked, _revoke)}
