"""责令限期改正: what may be ordered, the orders of a task with all that befell them, an order's paper (Art. 17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.district import District
from models.queries.letter import comers
from models.queries.plans import names
from models.queries.publication import withdrawn
from models.queries.rechecks import RecheckLine, of_orders
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, text
from models.rules.checklist import Ask
from models.rules.public.rectification import OrderFact
from models.rules.rectification import RectificationPoint
from models.rules.target_number import number_of, said_beside
from models.rules.visit import local_day
from models.states import FOLLOWED_UP_IN, ORDER_OPEN, ORDER_PROVED_IN, ORDER_STANDS, RectificationState
from models.tables import (
    Assignment,
    Department,
    Paper,
    Rectification,
    RectificationStep,
    Revision,
    Task,
)

R = RectificationState


@dataclass(frozen=True, slots=True)
class FailedPoints:
    """What a department found wanting: its questions, what was written beside each, those that an order names already."""

    asks: tuple[Ask, ...]
    findings: Mapping[int, str]
    ordered: frozenset[int]

    @property
    def free(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.number not in self.ordered)


@dataclass(frozen=True, slots=True)
class ProofPaper:
    id: int
    name: str
    format: str
    size: int


@dataclass(frozen=True, slots=True)
class OrderStep:
    """What befell an order; `until`: the term that it set."""

    kind: str
    text: str
    points: tuple[int, ...]
    until: date | None
    case: str
    case_day: date | None
    at: datetime
    papers: tuple[ProofPaper, ...]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as it stands. `done`: numbers of the points verified so far."""

    id: int
    number: str
    task: str
    task_id: int
    target: str
    department: str
    called: str  # the department by name
    state: RectificationState
    points: tuple[RectificationPoint, ...]
    done: tuple[int, ...]
    basis: str
    text: str
    ordered_until: date
    due: date
    at: datetime
    verified_at: datetime | None
    steps: tuple[OrderStep, ...]
    rechecks: tuple[RecheckLine, ...] = ()

    @property
    def recheck(self) -> RecheckLine | None:
        """The one that can go on: the last, while the order is not over."""
        last = self.rechecks[-1] if self.rechecks else None
        return last if last and not last.settled and self.provable else None

    @property
    def open(self) -> bool:
        return self.state in ORDER_OPEN

    @property
    def provable(self) -> bool:
        """The entity may still hand in proof, an officer may verify it."""
        return self.state in ORDER_PROVED_IN

    @property
    def told_state(self) -> RectificationState:
        """As the entity reads it: a case is no matter of this paper (decision 0461)."""
        return R.LAPSED if self.state == R.FILED else self.state

    @property
    def left(self) -> tuple[RectificationPoint, ...]:
        return tuple(point for point in self.points if point.number not in self.done)

    @property
    def told_steps(self) -> tuple[OrderStep, ...]:
        """What the entity reads: all but reminders and a case."""
        return tuple(step for step in self.steps if step.kind not in ("reminded", "filed"))

    @property
    def proof(self) -> OrderStep | None:
        """What the entity handed in last."""
        proofs = [step for step in self.steps if step.kind == "proof"]
        return proofs[-1] if proofs else None


@dataclass(frozen=True, slots=True)
class OrderProposal:
    """What an officer may order in a task now."""

    task: str
    task_id: int
    target: str
    department: str
    points: tuple[RectificationPoint, ...]


async def failed(task: Task, department: str) -> FailedPoints:
    """The department's failed points; those that a correction of the result set aside are none."""
    sheet = await sheet_of(task)
    revisions = await Revision.filter(task=task, outcome="corrected").values_list("aside", flat=True)
    aside = {int(str(number)) for numbers in revisions for number in numbers or []}
    wrong = [number for number in checklist.failures(sheet) if number not in aside]
    asks = tuple(ask for ask in sheet.of(department) if ask.number in wrong)
    standing = await Rectification.filter(task=task, state__in=list(ORDER_STANDS)).values_list(
        "points", flat=True
    )
    ordered = {point[0] for points in standing for point in points}
    findings = {ask.number: _finding(sheet, ask.number) for ask in asks}
    mine = frozenset(ask.number for ask in asks if ask.number in ordered)
    return FailedPoints(asks, findings, mine)


def _finding(sheet: checklist.ChecklistSheet, number: int) -> str:
    given, network = sheet.given.get(number), sheet.network.get(number)
    remark = given.note if given and given.note else network.finding if network else ""
    return text.visible(remark).strip()


async def proposal(number: str, officer: str) -> OrderProposal | None:
    """For an officer who serves in the task; None where there is nothing to order."""
    task = await Task.get_or_none(number=number).select_related("target")
    if task is None or task.state not in FOLLOWED_UP_IN or await withdrawn(task):
        return None
    seat = await Assignment.filter(task=task, inspector_id=officer, until=None).first()
    if seat is None:
        return None
    wanting = await failed(task, seat.department)
    points = tuple(
        RectificationPoint(ask.number, ask.id, ask.text, ask.basis, wanting.findings[ask.number])
        for ask in wanting.free
    )
    if not points:
        return None
    return OrderProposal(number, task.id, text.name(task.target.name), seat.department, points)


async def facts(
    task: Task, number: str, department: str, points: Sequence[Sequence[Any]], basis: str, demand: str, due: date,
    at: datetime, district: District,
) -> dict[str, Any]:  # fmt: skip
    """Everything the order's paper says, as plain JSON."""
    await task.fetch_related("target")
    target, unit = task.target, await Department.get_or_none(code=department)
    units = {row.code: row.unit for row in await Department.all()}
    called = units.get(department, department)
    officers = (await comers([task], units))[task.id]["officers"]
    return {
        "number": number, "task": task.number, "target": target.name, "credit_code": number_of(target)[0],
        **said_beside(target), "place": target.address, "department": called, "points": [list(point) for point in points],
        "visited": local_day(task.ended_at).isoformat() if task.ended_at else "", "basis": basis, "text": demand,
        "due": due.isoformat(), "issued": local_day(at).isoformat(),
        "officers": [[name, tail] for name, of, tail, _ in officers if of == called], "phone": unit.phone if unit else "",
        "complaint_phone": district.complaint_phone, "district": district.name,
    }  # fmt: skip


async def line(order_id: int) -> OrderLine:
    """One order."""
    row = await Rectification.get_or_none(id=order_id).select_related("task__target")
    if row is None:
        raise Refusal("rectification.unknown", article="17")
    return (await _lines([row]))[0]


async def of_number(number: str) -> OrderLine:
    """One order by its number."""
    row = await Rectification.get_or_none(number=number).select_related("task__target")
    if row is None:
        raise Refusal("rectification.unknown", article="17")
    return (await _lines([row]))[0]


async def of_task(number: str) -> tuple[OrderLine, ...]:
    """Every order of a task, the oldest first."""
    return await _lines(
        await Rectification.filter(task__number=number).order_by("id").select_related("task__target")
    )


async def of_department(order_id: int, department: str) -> bool:
    """Whether there is such an order, and it is this department's."""
    return await Rectification.exists(id=order_id, department=department)


async def lapsed(department: str) -> tuple[OrderLine, ...]:
    """Orders of a department that lapsed: its head notes the case, or withdraws the order."""
    rows = Rectification.filter(department=department, state=R.LAPSED).order_by("due", "id")
    return await _lines(await rows.select_related("task__target"))


async def _lines(rows: Sequence[Rectification]) -> tuple[OrderLine, ...]:
    if not rows:
        return ()
    ids = [row.id for row in rows]
    called, steps, rechecks = await names(), await _steps(ids), await of_orders(ids)
    return tuple(
        OrderLine(
            row.id, row.number, row.task.number, row.task_id, text.name(row.task.target.name), row.department,
            called.get(row.department, row.department), RectificationState(row.state),
            tuple(RectificationPoint(*point) for point in row.points), tuple(row.done), row.basis, text.visible(row.text),
            row.ordered_until, row.due, row.at, row.verified_at, tuple(steps[row.id]),
            rechecks.get(row.id, ()),
        )
        for row in rows
    )  # fmt: skip


async def _steps(ids: Sequence[int]) -> dict[int, list[OrderStep]]:
    rows = await RectificationStep.filter(rectification_id__in=list(ids)).order_by("id")
    papers = defaultdict(list)
    for paper in await Paper.filter(purpose="rectify", subject__in=[row.id for row in rows]).order_by("id"):
        name = text.name(paper.name) or paper.format
        papers[paper.subject].append(ProofPaper(paper.id, name, paper.format, paper.size))
    steps = defaultdict(list)
    for row in rows:
        steps[row.rectification_id].append(
            OrderStep(
                row.kind, text.visible(row.text), tuple(row.points), row.until, text.visible(row.case_number),
                row.case_day, row.at, tuple(papers[row.id]),
            )
        )  # fmt: skip
    return steps


async def public_facts(ids: Sequence[int]) -> dict[int, tuple[OrderFact, ...]]:
    """By task what its orders come to in public."""
    orders = defaultdict(list)
    for row in await Rectification.filter(task_id__in=list(ids)).order_by("id"):
        orders[row.task_id].append(fact_of(row))
    return {id: tuple(facts) for id, facts in orders.items()}


def fact_of(row: Rectification | OrderLine) -> OrderFact:
    """An order as the rules of public sentences take it."""
    day = local_day(row.verified_at) if row.verified_at else None
    return OrderFact(RectificationState(row.state), row.due, day)
