"""A look at everybody weighs one by one only the tasks in which something may be wrong (Art. 10, 14 (2))."""

from datetime import date, timedelta

import pytest

from models.procedure import availability
from models.queries import substitution, unsuited
from models.rules.visit import local_day
from models.states import NOT_PUBLIC
from models.tables import Inspector, Target, Task
from tests.support import crowd_of_tasks
from tests.support import district as sample
from tests.support.district import CEREMONY, written
from tests.support.statements import counted

TODAY = local_day(CEREMONY)


@pytest.fixture
async def tasks(any_db) -> list[Task]:
    await sample.found()
    await sample.drawn()
    return await Task.all().order_by("rank")


async def test_where_nothing_speaks_against_anybody_no_task_is_weighed(tasks):
    assert await unsuited.ids(TODAY) == []
    assert await availability.sweep(at=CEREMONY) == 0


@pytest.mark.parametrize(
    ("changed", "ground"),
    [
        ({"areas": ["410402002"]}, "area"),
        ({"items": ["XH-XF-01"]}, "items"),
        ({"recused": ["number"]}, "recused"),
        ({"recused": ["credit code"]}, "recused"),
        ({"status": "left"}, "left"),
        ({"leave_from": date(2026, 11, 1)}, "leave"),
        ({"certificate_until": date(2026, 11, 26)}, "expired"),
    ],
)
async def test_every_task_in_which_somebody_is_ruled_out_is_among_them(tasks, changed, ground):
    officer = (await sample.team_of(tasks[0]))["XF"][-1].id
    if "recused" in changed:
        target = await Target.get(code=tasks[0].target_id)
        named = {"number": target.code, "credit code": target.credit_code}
        changed = {"recused": [named[one] for one in changed["recused"]]}
    async with written():
        await Task.filter(id__in=[task.id for task in tasks]).update(
            state="scheduled", visit_from=sample.VISIT, visit_until=sample.VISIT + timedelta(hours=2)
        )
        await Inspector.filter(code=officer).update(**changed)
    everybody = await substitution.unfit(await Task.filter(state__in=NOT_PUBLIC), CEREMONY)
    assert {one.why for found in everybody.values() for one in found} == {ground}
    assert await unsuited.ids(TODAY) == sorted(everybody)


async def test_a_certificate_that_ends_before_a_visit_far_off_is_among_them(tasks):
    officer, visit = (await sample.team_of(tasks[0]))["XF"][-1].id, CEREMONY + timedelta(days=100)
    async with written():
        await Task.filter(id=tasks[0].id).update(
            state="scheduled", visit_from=visit, visit_until=visit + timedelta(hours=2)
        )
        await Inspector.filter(code=officer).update(certificate_until=local_day(visit) - timedelta(days=1))
    assert tasks[0].id not in await substitution.in_doubt(TODAY)
    assert tasks[0].id in await unsuited.ids(TODAY)
    assert await availability.sweep(at=CEREMONY) == 1


async def test_everybody_is_looked_at_in_a_statement_for_five_hundred_open_tasks(db):
    crowd, asked = await crowd_of_tasks.crowd(), []
    for day, more in enumerate((300, 6000)):
        await crowd.grow(more)
        async with counted() as count:
            assert await availability.sweep(at=crowd.at + timedelta(days=day)) == 0
        asked.append(len(count.statements))
    open_ = 6300 // 6 * 2
    assert asked[1] - asked[0] <= open_ // unsuited.TOGETHER, count.listed()
