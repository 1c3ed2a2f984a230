"""现场复查: when rechecks of orders are held, whose hours they take, and which wait for somebody (Art. 15, 17).

Only those count that can go on: of an order that is not settled, not replaced by another day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.rules import text
from models.rules.free_times import Window
from models.rules.recheck import TAKES
from models.rules.visit import local_day
from models.states import NOT_ARCHIVED, ORDER_PROVED_IN
from models.tables import Assignment, Recheck, RecheckSignature, Task


@dataclass(frozen=True, slots=True)
class RecheckTime:
    """`officers`: by code the name of each of the two who still serves in the task."""

    number: str
    task_id: int
    task: str
    target: str
    window: Window
    officers: dict[str, str]


@dataclass(frozen=True, slots=True)
class RecheckDue:
    """A recheck that waits to be held on its `day`, or since it `ended` for the signatures of `officers` (codes)."""

    task: Task
    order: int
    department: str
    day: date
    ended: date | None
    officers: tuple[str, ...]


async def of_officers(people: Iterable[str] | None, span: Window | None = None) -> tuple[RecheckTime, ...]:
    """The announced rechecks of any of these officers, None: of all, (within `span`) that have not ended, the soonest first."""
    wanted, about = None if people is None else set(people), {}
    if span:
        about = {"visit_from__lt": span.ends, "visit_from__gt": span.begins - TAKES}
    rows = await _going(ended_at=None, **about)
    waiting = [row for row in rows if wanted is None or wanted & set(row.officers)]
    serving = await _serving({row.task_id for row in waiting})
    times = [
        RecheckTime(
            row.number, row.task_id, row.task.number, text.name(row.task.target.name),
            Window(row.visit_from, row.visit_from + TAKES),
            {code: serving[row.task_id][code] for code in row.officers if code in serving[row.task_id]},
        )
        for row in waiting
    ]  # fmt: skip
    theirs = (time for time in times if time.officers and (wanted is None or wanted & set(time.officers)))
    return tuple(sorted(theirs, key=lambda time: time.window))


async def due(tasks: Collection[int] | None = None) -> tuple[RecheckDue, ...]:
    """Those that wait (of these tasks only), the earliest set first."""
    about = {} if tasks is None else {"task_id__in": list(tasks)}
    rows = await _going(task__state__in=list(NOT_ARCHIVED), **about)
    signed = defaultdict(set)
    ended = [row.id for row in rows if row.ended_at]
    for hand in await RecheckSignature.filter(recheck_id__in=ended, role="officer") if ended else ():
        signed[hand.recheck_id].add(hand.inspector)
    return tuple(
        RecheckDue(
            row.task, row.rectification_id, row.rectification.department, local_day(row.visit_from),
            local_day(row.ended_at) if row.ended_at else None,
            tuple(code for code in row.officers if code not in signed[row.id]),
        )
        for row in rows
    )  # fmt: skip


async def _going(**about: object) -> Sequence[Recheck]:
    """The newest recheck of each order that is not settled, where it answers to `about`."""
    rows = Recheck.filter(settled_at=None, rectification__state__in=list(ORDER_PROVED_IN), **about)
    rechecks = await rows.order_by("id").select_related("task__target", "rectification")
    last = await _last_of_orders({row.rectification_id for row in rechecks}) if rechecks else {}
    return [row for row in rechecks if row.id == last[row.rectification_id]]


async def _last_of_orders(orders: Iterable[int]) -> dict[int, int]:
    """By order its newest recheck (its id): setting another day takes the place of the one before."""
    rows = Recheck.filter(rectification_id__in=list(orders)).order_by("id")
    return {int(order): int(id) for id, order in await rows.values_list("id", "rectification_id")}


async def _serving(tasks: Iterable[int]) -> dict[int, dict[str, str]]:
    """By task code and name of who serves in it."""
    team: dict[int, dict[str, str]] = defaultdict(dict)
    ids = list(tasks)
    seats = Assignment.filter(task_id__in=ids, until=None).select_related("inspector")
    for seat in await seats if ids else ():
        team[seat.task_id][str(seat.inspector_id)] = text.name(seat.inspector.name)
    return team
