"""Terms of orders to rectify: each department's order for itself (Art. 17).

While proof waits to be verified the term of the order stands still, and that of the officer runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.visit import local_day
from models.states import ORDER_OPEN
from models.states import RectificationState as R
from models.tables import Rectification, RectificationStep, Task


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """`day`: the order's last one, or that on which proof was handed in."""

    id: int
    kind: str
    day: date
    department: str


async def of_tasks(ids: Collection[int]) -> dict[int, list[OrderTerm]]:
    """By task the open orders."""
    return await _terms(
        await Rectification.filter(task_id__in=list(ids), state__in=list(ORDER_OPEN)).order_by("id")
    )


async def every() -> tuple[tuple[Task, OrderTerm], ...]:
    """Every open order with its task."""
    rows = await Rectification.filter(state__in=list(ORDER_OPEN)).order_by("id").select_related("task")
    tasks: Mapping[int, Task] = {row.task_id: row.task for row in rows}
    return tuple((tasks[id], term) for id, terms in (await _terms(rows)).items() for term in terms)


async def _terms(rows: Sequence[Rectification]) -> dict[int, list[OrderTerm]]:
    handed_in = [row.id for row in rows if row.state == R.HANDED_IN]
    proofs = RectificationStep.filter(rectification_id__in=handed_in, kind="proof").order_by("id")
    since = {step.rectification_id: local_day(step.at) for step in (await proofs if handed_in else ())}
    terms = defaultdict(list)
    for row in rows:
        kind, day = ("proof", since[row.id]) if row.id in since else ("rectification", row.due)
        terms[row.task_id].append(OrderTerm(row.id, kind, day, row.department))
    return terms
