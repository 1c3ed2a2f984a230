"""联络员: a department's liaison keeps its own rows of the registers, and may do nothing else (Art. 7, 10)."""

from __future__ import annotations

import pytest

from models.procedure import draw, enrolment
from models.queries import person
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Account, Binding, Inspector, Target
from server import access
from server.access import KEEPERS, KEEPERS_WITH_LISTS, LIAISON, PLANNERS, STAFF
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

NUMBER = "13700000001"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site(deep_link=lambda token: f"https://t.example/bot?start={token}") as made:
        yield made


async def test_the_office_enters_a_liaison_invites_and_the_chat_is_bound_by_the_own_number(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    page = await office.get("/console/people?kind=liaison")
    assert page.status == 200 and "部门联络员" in page.text
    page = await office.post("/console/people/invite", role="liaison", of="GA")
    assert "登记" in page.text and not await Binding.exists()  # no number yet
    assert (
        await office.post("/console/people/number", role="liaison", of="GA", number=NUMBER, email="")
    ).status == 303
    page = await office.post("/console/people/invite", role="liaison", of="GA")
    token = page.html.replace("<wbr>", "").split("start=")[1][:22]
    await enrolment.open_link(token, 77, at=CEREMONY)
    with pytest.raises(Refusal) as refused:
        await enrolment.bind(77, 77, "13700000009", at=CEREMONY)
    assert refused.value.code == "enrolment.other_number"
    await enrolment.bind(77, 77, NUMBER, at=CEREMONY)
    assert await Binding.filter(account__role=Role.LIAISON, telegram_id=77, ended_at=None).count() == 1


async def test_a_head_enters_the_own_departments_liaison_and_no_others(world):
    head = await world.browser(Role.HEAD, "GA")
    assert (await head.get("/console/people?kind=liaison")).status == 200
    assert (
        await head.post("/console/people/number", role="liaison", of="GA", number=NUMBER, email="")
    ).status == 303
    assert (await head.post("/console/people/invite", role="liaison", of="GA")).status == 200
    for what in ("number", "invite", "end"):
        page = await head.post(f"/console/people/{what}", role="liaison", of="WJ", number=NUMBER, email="")
        assert page.status == 404, what
        assert (
            await head.post(f"/console/people/{what}", role="head", of="WJ", number=NUMBER, email="")
        ).status == 404
    assert await Account.filter(role=Role.LIAISON).values_list("department", flat=True) == ["GA"]
    assert not await Account.exists(role=Role.HEAD, department="WJ")


async def test_one_person_holds_several_roles(world):
    for account in (
        await sample.account(Role.LIAISON, "GA"),
        await sample.account(Role.INSPECTOR, "INS-GA-1"),
    ):
        await Inspector.filter(code="INS-GA-1").update(phone=NUMBER)
        token = f"{account.id:022d}"
        await enrolment.invite(account.id, token, by=OFFICE, at=CEREMONY)
        await enrolment.open_link(token, 78, at=CEREMONY)
        await enrolment.bind(78, 78, NUMBER, at=CEREMONY)
    assert [one.role for one in (await person.person(78)).actors] == [Role.LIAISON, Role.INSPECTOR]


async def test_a_liaison_signs_in_and_finds_the_registers(world):
    account = await sample.account(Role.LIAISON, "GA")
    await enrolment.invite(account.id, "t" * 22, by=OFFICE, at=CEREMONY, purpose="login", reason="示例")
    page = await (await world.browser()).post("/login/" + "t" * 22, follow=True)
    assert "测试联络员GA" in page.text and "/console/registers" in page.reader.links
    assert not {"/console/tasks", "/console/plans", "/console/people"} & set(page.reader.links)


async def test_a_liaison_may_open_the_own_pages_and_the_registers_and_nothing_else(world):
    """Deny by default: what is not for staff in general or for keepers of the registers is refused."""
    open_to = set()
    for resource in world.server.app.router.resources():
        for route in resource:
            audience = access.audience_of(route)
            if audience and audience.roles and Role.LIAISON in audience.roles:
                open_to.add((resource.canonical, audience))
    assert {audience for _, audience in open_to} == {
        STAFF, KEEPERS, KEEPERS_WITH_LISTS, PLANNERS, LIAISON,
    }  # fmt: skip
    own = {path for path, audience in open_to if audience is STAFF}
    assert own == {
        "/console/", "/console", "/console/me", "/console/me/calendar", "/console/terms", "/console/terms.csv",
        "/console/terms.pdf",
        "/console/terms.xlsx", "/console/reminders", "/console/reminders/{id}", "/logout",
    }  # fmt: skip
    kept = {path for path, audience in open_to if audience in (KEEPERS, KEEPERS_WITH_LISTS)}
    assert all(path.startswith(("/console/registers", "/console/schemes")) for path in kept)
    planned = {path for path, audience in open_to if audience in (PLANNERS, LIAISON)}
    drafted = ("/console/drafts", "/console/schemes", "/console/merges")
    assert {path for path in planned if not path.startswith(drafted)} == {
        "/console/conference", "/console/conference/resolutions/{id}", "/console/conference/{id}.pdf",
    }  # fmt: skip


async def test_a_liaison_takes_home_the_own_departments_targets_and_officers_alone(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    async with sample.written():
        await Target.filter(code="OBJ00001").update(departments=["WJ"])
    officers = await (await liaison.client.get("/console/registers/export?kind=inspectors&form=csv")).text()
    assert "INS-GA-1" in officers and "INS-WJ-1" not in officers
    targets = await (await liaison.client.get("/console/registers/export?kind=targets&form=csv")).text()
    assert "OBJ00001" not in targets and "OBJ00002" in targets
    items = await (await liaison.client.get("/console/registers/export?kind=items&form=csv")).text()
    assert "XH-GA-02" in items


async def test_a_liaison_can_hold_no_draw(world):
    liaison = Actor(Role.LIAISON, "GA", department="GA")
    with pytest.raises(Refusal) as refused:
        await draw.commit(sample.BATCH, by=liaison, at=CEREMONY, random=bytes)
    assert refused.value.code == "actor.role"
