"""Art. 15 on a phone's screen: a half day is said without reception, arrives once, and is taken back by one tap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from models.tables import AwayTime
from tests.server.companion.phone import Visit, on_site
from tests.server.companion.screen import installed, loopback, open_app, signed_in
from tests.support import district as sample
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        yield await on_site(site, one_department=True)


async def said() -> list[AwayTime]:
    return await AwayTime.filter(taken_back_at=None)


async def test_a_half_day_is_said_without_reception_and_taken_back(visit: Visit, browser: Any):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site)
    await installed(page)
    await page.get_by_role("link", name="不能到的时间").click()
    await context.set_offline(True)
    await page.get_by_role("radio").nth(3).click()
    await page.locator("[data-part=afternoon]").click()
    await page.get_by_text("待上传").first.wait_for()
    assert await said() == []
    await context.set_offline(False)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await until(said)
    await page.get_by_role("button", name="收回").click()

    async def nothing_stands() -> bool:
        return not await said()

    await until(nothing_stands)
    assert await AwayTime.all().count() == 1
    assert [each for each in complaints if "ERR_INTERNET_DISCONNECTED" not in each] == []
