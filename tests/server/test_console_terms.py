"""期限一览 on the console, and the year whose working days nobody has loaded (Art. 16 (3))."""

from datetime import datetime

import pytest

from locales import words
from models.rules.actor import Role
from models.rules.term.kinds import KINDS
from models.rules.visit import SHANGHAI
from tests.server.pages import site
from tests.support import district as sample

EVERYBODY = [
    (Role.OFFICE, "测试联席办"), (Role.HEAD, "GA"), (Role.INSPECTOR, "INS-GA-1"), (Role.LIAISON, "GA"),
]  # fmt: skip


@pytest.fixture
async def world(db):
    await sample.found()
    async with site(letter=lambda *_: None) as made:
        yield made


async def test_the_page_lists_every_kind_with_its_length(world):
    page = await (await world.browser(Role.OFFICE, "测试联席办")).get("/console/terms")
    assert all(words("zh_Hans")(f"term.kind.{kind.name}") in page.text for kind in KINDS)
    assert "20个工作日" in page.text


@pytest.mark.parametrize(("role", "of"), EVERYBODY)
async def test_from_november_the_missing_year_stands_on_every_desk(world, role, of):
    world.clock.move(datetime(2026, 11, 1, 9, tzinfo=SHANGHAI))
    page = await (await world.browser(role, of)).get("/console/")
    assert "2027年工作日安排尚未载入" in page.text
    assert ("/console/registers#calendar" in page.reader.links) == (role == Role.OFFICE)


async def test_in_october_nobody_is_asked_for_it(world):
    world.clock.move(datetime(2026, 10, 31, 9, tzinfo=SHANGHAI))
    page = await (await world.browser(Role.OFFICE, "测试联席办")).get("/console/")
    assert "尚未载入" not in page.text
