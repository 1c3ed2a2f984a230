"""An entry's targets are counted while its filter is filled in; without scripts by the button (Art. 12)."""

from __future__ import annotations

import pytest

from models.rules.actor import Role
from models.tables import PlanDraft
from tests.server.companion.screen import loopback, sign_in
from tests.support import district as sample
from tests.support.page_looks import judged, pictured

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    await sample.found()
    async with loopback(chat=False) as made:
        yield made


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en")])
async def test_the_number_follows_the_filter_and_is_said_aloud(house, browser, width, language):
    context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    await sign_in(context, house, "GA", Role.LIAISON)
    page = await context.new_page()
    await page.goto(str(house.server.make_url("/console/drafts/new?year=2027")))
    region = page.locator("#count[aria-live=polite]")
    assert (await region.inner_text()).strip() == ""
    await page.check("input[name=items][value=XH-GA-02]")
    await page.fill("input[name=rate_A]", "50")
    await page.fill("input[name=industries]", "H6110")
    await region.locator("h2").wait_for()
    await page.locator("#count", has_text="12").wait_for()
    await pictured(page, "counting", width, language)
    assert await judged(page) == []
    await page.fill("input[name=industries]", "I6513")
    await page.locator("#count", has_not_text="12").wait_for()
    assert not await PlanDraft.exists()


async def test_without_scripts_the_button_counts(house, browser):
    context = await browser.new_context(java_script_enabled=False, locale="zh-CN")
    await sign_in(context, house, "GA", Role.LIAISON)
    page = await context.new_page()
    await page.goto(str(house.server.make_url("/console/drafts/new?year=2027")))
    for name, value in (
        ("code", "2027-XH-GA-02"),
        ("title", "示例"),
        ("opens", "2027-03-01"),
        ("closes", "2027-04-30"),
    ):
        await page.fill(f"input[name={name}]", value)
    await page.fill("input[name=industries]", "H6110")
    await page.fill("input[name=rate_A]", "50")
    await page.check("input[name=items][value=XH-GA-02]")
    await page.check("input[name=methods][value=ON_SITE]")
    await page.check("input[name=participating][value=WJ]")
    await page.click("button[value=count]")
    assert "12" in await page.inner_text("#count")
