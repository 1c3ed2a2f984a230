"""工作群 at the desk: a leader's code, what is bound, unbound by the leader or the office; unknown to others (Art. 15)."""

from __future__ import annotations

import re

import pytest

from models.procedure import team_group
from models.rules.actor import Role
from models.rules.team_group import GroupPlace, GroupTrouble
from models.tables import Assignment, GroupCode, Task, TeamGroup
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY

GROUPS = "/console/groups"


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site(chat=True, deep_link="https://t.me/example_bot?start={}".format) as made:
        made.task = await Task.all().order_by("number").first()
        made.leader = await sample.leader_of(made.task)
        yield made


async def bound(world) -> TeamGroup:
    await team_group.invite(world.task.team_id, "code", by=world.leader, at=CEREMONY)
    group = await team_group.bind("code", GroupPlace(-1001, None, "示例群"), by=world.leader, at=CEREMONY)
    return await TeamGroup.get(id=group.id)


async def test_a_leader_gets_a_code_once_as_a_link_as_a_picture_and_as_a_line(world):
    browser = await world.browser(Role.INSPECTOR, world.leader.id)
    page = await browser.get(GROUPS)
    assert "还没有工作群" in page.text
    shown = await browser.post(GROUPS, team=world.task.team_id)
    [link] = re.findall(r'href="https://t\.me/example_bot\?startgroup=([\w-]+)"', shown.html)
    assert f"/bind@example_bot {link}" in shown.text and "<svg" in shown.html
    code = await GroupCode.get()
    assert link not in code.token_sha256 and code.account_id == world.leader.account


async def test_who_leads_another_team_gets_no_code_for_this_one(world):
    member = await Assignment.filter(task=world.task, until=None, leader=False).first()
    browser = await world.browser(Role.INSPECTOR, member.inspector_id)
    assert "您现在没有带联合抽查组" in (await browser.get(GROUPS)).text
    assert (await browser.post(GROUPS, team=world.task.team_id)).status == 409
    assert await GroupCode.all().count() == 0


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.OFFICE])
async def test_the_leader_and_the_office_see_the_group_and_what_is_missing_there_and_unbind_it(world, role):
    row = await bound(world)
    await team_group.noted(row.id, GroupTrouble.UNPINNED, None, at=CEREMONY)
    browser = await world.browser(role, world.leader.id if role == Role.INSPECTOR else "联席办")
    page = await browser.get(GROUPS)
    assert "示例群" in page.text and "没能置顶" in page.text
    assert (await browser.post(f"{GROUPS}/{row.id}/end")).status == 303
    assert (await TeamGroup.get()).end_reason == "unbound"
    assert "示例群" not in (await browser.get(GROUPS)).text


async def test_a_group_of_another_team_is_unknown(world):
    row = await bound(world)
    member = await Assignment.filter(task=world.task, until=None, leader=False).first()
    browser = await world.browser(Role.INSPECTOR, member.inspector_id)
    await browser.get(GROUPS)
    assert (await browser.post(f"{GROUPS}/{row.id}/end")).status == 404
    assert (await browser.post(f"{GROUPS}/999/end")).status == 404
    assert (await TeamGroup.get()).ended_at is None


async def test_the_page_is_in_english_too(world):
    await bound(world)
    browser = await world.browser(Role.INSPECTOR, world.leader.id)
    assert "Unbind" in (await browser.get(f"{GROUPS}?lang=en")).text
