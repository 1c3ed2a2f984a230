"""当面送达 from the phone: who received the letter at the door, or that nobody was there (Art. 16 (2))."""

from __future__ import annotations

from typing import Literal

from models.procedure import hand_delivery
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line


class HandDeliveryTried(ActBody):
    outcome: Literal["told", "no_answer"]
    who: Line = ""
    said: Line = ""


async def _handed(turn: ActRequest, asked: HandDeliveryTried) -> Answer:
    await hand_delivery.handed(
        turn.number, "personal", asked.outcome, who=asked.who, text=asked.said, **turn.who
    )
    return {}


ACTS: Acts = {"handed": (HandDeliveryTried, _handed)}
