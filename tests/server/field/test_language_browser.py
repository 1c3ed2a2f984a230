"""One language is on the phone; the other comes when it is wanted, and the app works on where it cannot come."""

from __future__ import annotations

import pytest

from tests.server.field.phone import on_site
from tests.server.field.screen import LOOK_AGAIN, installed, loopback, open_app, signed_in
from tests.support import district as sample

pytestmark = pytest.mark.browser
KEPT = """async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys())
    .map((one) => new URL(one.url).pathname)))).flat().filter((path) => path.includes("words-")).sort()"""
KEEPS = """async () => { while (!(await (%s)()).includes('/field/words-en.json')) {
    dispatchEvent(new Event('online')); await new Promise((on) => setTimeout(on, 50)); } }"""


async def test_the_other_language_waits_for_a_network_and_is_kept_then(db, browser):
    await sample.found()
    async with loopback() as site:
        visit = await on_site(site, one_department=True)
        context = await signed_in(browser, site, visit.leader.officer)
        page, _ = await open_app(context, site, "#/me")
        await installed(page)
        assert await page.evaluate(KEPT) == ["/field/words-zh_Hans.json"]
        await context.set_offline(True)
        await page.get_by_text("English").click()
        await page.get_by_text("暂时不能切换语言").wait_for()
        await page.reload()
        await page.get_by_text("中文").wait_for()
        assert await page.locator("html").get_attribute("lang") == "zh-CN", "it is worded as before"
        await context.set_offline(False)
        await page.evaluate(LOOK_AGAIN)
        await page.locator("html[lang=en]").wait_for()
        await page.evaluate(KEEPS % KEPT)
        await context.set_offline(True)
        await page.reload()
        await page.locator("html[lang=en]").wait_for()
        await context.set_offline(False)
