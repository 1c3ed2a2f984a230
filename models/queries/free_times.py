"""When a task's whole team is free, as the entity is offered it (Art. 15, 16 (2))."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.district import District
from models.queries import away_time as away_times
from models.queries import recheck_times
from models.rules import visit
from models.rules.free_times import Window
from models.rules.free_times import free as free_among
from models.states import AT_THE_DOOR
from models.tables import Assignment, Batch, Task

LOOKED_AT = 30


async def taken(task: Task, at: datetime, closes: date) -> list[Window]:
    """The visits and rechecks of every member in other tasks, when one cannot come, and the time that this task has now.
    `closes`: the last day looked at."""
    members = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    assignments = await (
        Assignment.filter(inspector_id__in=list(members), until=None, task__state__in=AT_THE_DOOR)
        .exclude(task_id=task.id)
        .values_list("task__visit_from", "task__visit_until")
    )
    others = [Window(begins, ends) for begins, ends in assignments if begins and ends]
    own = [Window(task.visit_from, task.visit_until)] if task.visit_from and task.visit_until else []
    away = await away_times.windows(map(str, members), at, closes)
    rechecks = [time.window for time in await recheck_times.of_officers(map(str, members))]
    return [*others, *rechecks, *(window for windows in away.values() for window in windows), *own]


async def free_of(task_id: int, at: datetime, district: District) -> tuple[Window, ...]:
    """As `free`, for a task by its id."""
    return await free(await Task.get(id=task_id), at, district)


async def free(task: Task, at: datetime, district: District) -> tuple[Window, ...]:
    """The next windows in which nobody of the team is elsewhere: such as keep the notice period, else from tomorrow."""
    batch, today = await Batch.get(code=task.batch_id), visit.local_day(at)
    calendar, busy = district.calendar, await taken(task, at, batch.closes)
    in_time = calendar.nth_workday_after(today, max(1, district.notice_days)).date
    for first in (in_time, today + timedelta(days=1)):
        days = visit.days_offered(calendar, max(batch.opens, first), batch.closes, at, limit=LOOKED_AT)
        if rows := free_among(days, busy, at):
            return rows
    return ()
