"""What heads decide at the desk: the result, who steps in, whom to tell, another time (Art. 15, 16, 17)."""

from datetime import timedelta

import pytest

from models.procedure import notice, postponement, schedule, team
from models.rules.actor import Role
from models.states import NoticeState, TaskState
from models.tables import Notice, Result, Substitution, Task
from tests.server.pages import site
from tests.server.test_console_tasks import LINK, entered, first, office
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CEREMONY, VISIT, district


@pytest.fixture
async def world(db):
    """Five tasks drawn; the visits of the first three fixed."""
    await sample.found()
    await sample.drawn()
    for n, task in enumerate(await Task.all().order_by("rank").limit(3)):
        await sample.visit_fixed(task, district(), begins=VISIT + timedelta(days=n))
    async with site() as made:
        yield made


# 审核与公示


async def test_the_initiating_head_agrees_records_and_publishes(world):
    task = await entered(world)
    head = await world.browser(Role.HEAD, "GA")
    address = f"/console/tasks/{task.number}"
    assert "审核" in (await head.get(address)).text
    assert (await head.post(f"{address}/publish")).status == 409
    assert (await head.post(f"{address}/review", act="agree")).status == 303
    world.clock.move(VISIT + timedelta(days=1))
    head = await world.browser(Role.HEAD, "GA")
    assert (await head.post(f"{address}/record", receipt="示例-0001")).status == 303
    assert (await head.post(f"{address}/publish")).status == 409
    await publishing.agreed(task, world.clock())
    page = await head.post(f"{address}/publish", unsigned="示例:未带平板", follow=True)
    assert "已公示" in page.text
    assert (await first()).state == TaskState.PUBLISHED
    assert (await first()).platform_receipt == "示例-0001"
    assert (await head.post(f"{address}/publish")).status == 303


async def test_a_record_goes_back_with_a_reason(world):
    task = await entered(world)
    head = await world.browser(Role.HEAD, "GA")
    address = f"/console/tasks/{task.number}/review"
    assert (await head.post(address, act="return", reason="")).status == 409
    assert (await head.post(address, act="maybe")).status == 400
    assert (await head.post(address, act="return", reason="照片不清")).status == 303
    assert (await first()).state == TaskState.CONCLUDED
    assert (await Result.all().first()).returned == "照片不清"
    assert "照片不清" in (await head.get(f"/console/tasks/{task.number}")).text


async def test_another_departments_head_sees_the_result_and_decides_nothing(world):
    task = await entered(world)
    head = await world.browser(Role.HEAD, "XF")
    page = await head.get(f"/console/tasks/{task.number}")
    assert page.status == 200
    assert {form["action"] for form in page.reader.forms} == {"/logout"}
    assert (await head.post(f"/console/tasks/{task.number}/review", act="agree")).status == 404
    assert (await first()).state == TaskState.ENTERED


async def test_a_head_consents_and_the_next_ticket_steps_in(world):
    task = await Task.all().order_by("-rank").first()
    officer = (await sample.team_of(task))["XF"][0]
    await team.ask_out(task.number, "post", "调岗 <示例>", by=officer, at=CEREMONY)
    asked = await Substitution.get(outgoing__contains="XF")
    head = await world.browser(Role.HEAD, "XF")
    page = await head.get("/console/")
    assert "调岗 <示例>" in page.text
    assert officer.name in page.text
    wrong = await world.browser(Role.HEAD, "GA")
    assert "调岗" not in (await wrong.get("/console/")).text
    assert (await wrong.post(f"/console/substitutions/{asked.id}", act="agree")).status == 404
    assert (await head.post(f"/console/substitutions/{asked.id}", act="agree")).status == 303
    assert (await Substitution.get(id=asked.id)).consented is True
    assert "调岗" not in (await head.get("/console/")).text


async def test_a_head_decides_that_an_entity_is_not_told(world):
    task = await Task.all().order_by("-rank").first()
    lead = await sample.leader_of(task)
    asked = await notice.ask_to_withhold(task.number, "《示例法》第1条", by=lead, at=CEREMONY)
    head = await world.browser(Role.HEAD, lead.department)
    assert "《示例法》第1条" in (await head.get("/console/")).text
    assert (await head.post(f"/console/withholdings/{asked}", act="agree")).status == 303
    assert (await Notice.get(id=asked)).state == NoticeState.WITHHELD
    page = await head.get(f"/console/tasks/{task.number}")
    assert "不事先告知" in page.text


async def test_a_postponement_stands_in_the_trail(world):
    given = await Notice.all().order_by("id").first()
    await postponement.ask(given.number, "停业检修", by=LINK, at=CEREMONY, wanted="周五")
    page = await (await office(world)).get(f"/console/tasks/{(await first()).number}")
    assert "停业检修" in page.text
    assert "等待组长答复" in page.text


async def test_a_moved_visit_shows_both_letters(world):
    task = await first()
    lead, later = await sample.leader_of(task), VISIT + timedelta(days=6)
    await schedule.propose(task.number, later, later + timedelta(hours=2), by=lead, at=CEREMONY)
    await schedule.fix(task.number, by=lead, at=CEREMONY, district=district())
    page = await (await office(world)).get(f"/console/tasks/{task.number}")
    assert f"{task.number}-T1 已更换" in page.text
    assert f"{task.number}-T2" in page.text
