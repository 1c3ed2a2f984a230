"""Terms of orders to rectify: each department's order for itself, and of its recheck on site (Art. 17).

While proof waits to be verified the term of the order stands still, and that of the officer runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.queries import recheck_times
from models.queries.recheck_times import RecheckDue
from models.rules.visit import local_day
from models.states import ORDER_OPEN
from models.states import RectificationState as R
from models.tables import Rectification, RectificationStep, Task


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """`day`: the order's last one, that of its recheck, or that on which proof was handed in or the recheck ended.
    `officers`: who alone has it to do, by code; none: the department's."""

    id: int
    kind: str
    day: date
    department: str
    officers: tuple[str, ...] = ()


async def of_tasks(ids: Collection[int]) -> dict[int, list[OrderTerm]]:
    """By task the open orders, and the rechecks that wait."""
    rows = Rectification.filter(task_id__in=list(ids), state__in=list(ORDER_OPEN)).order_by("id")
    terms = await _terms(await rows)
    for row in await recheck_times.due(ids):
        terms[row.task.id].append(_recheck(row))
    return terms


async def every() -> tuple[tuple[Task, OrderTerm], ...]:
    """Every open order and every recheck that waits, with its task."""
    rows = await Rectification.filter(state__in=list(ORDER_OPEN)).order_by("id").select_related("task")
    tasks: Mapping[int, Task] = {row.task_id: row.task for row in rows}
    orders = [(tasks[id], term) for id, terms in (await _terms(rows)).items() for term in terms]
    return (*orders, *((row.task, _recheck(row)) for row in await recheck_times.due()))


def _recheck(row: RecheckDue) -> OrderTerm:
    kind = "recheck_sign" if row.ended else "recheck"
    return OrderTerm(row.order, kind, row.ended or row.day, row.department, row.officers)


async def _terms(rows: Sequence[Rectification]) -> dict[int, list[OrderTerm]]:
    handed_in = [row.id for row in rows if row.state == R.HANDED_IN]
    proofs = RectificationStep.filter(rectification_id__in=handed_in, kind="proof").order_by("id")
    since = {step.rectification_id: local_day(step.at) for step in (await proofs if handed_in else ())}
    terms = defaultdict(list)
    for row in rows:
        kind, day = ("proof", since[row.id]) if row.id in since else ("rectification", row.due)
        terms[row.task_id].append(OrderTerm(row.id, kind, day, row.department))
    return terms
