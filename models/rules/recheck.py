"""现场复查: what officers find on site of the points of an order, and what that comes to (Art. 17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from models.refusal import Refusal
from models.rules.rectification import RectificationOutcome
from models.rules.text import visible

LONGEST_NOTE = 400
TAKES = timedelta(hours=1)  # of an officer's day: no other visit meets it
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


def findings(left: Sequence[int], given: Sequence[PointFinding]) -> tuple[PointFinding, ...]:
    """What was said of each point that is `left`, in the order's order; a point not put right needs a note."""
    by_number = {finding.number: finding for finding in given}
    if unknown := set(by_number) - set(left):
        raise Refusal("rectification.no_point", article="17", numbers=sorted(unknown))
    if silent := [number for number in left if number not in by_number]:
        raise Refusal("recheck.points_open", article="17", numbers=silent)
    noted = [
        replace(by_number[number], note=visible(by_number[number].note).strip()[:LONGEST_NOTE])
        for number in left
    ]
    if bare := [point.number for point in noted if point.found != PointFound.RECTIFIED and not point.note]:
        raise Refusal("recheck.no_note", article="17", numbers=bare)
    return tuple(noted)


def outcome(record: Sequence[PointFinding], left: Collection[int]) -> RecheckOutcome:
    """What the findings come to for the points that are still `left` when the record is signed."""
    standing = [finding for finding in record if finding.number in left]
    done = tuple(finding.number for finding in standing if finding.found == PointFound.RECTIFIED)
    wrong = [finding for finding in standing if finding.found != PointFound.RECTIFIED]
    reason = "；".join(f"{finding.number}. {finding.note}" for finding in wrong)
    if set(done) == set(left):
        return RecheckOutcome(RectificationOutcome.VERIFIED, done, reason)
    partly = RectificationOutcome.PARTLY if done else RectificationOutcome.NOT_DONE
    return RecheckOutcome(partly, done, reason)
