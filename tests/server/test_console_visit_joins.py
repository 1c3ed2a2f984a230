"""合并上门 at a desk: proposed by a leader, accepted by leader and heads; unknown to everybody else (Art. 15)."""

from __future__ import annotations

import pytest

from models.rules.actor import Role
from models.tables import Assignment, VisitJoin
from tests.server.pages import site
from tests.support import district as sample
from tests.support import two_batches

JOINS = "/console/joins"


@pytest.fixture
async def world(db):
    tasks = await two_batches.drawn()
    async with site() as made:
        made.tasks = tasks
        yield made


async def test_a_leader_proposes_and_the_others_accept_on_their_pages(world):
    first, second = world.tasks
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(first)).id)
    page = await browser.get(JOINS)
    assert first.number in page.text and second.number in page.text
    await browser.post(JOINS, task=first.number, other=second.number)
    row = await VisitJoin.get()
    seats = await Assignment.filter(task_id__in=[first.id, second.id], leader=True, until=None)
    asked = [(Role.INSPECTOR, (await sample.leader_of(second)).id)]
    asked += [(Role.HEAD, department) for department in sorted({seat.department for seat in seats})]
    for role, of in asked:
        theirs = await world.browser(role, of)
        assert f"{JOINS}/{row.id}/answer" in (await theirs.get(JOINS)).html
        if role == Role.HEAD:
            assert "请答复是否合并上门" in (await theirs.get("/console/")).text
        assert (await theirs.post(f"{JOINS}/{row.id}/answer", act="agree", reason="")).status == 303
    assert (await VisitJoin.get()).joined_at is not None
    assert f"{JOINS}/{row.id}/part" in (await browser.get(JOINS)).html


async def test_who_is_not_asked_is_told_that_there_is_nothing(world):
    first, second = world.tasks
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(first)).id)
    await browser.get(JOINS)
    await browser.post(JOINS, task=first.number, other=second.number)
    row = await VisitJoin.get()
    member = await Assignment.filter(task=first, until=None, leader=False).first()
    theirs = await world.browser(Role.INSPECTOR, member.inspector_id)
    await theirs.get(JOINS)
    assert (await theirs.post(f"{JOINS}/{row.id}/answer", act="agree", reason="")).status == 404
    assert (await VisitJoin.get()).joined_at is None


async def test_the_page_is_in_english_too(world):
    first, _ = world.tasks
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(first)).id)
    assert "Propose one visit" in (await browser.get(f"{JOINS}?lang=en")).text
