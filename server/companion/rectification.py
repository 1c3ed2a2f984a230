"""责令限期改正 on the officer's phone: ordered, verified, extended; what the entity handed in (Art. 17)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from models.procedure import rectification
from models.queries import rectification as queries
from models.queries.card import TaskCard
from models.queries.rectification import OrderLine, OrderStep
from models.rules.rectification import RectificationOutcome
from models.states import RECEIPT_DUE
from server.companion import recheck
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line, Number, Row, Text
from server.companion.shared import Read, fresh

Points = Annotated[list[Number], msgspec.Meta(max_length=500)]


class Ordered(ActBody):
    """Without points all that are not ordered yet, unless they were `chosen`; without a basis the points' own articles."""

    due: date
    chosen: bool = False
    points: Points = msgspec.field(default_factory=list)
    demand: Text = ""
    basis: Text = ""


class RectificationVerified(ActBody):
    order: Row
    outcome: Literal["verified", "partly", "not_done"]
    reason: Line = ""
    done: Points = msgspec.field(default_factory=list)


class RectificationExtended(ActBody):
    order: Row
    until: date
    reason: Line


async def _order(turn: ActRequest, asked: Ordered) -> Answer:
    points = asked.points if asked.points or asked.chosen else None
    order = await rectification.issue(
        turn.number, asked.due, points, asked.demand, asked.basis, district=turn.district, **turn.who
    )
    return {"order": order.number, "due": order.due.isoformat()}


async def _verify(turn: ActRequest, asked: RectificationVerified) -> Answer:
    outcome = RectificationOutcome(asked.outcome)
    order = await rectification.decide(asked.order, outcome, asked.reason, asked.done, **turn.who)
    return {"state": order.state.value}


async def _extend(turn: ActRequest, asked: RectificationExtended) -> Answer:
    order = await rectification.extend(
        asked.order, asked.until, asked.reason, district=turn.district, **turn.who
    )
    return {"due": order.due.isoformat()}


ACTS: Acts = {
    "rectify": (Ordered, _order),
    "verify": (RectificationVerified, _verify),
    "rectify_extend": (RectificationExtended, _extend),
}


async def shown(card: TaskCard, read: Read = fresh) -> dict[str, Any]:
    """The orders, and what this officer may order; a task before its review has neither."""
    if card.state not in RECEIPT_DUE:
        return {"orders": [], "orderable": []}
    orders = await read("orders", card.id, lambda: queries.of_task(card.number))
    proposal = await queries.proposal(card.number, card.me.id)
    return {
        "orders": [_order_json(card, order) for order in orders],
        "orderable": [{"n": point.number, "text": point.text} for point in proposal.points]
        if proposal
        else [],
    }


def _order_json(card: TaskCard, order: OrderLine) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "department": order.called,
        "state": order.state,
        "due": order.due,
        "mine": order.department == card.department,
        "open": order.open,
        "provable": order.provable,
        "points": [
            {"n": point.number, "text": point.text, "done": point.number in order.done}
            for point in order.points
        ],
        "steps": [_step_json(step) for step in order.steps],
        "rechecks": [recheck.shown(card, line, on=line == order.recheck) for line in order.rechecks],
    }


def _step_json(step: OrderStep) -> dict[str, Any]:
    papers = [
        {"id": paper.id, "name": paper.name, "format": paper.format, "size": paper.size}
        for paper in step.papers
    ]
    return {"kind": step.kind, "text": step.text, "at": step.at, "until": step.until, "papers": papers}
