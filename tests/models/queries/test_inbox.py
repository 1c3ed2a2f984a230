"""我的任务: today's first, this week's, later ones, those without a time, those to be entered (Art. 15, 16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.queries import inbox
from models.queries.inbox import When
from models.rules.visit import SHANGHAI
from models.states import TaskState
from models.tables import Assignment, Task
from tests.support import district

MONDAY = datetime(2026, 12, 7, 8, 0, tzinfo=SHANGHAI)


async def test_tasks_stand_under_today_this_week_later_open_and_entry(db: str) -> None:
    await district.found()
    await district.drawn()
    seat = await Assignment.all().select_related("task").first()
    tasks = await Task.all().order_by("rank")
    for task in tasks:
        await Assignment.get_or_create(
            task=task,
            inspector_id=seat.inspector_id,
            until=None,
            defaults={"department": seat.department, "since": MONDAY},
        )
    days = {0: 0, 1: 2, 2: 9}
    for place, after in days.items():
        begins = MONDAY + timedelta(days=after, hours=1)
        await Task.filter(id=tasks[place].id).update(
            state=TaskState.SCHEDULED, visit_from=begins, visit_until=begins + timedelta(hours=2)
        )
    await Task.filter(id=tasks[4].id).update(state=TaskState.CONCLUDED)
    found = await inbox.tasks_of(seat.inspector_id, MONDAY)
    assert [(line.number, line.when) for line in found] == [
        (tasks[0].number, When.TODAY), (tasks[1].number, When.WEEK), (tasks[2].number, When.LATER),
        (tasks[3].number, When.OPEN), (tasks[4].number, When.ENTRY),
    ]  # fmt: skip
    await Task.filter(id=tasks[4].id).update(state=TaskState.PUBLISHED)
    assert len(await inbox.tasks_of(seat.inspector_id, MONDAY)) == 4


async def test_a_visit_that_was_missed_or_is_under_way_stands_under_today(db: str) -> None:
    await district.found()
    await district.drawn()
    seat = await Assignment.all().select_related("task").first()
    await Task.filter(id=seat.task.id).update(
        state=TaskState.SCHEDULED, visit_from=MONDAY - timedelta(days=3)
    )
    lines = {line.id: line.when for line in await inbox.tasks_of(seat.inspector_id, MONDAY)}
    assert lines[seat.task.id] == When.TODAY
