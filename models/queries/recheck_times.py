"""现场复查: at which hours officers are at an announced recheck, where no visit can have them (Art. 15, 17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from models.rules import text
from models.rules.free_times import Window
from models.rules.recheck import TAKES
from models.states import ORDER_PROVED_IN
from models.tables import Assignment, Recheck


@dataclass(frozen=True, slots=True)
class RecheckTime:
    """`officers`: by code the name of each of the two who still serves in the task."""

    number: str
    task_id: int
    task: str
    target: str
    window: Window
    officers: dict[str, str]


async def of_officers(people: Iterable[str], span: Window | None = None) -> tuple[RecheckTime, ...]:
    """The rechecks to come of any of these officers (within `span`), the soonest first: announced and not ended, of an
    order that is not settled, and not replaced by another day."""
    wanted, rows = set(people), Recheck.filter(ended_at=None, rectification__state__in=ORDER_PROVED_IN)
    if span:
        rows = rows.filter(visit_from__lt=span.ends, visit_from__gt=span.begins - TAKES)
    waiting = [row for row in await rows.select_related("task__target") if wanted & set(row.officers)]
    if not waiting:
        return ()
    last = await _last_of_orders({row.rectification_id for row in waiting})
    serving = await _serving({row.task_id for row in waiting})
    times = [
        RecheckTime(
            row.number, row.task_id, row.task.number, text.name(row.task.target.name),
            Window(row.visit_from, row.visit_from + TAKES),
            {code: serving[row.task_id][code] for code in row.officers if code in serving[row.task_id]},
        )
        for row in waiting
        if row.id == last[row.rectification_id]
    ]  # fmt: skip
    return tuple(
        sorted((each for each in times if wanted & set(each.officers)), key=lambda each: each.window)
    )


async def _last_of_orders(orders: Iterable[int]) -> dict[int, int]:
    """By order its newest recheck (its id): setting another day takes the place of the one before."""
    rows = Recheck.filter(rectification_id__in=list(orders)).order_by("id")
    return {int(order): int(id) for id, order in await rows.values_list("id", "rectification_id")}


async def _serving(tasks: Iterable[int]) -> dict[int, dict[str, str]]:
    """By task code and name of who serves in it."""
    team: dict[int, dict[str, str]] = defaultdict(dict)
    for seat in await Assignment.filter(task_id__in=list(tasks), until=None).select_related("inspector"):
        team[seat.task_id][str(seat.inspector_id)] = text.name(seat.inspector.name)
    return team
