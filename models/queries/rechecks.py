"""现场复查: the small visits that verify an order to rectify, what their records say, who signed them (Art. 17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import board
from models.refusal import Refusal
from models.rules import text
from models.rules.chain import instant
from models.rules.recheck import PointFinding, PointFound
from models.rules.target_number import number_of, said_beside
from models.tables import (
    Assignment,
    Department,
    Inspector,
    Photo,
    Recheck,
    RecheckSignature,
    Rectification,
    Task,
)


@dataclass(frozen=True, slots=True)
class RecheckHand:
    """Who signed, or refused to. `role`: officer or entity; `inspector`: an officer's code."""

    role: str
    inspector: str
    name: str
    position: str
    picture: str
    refused: bool
    reason: str
    witness: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecheckLine:
    """A recheck as it stands. `officers`: code and name; `settled`: the order was verified by it."""

    id: int
    number: str
    order: int
    task: str
    begins: datetime
    officers: tuple[tuple[str, str], ...]
    begun_at: datetime | None
    ended_at: datetime | None
    findings: tuple[PointFinding, ...]
    sha256: str
    hands: tuple[RecheckHand, ...]
    settled: bool

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """The officers who have not signed its record."""
        signed = {hand.inspector for hand in self.hands if hand.role == "officer"}
        return (
            tuple(officer for officer in self.officers if officer[0] not in signed) if self.ended_at else ()
        )

    @property
    def entity(self) -> RecheckHand | None:
        """The entity's signature, else its refusal."""
        own = [hand for hand in self.hands if hand.role == "entity"]
        return next((hand for hand in own if not hand.refused), own[0] if own else None)

    def of(self, officer: str) -> bool:
        return officer in {code for code, _ in self.officers}


@dataclass(frozen=True, slots=True)
class PrintableRecheck:
    """A recheck whose record is frozen. `copies`: SHA-256 of a photo to the object of its small copy."""

    line: RecheckLine
    facts: Mapping[str, Any]
    copies: Mapping[str, str]


async def of_orders(ids: Collection[int]) -> dict[int, tuple[RecheckLine, ...]]:
    """By order its rechecks, the oldest first; only the last of them can go on."""
    rows = await Recheck.filter(rectification_id__in=list(ids)).order_by("id").select_related("task")
    lines = defaultdict(list)
    for line in await _lines(rows):
        lines[line.order].append(line)
    return {order: tuple(each) for order, each in lines.items()}


async def line(recheck_id: int) -> RecheckLine:
    row = await Recheck.get_or_none(id=recheck_id).select_related("task")
    if row is None:
        raise Refusal("recheck.unknown", article="17")
    return (await _lines([row]))[0]


async def _lines(rows: Sequence[Recheck]) -> tuple[RecheckLine, ...]:
    if not rows:
        return ()
    codes = {code for row in rows for code in row.officers}
    named = {
        officer.code: text.name(officer.name) for officer in await Inspector.filter(code__in=sorted(codes))
    }
    hands = defaultdict(list)
    for signature in await RecheckSignature.filter(recheck_id__in=[row.id for row in rows]).order_by("id"):
        hands[signature.recheck_id].append(_hand(signature))
    return tuple(
        RecheckLine(
            row.id, row.number, row.rectification_id, row.task.number, row.visit_from,
            tuple((code, named.get(code, code)) for code in row.officers), row.begun_at, row.ended_at,
            tuple(PointFinding(number, PointFound(how), text.visible(note)) for number, how, note in row.findings),
            row.sha256, tuple(hands[row.id]), row.settled_at is not None,
        )
        for row in rows
    )  # fmt: skip


def _hand(row: RecheckSignature) -> RecheckHand:
    return RecheckHand(
        row.role, row.inspector, text.name(row.name), text.name(row.position), row.picture, row.refused,
        text.visible(row.reason), text.name(row.witness), row.at,
    )  # fmt: skip


async def under_way(task_id: int, officer: str) -> int | None:
    """The recheck (its id) that this officer has begun in a task and not ended."""
    rows = await Recheck.filter(task_id=task_id, begun_at__not_isnull=True, ended_at=None).order_by("-id")
    return next((row.id for row in rows if officer in row.officers), None)


async def mates(task: str, officer: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the others who serve in a task: one of them comes along."""
    seats = Assignment.filter(task__number=task, until=None).exclude(inspector_id=officer)
    rows = await seats.order_by("department", "id").select_related("inspector")
    return tuple((row.inspector_id, text.name(row.inspector.name)) for row in rows)


async def photos(row: Recheck) -> list[Photo]:
    """What its two officers photographed between its beginning and its end."""
    if row.begun_at is None:
        return []
    about = {"task_id": row.task_id, "about": "recheck", "removed_at": None, "by__in": list(row.officers)}
    if row.ended_at is not None:
        about["at__lte"] = row.ended_at
    return await Photo.filter(at__gte=row.begun_at, **about).order_by("id")


async def facts(row: Recheck, order: Rectification, task: Task) -> dict[str, Any]:
    """Everything the record says, as plain JSON."""
    await task.fetch_related("target")
    target, unit = task.target, await Department.get_or_none(code=order.department)
    seats = await Assignment.filter(
        task=task, until=None, inspector_id__in=list(row.officers)
    ).select_related("inspector")
    units = {each.code: each.unit for each in await Department.all()}
    team = {
        seat.inspector_id: [
            seat.inspector_id, text.name(seat.inspector.name), units.get(seat.department, seat.department),
            text.tail(seat.inspector.certificate or ""),
        ]
        for seat in seats
    }  # fmt: skip
    named = {point[0]: point for point in order.points}
    return {
        "number": row.number, "order": order.number, "task": task.number, "target": target.name,
        "code": number_of(target)[0], **said_beside(target), "place": target.address,
        "department": unit.unit if unit else order.department, "told_for": instant(row.visit_from),
        "begun": instant(row.begun_at) if row.begun_at else "", "begun_place": row.begun_place,
        "ended": instant(row.ended_at) if row.ended_at else "", "ended_place": row.ended_place,
        "team": [team.get(code, [code, code, "", ""]) for code in row.officers],
        "points": [[number, named[number][2], how, note] for number, how, note in row.findings],
        "photos": [
            [photo.sha256, instant(photo.at), photo.grade, [str(label) for label in photo.labels],
             text.visible(photo.caption), photo.by]
            for photo in await photos(row)
        ],
    }  # fmt: skip


async def printable(recheck_id: int) -> PrintableRecheck | None:
    """A recheck with what its paper shows; None before it has ended."""
    row = await Recheck.get_or_none(id=recheck_id).select_related("task")
    if row is None or row.facts is None:
        return None
    copies = {
        photo.sha256: "" if photo.marks and not photo.marked else photo.thumbnail
        for photo in await photos(row)
    }
    return PrintableRecheck((await _lines([row]))[0], row.facts, copies)


async def seen(recheck_id: int, *, sight: board.Sight) -> PrintableRecheck | None:
    """The same, for those who see its task (D60)."""
    row = await Recheck.get_or_none(id=recheck_id)
    visible = row is not None and await board.visible(sight).filter(id=row.task_id).exists()
    return await printable(recheck_id) if visible else None


async def ended(task: str) -> tuple[int, ...]:
    """Rechecks (their ids) of a task that have a record."""
    rows = Recheck.filter(task__number=task, ended_at__not_isnull=True).order_by("id")
    return tuple([int(str(id)) for id in await rows.values_list("id", flat=True)])
