"""改派 at a desk: proposed by a leader, agreed to by the other leader and the head, then on the public page (Art. 15)."""

from __future__ import annotations

import pytest

from models.rules.actor import Role
from models.tables import Assignment, Reassignment, Task
from tests.server.pages import site
from tests.support import district as sample

PAGE = "/console/reassignments"


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        made.task = await Task.all().order_by("number").first()
        made.other = await Task.exclude(team_id=made.task.team_id).order_by("number").first()
        yield made


async def proposed(world):
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(world.task)).id)
    assert world.task.number in (await browser.get(PAGE)).text
    team = 3 - (await world.task.team).number
    assert (await browser.post(PAGE, task=world.task.number, team=str(team), ground="near")).status == 303
    return browser, await Reassignment.get()


async def test_it_is_proposed_agreed_to_and_public_and_names_nobody_there(world):
    browser, row = await proposed(world)
    seat = await Assignment.get(task=world.task, leader=True, until=None)
    for role, of in (
        (Role.INSPECTOR, (await sample.leader_of(world.other)).id),
        (Role.HEAD, seat.department),
    ):
        theirs = await world.browser(role, of)
        if role == Role.HEAD:
            assert "请答复是否改派" in (await theirs.get("/console/")).text
        assert f"{PAGE}/{row.id}/answer" in (await theirs.get(PAGE)).html
        assert (await theirs.post(f"{PAGE}/{row.id}/answer", act="agree", reason="")).status == 303
    assert (await Task.get(id=world.task.id)).team_id == world.other.team_id
    public = (await browser.get(f"/draws/{world.task.draw_id}")).text
    assert "就近安排" in public
    assert world.task.number not in public


async def test_who_is_not_asked_is_told_that_there_is_nothing(world):
    _, row = await proposed(world)
    member = await Assignment.filter(task=world.task, until=None, leader=False).first()
    theirs = await world.browser(Role.INSPECTOR, member.inspector_id)
    await theirs.get(PAGE)
    assert (await theirs.post(f"{PAGE}/{row.id}/answer", act="agree", reason="")).status == 404


async def test_a_team_that_is_no_number_is_refused_in_words(world):
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(world.task)).id)
    await browser.get(PAGE)
    assert (await browser.post(PAGE, task=world.task.number, team="x", ground="near")).status == 400
    assert await Reassignment.all().count() == 0


async def test_the_page_is_in_english_too(world):
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(world.task)).id)
    assert "Another team takes it" in (await browser.get(f"{PAGE}?lang=en")).text
