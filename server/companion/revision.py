"""更正公示结果 on the officer's phone: what is right of the own department, with the reason (Art. 16 (3))."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from models.procedure import revision
from models.queries import publication
from models.queries.card import TaskCard
from models.states import TaskState
from server.companion.act_request import ActRequest, Acts, Answer
from server.companion.json_requests import ActBody, Line, Number, Text


class RevisionProposed(ActBody):
    """`aside`: failed points that do not count any more; `reason`: where nobody asked for the correction."""

    types: Annotated[list[Annotated[str, msgspec.Meta(pattern=r"^R\d\d$")]], msgspec.Meta(max_length=20)]
    note: Text = ""
    reason: Line = ""
    aside: Annotated[list[Number], msgspec.Meta(max_length=500)] = msgspec.field(default_factory=list)
    measures: Annotated[list[Annotated[str, msgspec.Meta(max_length=12)]], msgspec.Meta(max_length=6)] = (
        msgspec.field(default_factory=list)
    )


async def _propose(turn: ActRequest, asked: RevisionProposed) -> Answer:
    await revision.propose(
        turn.number, asked.types, asked.note, reason=asked.reason, aside=asked.aside, measures=asked.measures,
        **turn.who,
    )  # fmt: skip
    return {}


ACTS: Acts = {"revision_propose": (RevisionProposed, _propose)}


async def shown(card: TaskCard) -> dict[str, Any]:
    """What stands of a public result that this officer may correct; nothing else. `whole`: entered as one, for all."""
    if card.state != TaskState.PUBLISHED or not card.corrects:
        return {"correct": None}
    stands = await publication.correcting(card.id, card.department)
    return {
        "correct": {
            "asked": card.revising == "asked",
            "under_way": bool(card.revising),
            "reason": stands.reason,
            "returned": stands.returned,
            "types": stands.types,
            "measures": stands.measures,
            "whole": not card.departments,
        }
    }
