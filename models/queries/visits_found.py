"""Which visits of a span there are, the earliest first, before anything else of them is read (Art. 15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet

from models.rules.visit import instant, local_day
from models.states import TO_VISIT
from models.states import TaskState as T
from models.tables import Task

DAY = timedelta(days=1)
COUNTED = 500  # of a span or a day; how many there are beyond it is not counted


class FoundVisit(NamedTuple):
    """A visit of a task at its time; `fixed` False: asked of the members."""

    begins: datetime
    number: str
    task: int
    fixed: bool


async def found_between(
    seen: QuerySet[Task], begins: datetime, ends: datetime, most: int | None = None
) -> list[FoundVisit]:
    """Those of the tasks `seen` that begin in this span, fixed and proposed; `most`: no more than the first so many."""
    fixed = seen.filter(visit_from__gte=begins, visit_from__lt=ends, visit_until__not_isnull=True)
    proposed = seen.filter(
        Q(visit_from=None) | Q(visit_from__not=F("proposed_from")) | Q(state__not=T.SCHEDULED),
        proposed_from__gte=begins, proposed_from__lt=ends, proposed_until__not_isnull=True, state__in=TO_VISIT,
    )  # fmt: skip
    visits = await _first(fixed, "visit_from", most) + await _first(proposed, "proposed_from", most)
    return sorted(visits)[:most]


async def _first(tasks: QuerySet[Task], when: str, most: int | None) -> list[FoundVisit]:
    ordered = tasks.order_by(when, "number")
    rows = await (ordered if most is None else ordered.limit(most)).values_list(when, "number", "id")
    return [FoundVisit(begins, number, id, when == "visit_from") for begins, number, id in rows]


async def found_by_day(
    seen: QuerySet[Task], days: Sequence[date], counted: int | None = COUNTED
) -> Mapping[date, Sequence[FoundVisit]]:
    """By day its visits; of a day on which there are more than `counted` one more than that. None: all of them."""
    first, last = instant(days[0], time()), instant(days[-1] + DAY, time())
    enough = None if counted is None else counted + 1
    rows = await found_between(seen, first, last, enough)
    if counted is None or len(rows) <= counted:
        by_day: dict[date, list[FoundVisit]] = defaultdict(list)
        for row in rows:
            by_day[local_day(row.begins)].append(row)
        return by_day
    return {
        day: await found_between(seen, instant(day, time()), instant(day + DAY, time()), enough)
        for day in days
    }
