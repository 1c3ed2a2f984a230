"""One language is on the phone; the other comes when it is wanted, and the app works on where it cannot come."""

from __future__ import annotations

import pytest

from tests.server.companion.phone import on_site
from tests.server.companion.screen import LOOK_AGAIN, installed, loopback, open_app, signed_in
from tests.support import district as sample

pytestmark = pytest.mark.browser
KEPT = """async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys())
    .map((one) => new URL(one.url).pathname)))).flat().filter((path) => path.includes("words-")).sort()"""


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
        assert await page.evaluate(KEPT) == ["/field/words-en.json", "/field/words-zh_Hans.json"]
        await context.set_offline(True)
        await page.reload()
        await page.locator("html[lang=en]").wait_for()
        assert len(context.service_workers) == 1, "the worker that keeps the app is still the first"
        await context.set_offline(False)


EARLIER_VERSION = """async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await (await caches.open("field-earlier")).put("/field/words-en.json", new Response("{}"));
    await (await navigator.serviceWorker.getRegistration("/field/")).unregister(); }"""


async def test_a_new_version_keeps_each_language_that_the_earlier_one_kept(db, browser):
    await sample.found()
    async with loopback() as site:
        visit = await on_site(site, one_department=True)
        context = await signed_in(browser, site, visit.leader.officer)
        page, _ = await open_app(context, site, "#/me")
        await installed(page)
        await page.evaluate(EARLIER_VERSION)
        await page.reload()
        await installed(page)
        assert await page.evaluate(KEPT) == ["/field/words-en.json", "/field/words-zh_Hans.json"]
        english = await page.evaluate("fetch('/field/words-en.json').then((answer) => answer.json())")
        assert "field.tab.tasks" in english, "they are the new version's own"
