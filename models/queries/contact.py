"""The kept attempts that reached nobody, of one task: visits in vain, calls, letters that came back (Art. 16 (2))."""

from __future__ import annotations

from models.rules.contact import IN_VAIN, VISIT, ContactAttempt
from models.rules.visit import local_day
from models.tables import Absence, Attempt


async def tries(task_id: int) -> tuple[ContactAttempt, ...]:
    """Each day and channel once, in order of time."""
    visits = await Absence.filter(task_id=task_id, confirmed_at__not_isnull=True).order_by("at")
    rows = Attempt.filter(notice__task_id=task_id, outcome__in=list(IN_VAIN)).order_by("at")
    results = [(visit.at, ContactAttempt(local_day(visit.at), VISIT)) for visit in visits]
    results += [(row.at, ContactAttempt(local_day(row.at), str(row.channel))) for row in await rows]
    return tuple(dict.fromkeys(attempt for _, attempt in sorted(results)))
