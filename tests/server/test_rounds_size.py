"""The office and heads look on at the rounds of a batch page by page, however many visits it has (Art. 16 (2))."""

import re

import pytest

from models.rules.actor import Role
from models.tables import Assignment
from tests.server.pages import site
from tests.support import crowd_of_tasks
from tests.support.district import BATCH
from tests.support.statements import counted

LARGEST = 120_000  # bytes of a page


@pytest.fixture
async def crowd(db):
    tasks = await crowd_of_tasks.crowd()
    async with site() as world:
        world.clock.at = tasks.at
        yield world, tasks


async def looked_at(browser):
    async with counted() as asked:
        page = await browser.get("/console/notices")
    assert page.status == 200
    return len(asked.statements), page


async def test_a_page_of_rounds_costs_what_it_shows(crowd):
    world, tasks = crowd
    office = await world.browser(Role.OFFICE, "测试联席办")
    await tasks.grow(600)
    few, _ = await looked_at(office)
    await tasks.grow(600)
    many, page = await looked_at(office)
    assert many <= few
    assert len(page.body) <= LARGEST


async def test_every_visit_stands_on_one_of_the_pages(crowd):
    world, tasks = crowd
    head = await world.browser(Role.HEAD, "GA")
    await tasks.grow(180)
    shown, number = [], 1
    while True:
        page = await head.get(f"/console/notices?batch={BATCH}&page={number}")
        shown += re.findall(r'class="row"><a href="/console/tasks/([^"]+)"', page.body.decode())
        if 'rel="next"' not in page.body.decode():
            break
        number += 1
    led = Assignment.filter(leader=True, until=None, department="GA", task__batch_id=BATCH)
    assert sorted(shown) == sorted(await led.values_list("task__number", flat=True))
    assert number > 1
