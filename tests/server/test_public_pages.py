"""What anybody may open: the notice check, plans, draws, results."""

import pytest

from models.procedure import entry, publication
from models.rules.actor import Actor, Role
from models.tables import Draw, Notice, Task
from tests import district as sample
from tests.district import BATCH, CEREMONY, VISIT, Clock, district
from tests.server.pages import Browser, notice_token, site

HEAD_GA = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
NAMES = ("检员", "联络员", "示例人", "0375-", "1390000")


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def given_notice(clock: Clock) -> Notice:
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    return await Notice.get(task=task)


async def open_notice(browser: Browser, notice: Notice, **headers: str):
    return await browser.get(f"/n/{notice_token(notice.number)}", **headers)


async def test_a_stranger_reads_what_this_is(world):
    page = await (await world.browser()).get("/")
    assert page.status == 200
    assert "随机抽查" in page.text
    assert "从不收费" in page.text


async def test_the_entity_sees_that_its_notice_is_genuine(world):
    notice = await given_notice(world.clock)
    page = await open_notice(await world.browser(), notice)
    assert page.status == 200
    assert "真实有效" in page.text
    assert notice.number in page.text
    assert notice.check_code in page.text
    assert "district.example" in page.text
    assert "营业执照" in page.text
