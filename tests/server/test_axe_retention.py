"""案卷保管 judged by axe-core and for its width (Art. 20)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.procedure import retention
from models.rules.actor import Actor, Role
from models.tables import Task
from tests.server.field.screen import loopback, sign_in
from tests.server.test_axe_browser import opened
from tests.server.test_console_retention import END
from tests.support.district import account
from tests.support.evidence import filled

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (1280, "zh-CN")])
async def test_the_keeping_of_dossiers_has_no_serious_finding(db, browser, width, language):
    await filled()
    task, wrong = await Task.get(state="archived"), {}
    head = await account(Role.HEAD, "GA")
    by = Actor(Role.HEAD, "GA", "示例", "GA", head.id)
    async with loopback() as house:
        house.clock.move(END)

        async def look(name: str, role: Role, of: str) -> None:
            context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
            await sign_in(context, house, of, role)
            page = await context.new_page()
            await page.goto(str(house.server.make_url("/")).rstrip("/") + "/console/retention")
            if said := await opened(page):
                wrong[name] = said
            if SHOTS:
                await page.screenshot(path=Path(SHOTS, f"{name}-{width}-{language}.png"), full_page=True)
            await context.close()

        await retention.set_term(10, "示例规定", by=by, at=END)
        await look("retention-over", Role.HEAD, "GA")
        await retention.propose([task.number], "示例鉴定:可以销毁", by=by, at=END)
        await account(Role.OFFICE, "测试联席办")
        await look("retention-list", Role.OFFICE, "测试联席办")
    assert wrong == {}
