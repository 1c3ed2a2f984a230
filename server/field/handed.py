"""当面送达 from the phone: who received the letter at the door, or that nobody was there (Art. 16 (2))."""

from __future__ import annotations

from typing import Literal

from models.procedure import handover
from server.field.door import Asked, Line
from server.field.turn import Acts, Answer, Turn


class Brought(Asked):
    outcome: Literal["told", "no_answer"]
    who: Line = ""
    said: Line = ""


async def _handed(turn: Turn, asked: Brought) -> Answer:
    await handover.handed(turn.number, "personal", asked.outcome, who=asked.who, said=asked.said, **turn.who)
    return {}


ACTS: Acts = {"handed": (Brought, _handed)}
