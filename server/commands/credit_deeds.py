"""What `act do` can do for the credit record and the term of keeping (Art. 19, 20)."""

from __future__ import annotations

from datetime import date

from models.procedure import credit, retention
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Count, Text


class CreditEntered(ActBody):
    until: date


class TermSet(ActBody):
    years: Count
    basis: Text


class RepairDecided(ActBody):
    agree: bool
    said: Text


async def _enter(turn: ActRequest, asked: CreditEntered) -> Answer:
    await credit.enter(turn.number, asked.until, district=turn.district, **turn.who)
    return {}


async def _decide(turn: ActRequest, asked: RepairDecided) -> Answer:
    await credit.decide(int(turn.number), asked.agree, asked.said, **turn.who)
    return {}


async def _keep(turn: ActRequest, asked: TermSet) -> Answer:
    await retention.set_term(asked.years, asked.basis, **turn.who)
    return {}


ACTS: Acts = {
    "retention_set": (TermSet, _keep),
    "credit_enter": (CreditEntered, _enter),
    "credit_decide": (RepairDecided, _decide),
}
"""Their subject is a task, the number of an application for repair; for `retention_set` the department."""
