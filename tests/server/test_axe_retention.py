"""案卷保管 judged by axe-core and for its width (Art. 20)."""

from __future__ import annotations

import pytest

from models.procedure import retention
from models.rules.actor import Actor, Role
from models.tables import Task
from tests.server.companion.screen import loopback
from tests.server.test_console_retention import END
from tests.support.district import account
from tests.support.evidence import filled
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (1280, "zh-CN")])
async def test_the_keeping_of_dossiers_has_no_serious_finding(db, browser, width, language):
    await filled()
    task, page = await Task.get(state="archived"), "/console/retention"
    head = await account(Role.HEAD, "GA")
    by = Actor(Role.HEAD, "GA", "示例", "GA", head.id)
    async with loopback() as house:
        house.clock.move(END)
        looks = Looks(browser, house, width, language)

        await retention.set_term(10, "示例规定", by=by, at=END)
        await looks.look(page, by=Role.HEAD, of="GA", name="retention-over")
        await retention.propose([task.number], "示例鉴定:可以销毁", by=by, at=END)
        await account(Role.OFFICE, "测试联席办")
        await looks.look(page, by=Role.OFFICE, of="测试联席办", name="retention-list")
    assert looks.wrong == {}
