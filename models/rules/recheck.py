"""现场复查: what officers find on site of the points of an order, and what that comes to (Art. 17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.refusal import Refusal
from models.rules.rectification import RectificationOutcome
from models.rules.text import visible

LONGEST_NOTE = 400
AHEAD = 60  # days from today: beyond it a date is a slip of the pen
HOURS = (9, 10, 14, 15)  # that a chat offers on the next working day


class PointFound(StrEnum):
    """How far a point was found put right."""

    RECTIFIED = "rectified"
    PARTLY = "partly"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class PointFinding:
    """What was found of one point. `number`: on the task's sheet."""

    number: int
    found: PointFound
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecheckOutcome:
    """As a verification takes it. `done`: the points put right; `reason`: what the entity reads of the others."""

    outcome: RectificationOutcome
    done: tuple[int, ...]
    reason: str


def findings(left: Sequence[int], said: Sequence[PointFinding]) -> tuple[PointFinding, ...]:
    """What was said of each point that is `left`, in the order's order; a point not put right needs a note."""
    by_number = {one.number: one for one in said}
    if unknown := set(by_number) - set(left):
        raise Refusal("rectification.no_point", article="17", numbers=sorted(unknown))
    if silent := [number for number in left if number not in by_number]:
        raise Refusal("recheck.points_open", article="17", numbers=silent)
    found = [by_number[number] for number in left]
    noted = [PointFinding(one.number, one.found, visible(one.note).strip()[:LONGEST_NOTE]) for one in found]
    if bare := [one.number for one in noted if one.found != PointFound.RECTIFIED and not one.note]:
        raise Refusal("recheck.no_note", article="17", numbers=bare)
    return tuple(noted)


def outcome(found: Sequence[PointFinding], left: Collection[int]) -> RecheckOutcome:
    """What the findings come to for the points that are still `left` when the record is signed."""
    standing = [one for one in found if one.number in left]
    done = tuple(one.number for one in standing if one.found == PointFound.RECTIFIED)
    reason = "；".join(f"{one.number}. {one.note}" for one in standing if one.found != PointFound.RECTIFIED)
    if set(done) == set(left):
        return RecheckOutcome(RectificationOutcome.VERIFIED, done, reason)
    partly = RectificationOutcome.PARTLY if done else RectificationOutcome.NOT_DONE
    return RecheckOutcome(partly, done, reason)
