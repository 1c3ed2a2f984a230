"""The item list's public and desk pages, judged by axe-core and for their width (Art. 9)."""

from __future__ import annotations

import pytest

from models.procedure import item_list, register_entry
from models.rules.actor import Role
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser
LOOKS = [(390, "zh-CN", True), (1280, "en", True), (390, "en", False), (1280, "zh-CN", False)]


@pytest.fixture
async def house(db):
    async with loopback() as running:
        yield running


@pytest.mark.parametrize(("width", "language", "filled"), LOOKS)
async def test_the_item_lists_pages_have_no_serious_finding(house, browser, width, language, filled):
    places = ["/items", "/console/items"]
    if filled:
        await sample.found()
        await item_list.publish("district", "示例:首版", by=OFFICE, at=CEREMONY)
        await register_entry.edit(
            "items",
            "XH-GA-04",
            {"示例频次": "示例:2次/年", "检查依据": "《示例条例》第1条"},
            by=OFFICE,
            at=CEREMONY,
        )
        await item_list.publish("law", "示例条例2027年修订", by=OFFICE, at=CEREMONY)
        await register_entry.edit("items", "XH-GA-03", {"示例频次": "示例:3次/年"}, by=OFFICE, at=CEREMONY)
        places += [
            "/items/difference?from=1&to=2",
            "/items?version=1",
            "/console/registers/checklists/XH-GA-02/03/04/05",
        ]
    looks = Looks(browser, house, width, language)
    await looks.look(*places, by=Role.OFFICE, of="测试联席办")
    assert looks.wrong == {}
