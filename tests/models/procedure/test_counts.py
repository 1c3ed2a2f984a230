"""How little is asked of the database: statements and commits, never times."""

from __future__ import annotations

from datetime import datetime

from models.procedure import draw, reminder
from models.queries import evidence
from models.rules.actor import Role
from models.tables import Assignment, Draw, Event, Inspector, Outbox, Reminder, Task
from tests.support import district
from tests.support.statements import counted

OVERDUE = datetime(2027, 1, 20, 10, tzinfo=district.SHANGHAI)


async def test_a_draw_is_held_in_twenty_seven_statements_for_forty_seats(db):
    await district.found()
    for one in await Inspector.all():
        await district.account(Role.INSPECTOR, one.code)
    code = await district.revealed()
    async with counted() as count:
        await draw.hold(code, by=district.OFFICE, at=district.CEREMONY)
    assert await Assignment.all().count() == 40
    assert len(count.statements) <= 27, count.listed()
    assert count.commits == 1
    assert await Event.filter(kind="task.assigned").count() == 5
    assert await Outbox.filter(kind="task.assigned").count() == 16
    assert (await evidence.verify()).differences == []
    assert (await Draw.get()).held_at


async def test_a_reminder_takes_three_statements_a_person_at_most(db):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    await district.visit_fixed(task, district.district())
    await district.visit_concluded(task, district.district())
    await Reminder.all().delete()
    async with counted() as count:
        told = await reminder.sweep(at=OVERDUE, district=district.district())
    assert told == 10, "eight officers and the heads of two departments"
    assert len(count.statements) <= 3 * told, count.listed()
    assert count.commits == 1
    async with counted() as again:
        assert await reminder.sweep(at=OVERDUE, district=district.district()) == 0
    assert again.commits == 0
