"""How little is asked of the database: statements and commits, never times."""

from __future__ import annotations

from datetime import datetime

from models.procedure import draw, reminder
from models.queries import evidence
from models.rules.actor import Role
from models.tables import Assignment, Draw, Event, Inspector, Outbox, Task, TermReminder
from tests.support import district
from tests.support.statements import counted

OVERDUE = datetime(2027, 1, 20, 10, tzinfo=district.SHANGHAI)


async def test_a_draw_is_held_in_twenty_five_statements_for_forty_seats(db):
    await district.found()
    for one in await Inspector.all():
        await district.account(Role.INSPECTOR, one.code)
    code = await district.revealed()
    async with counted() as count:
        await draw.hold(code, by=district.OFFICE, at=district.CEREMONY)
    assert await Assignment.all().count() == 40
    assert len(count.statements) <= 25, count.listed()
    assert count.commits == 1
    assert await Event.filter(kind="task.assigned").count() == 5
    assert await Outbox.filter(kind="task.assigned").count() == 16
    assert (await evidence.verify()).differences == []
    assert (await Draw.get()).held_at


async def test_each_task_of_a_held_draw_has_the_team_that_its_event_names(any_db):
    await district.found()
    code = await district.revealed()
    await draw.hold(code, by=district.OFFICE, at=district.CEREMONY)
    assigned = {row.chain: row.data["team"] for row in await Event.filter(kind="task.assigned")}
    tasks = await Task.filter(draw_id=code).select_related("team")
    assert {f"task:{task.number}": task.team.number for task in tasks} == assigned
    assert set(assigned.values()) == {1, 2}
    for task in tasks:
        assert await Assignment.filter(task=task).count() == 8
    assert (await evidence.verify()).differences == []


async def test_the_morning_word_takes_as_many_statements_for_ten_people_as_for_two(db):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    await district.visit_fixed(task, district.district())
    await district.visit_concluded(task, district.district())
    await TermReminder.all().delete()
    async with counted() as count:
        told = await reminder.sweep(at=OVERDUE, district=district.district())
    assert told == 10, "eight officers and the heads of two departments"
    trails = [asked for asked in count.statements if "INTO event" in str(asked) or "FROM event" in str(asked)]
    # each kind of term is asked for by its own index, some thirty small questions once a day, and what a process reads once
    assert len(count.statements) - len(trails) <= 96, count.listed()
    assert count.commits == 1
    async with counted() as again:
        assert await reminder.sweep(at=OVERDUE, district=district.district()) == 0
    assert again.commits == 0
    assert len(again.statements) <= 4, again.listed()
