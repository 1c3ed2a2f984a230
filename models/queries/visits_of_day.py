"""Whether a task is visited on a day: a change of it does not wait for the morning (Art. 15)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from models.rules.visit import SHANGHAI, local_day
from models.tables import Task

CHANGES = frozenset({
    "visit.fixed", "visits.fixed", "visit.declined", "visit.cannot_keep", "visit.unfixed", "visit.suspended", "team.changed",
    "team.nobody_left", "team.unfit", "notice.time_gone", "notice.no_visit",
})  # fmt: skip
"""Kinds of message that do not wait when they are about a visit of the same day."""


async def changed(kind: str, payload: Mapping[str, Any], at: datetime) -> bool:
    """Whether a message says that a visit of this very day has changed."""
    if kind not in CHANGES:
        return False
    today, fallen = local_day(at), payload.get("begins")  # of a visit that is fixed no more
    if fallen and local_day(datetime.fromisoformat(str(fallen))) == today:
        return True
    named = [payload.get("task"), *(payload.get("tasks") or ())]
    return await any_on(today, [number for number in named if isinstance(number, str)])


async def any_on(day: date, numbers: Collection[str]) -> bool:
    """Whether one of these tasks has its visit fixed on this day."""
    begin = datetime.combine(day, time(), SHANGHAI)
    fixed = Task.filter(number__in=list(numbers), visit_from__gte=begin, visit_from__lt=begin + timedelta(1))
    return bool(numbers) and await fixed.exists()
