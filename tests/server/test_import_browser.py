"""A list brought, looked at and written in a browser without scripts: each page leads on by itself (Art. 10)."""

from __future__ import annotations

import pytest

from models.rules.actor import Role
from models.tables import Target
from server.console.import_work import IMPORT_WORK
from tests.server.companion.screen import loopback, sign_in
from tests.server.test_import_progress import many
from tests.support import district as sample
from tests.support.page_looks import pictured
from tests.support.register_files import table

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en")])
async def test_a_long_list_goes_its_way_without_scripts(db, browser, width, language):
    await sample.found()
    async with loopback() as house:
        house.server.app[IMPORT_WORK].patience = 0
        context = await browser.new_context(
            viewport={"width": width, "height": 844}, locale=language, java_script_enabled=False
        )
        await sign_in(context, house, "测试联席办", Role.OFFICE)
        page = await context.new_page()
        await page.goto(str(house.server.make_url("/console/registers")))
        form = page.locator("form[action='/console/registers/imports']")
        file = {"name": "示例名单.csv", "mimeType": "text/csv", "buffer": table(*many(2000))}
        await form.locator("input[type=file]").set_input_files(file)
        await form.locator("button").click()
        await page.locator("progress").wait_for()
        await pictured(page, "import-read", width)
        taking = page.locator("form:has(input[value=take])")  # the page came again by itself
        await taking.locator("button").click(no_wait_after=True)
        await page.locator("[role=log] p").first.wait_for()
        await pictured(page, "import-written", width)
        await page.locator("dl dd").first.wait_for()  # what came of it
        await pictured(page, "import-done", width)
        assert await Target.filter(code__startswith="SHOP").count() == 2000
        await context.close()
