"""What happened at the door, on the console: for everybody who sees the task, for the head to decide (Art. 16 (2), 18)."""

import pytest

from models.procedure import absence, arrival, cooperation, suspension
from models.queries.onsite import NonCooperationReport
from models.rules.actor import Role
from models.rules.photo import Point
from models.states import TaskState
from models.tables import NonCooperation, Target
from tests.server.pages import Site, site
from tests.support.onsite import AT, Door, at_the_door

FACTS = "示例:负责人锁门离开"


@pytest.fixture
async def door(db) -> Door:
    return await at_the_door()


@pytest.fixture
async def world(door):
    async with site() as made:
        made.clock.move(AT)
        yield made


async def confirmed(door: Door) -> NonCooperationReport:
    await door.photographed("refusal")
    report = await cooperation.report(door.number, [1, 4], FACTS, by=door.first, at=AT)
    return await cooperation.confirm(report, by=door.second, at=AT)


async def desk(world: Site, door: Door):
    browser = await world.browser(Role.HEAD, door.head.department)
    return browser, await browser.get("/console/")


async def test_the_head_establishes_a_refusal_at_the_desk(world, door):
    row = await confirmed(door)
    browser, page = await desk(world, door)
    assert FACTS in page.text and "拒绝、阻扰、妨碍检查人员" in page.text and door.second.name in page.text
    done = await browser.post(f"/console/refusals/{row.id}", act="agree")
    assert done.status == 303
    assert (await door.now()).state == TaskState.REFUSED
    assert FACTS not in (await browser.get("/console/")).text


async def test_not_established_needs_a_reason(world, door):
    row = await confirmed(door)
    browser, _ = await desk(world, door)
    page = await browser.post(f"/console/refusals/{row.id}", act="refuse")
    assert page.status == 409 and "须写明理由" in page.text
    assert (await browser.post(f"/console/refusals/{row.id}", act="refuse", said="示例:已配合")).status == 303
    assert (await NonCooperation.get(id=row.id)).said == "示例:已配合"
    assert (await browser.post(f"/console/refusals/{row.id}", act="nonsense")).status == 400


async def test_another_departments_head_is_not_asked(world, door):
    row = await confirmed(door)
    other = next(one for one in ("GA", "XF") if one != door.head.department)
    browser = await world.browser(Role.HEAD, other)
    assert FACTS not in (await browser.get("/console/")).text
    assert (await browser.post(f"/console/refusals/{row.id}", act="agree")).status in (403, 404, 409)
    assert (await door.now()).state == TaskState.SCHEDULED
    officer = await world.browser(Role.INSPECTOR, door.first.id)
    assert (await officer.post(f"/console/refusals/{row.id}", act="agree")).status == 403


async def test_the_tasks_page_tells_who_came_what_was_refused_and_when_it_goes_on(world, door):
    await Target.filter(code=door.task.target_id).update(
        latitude_e6=33_737_000, longitude_e6=113_292_000, datum="GCJ-02"
    )
    await arrival.located(door.number, Point(33.76, 113.292), 15, by=door.first, at=AT)
    await arrival.by_hand(door.number, "对方不便扫码", by=door.second, at=AT)
    await confirmed(door)
    await door.photographed("place")
    await absence.report(door.number, "示例:无人应答", by=door.second, at=AT)
    await door.begun()
    await suspension.suspend(door.number, "示例:停电", by=door.leader, at=AT)
    browser = await world.browser(Role.INSPECTOR, door.first.id)
    text = (await browser.get(f"/console/tasks/{door.number}")).text
    for said in ("手机定位", "离登记地址较远", "对方不便扫码", FACTS, "现场确认", "示例:无人应答", "示例:停电",
                 "现场证据照片", "中止检查", "登记到场"):  # fmt: skip
        assert said in text, said
