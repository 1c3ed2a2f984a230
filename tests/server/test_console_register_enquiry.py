"""季度核对 at the desk: the officer answers, the liaison has a line (Art. 7, 10)."""

from __future__ import annotations

import pytest

from models.procedure import register_enquiry
from models.rules.actor import Role
from models.tables import Inspector, RegisterEnquiry
from tests.models.procedure.test_register_enquiry import FIRST, LAST, PLACE
from tests.models.procedure.test_reminder import on
from tests.server.pages import site
from tests.support import district as sample


@pytest.fixture
async def world(db):
    await sample.found()
    officer = await Inspector.filter(expert=False, department="GA").order_by("code").first()
    await sample.account(Role.INSPECTOR, officer.code)
    await register_enquiry.sweep(at=on(FIRST), district=PLACE)
    async with site() as made:
        made.clock.at = on(FIRST, 11)
        made.officer = officer.code
        yield made


async def test_what_the_officer_wants_changed_is_a_line_of_the_liaisons_desk(world):
    browser = await world.browser(Role.INSPECTOR, world.officer)
    desk = await browser.get("/console/")
    assert "名录库里您的信息还对吗" in desk.text
    row = await RegisterEnquiry.get(inspector_id=world.officer)
    assert f"/console/enquiry/{row.id}" in {form["action"] for form in desk.reader.forms}
    done = await browser.post(f"/console/enquiry/{row.id}", wrong="items", follow=True)
    assert "要改（事项）" in done.text
    liaison = await (await world.browser(Role.LIAISON, "GA")).get("/console/")
    assert "要改：事项" in liaison.text
    assert f"/console/registers/inspectors/{world.officer}" in liaison.reader.links
    other = await (await world.browser(Role.LIAISON, "XF")).get("/console/")
    assert "要改：事项" not in other.text


async def test_whoever_did_not_answer_in_time_is_named_there(world):
    async def desk() -> str:
        return (await (await world.browser(Role.LIAISON, "GA")).get("/console/")).text

    assert "未答复" not in await desk()
    world.clock.at = on(PLACE.calendar.nth_workday_after(LAST, 1).date)
    assert "未答复" in await desk()


@pytest.mark.parametrize(("number", "wrong", "status"), [(999999, "", 404), (0, "salary", 400)])
async def test_what_was_not_asked_is_refused_in_words(world, number, wrong, status):
    row = await RegisterEnquiry.get(inspector_id=world.officer)
    browser = await world.browser(Role.INSPECTOR, world.officer)
    page = await browser.post(f"/console/enquiry/{number or row.id}", wrong=wrong)
    assert page.status == status
    await row.refresh_from_db()
    assert row.answered_at is None


async def test_what_no_liaison_hears_is_a_line_of_the_offices_desk(world):
    row = await RegisterEnquiry.get(inspector_id=world.officer)
    officer = await world.browser(Role.INSPECTOR, world.officer)
    await officer.post(f"/console/enquiry/{row.id}", wrong="items", follow=True)
    office = await world.browser(Role.OFFICE, "测试联席办")
    desk = (await office.get("/console/")).text
    assert "要改：事项" in desk and "没有联络员账号" in desk
    assert "要改：事项" not in (await (await world.browser(Role.HEAD, "GA")).get("/console/")).text
    await sample.account(Role.LIAISON, "GA")
    assert "要改：事项" not in (await office.get("/console/")).text
