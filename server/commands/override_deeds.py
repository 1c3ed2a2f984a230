"""What `act do` can do for a credit code that is taken against its check digits (Art. 10)."""

from __future__ import annotations

from models.procedure import code_override
from server.commands.deed_shapes import Agreed, Reasoned
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line


class CodeProposed(ActBody):
    target: Line
    department: Line
    reason: Line


async def _propose(turn: ActRequest, asked: CodeProposed) -> Answer:
    await code_override.propose(
        turn.number, asked.target, asked.department, asked.reason, by=turn.by, at=turn.at
    )
    return {}


async def _decide(turn: ActRequest, asked: Agreed) -> Answer:
    await code_override.decide(int(turn.number), asked.agree, asked.reason, by=turn.by, at=turn.at)
    return {}


async def _drop(turn: ActRequest, asked: Reasoned) -> Answer:
    await code_override.drop(int(turn.number), asked.reason, by=turn.by, at=turn.at)
    return {}


ACTS: Acts = {
    "override": (CodeProposed, _propose),
    "override_decide": (Agreed, _decide),
    "override_drop": (Reasoned, _drop),
}
"""Their subject is a credit code, then the number of what was proposed."""
