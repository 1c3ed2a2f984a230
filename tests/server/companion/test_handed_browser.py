"""当面送达 on a real screen: written down without reception, told when it arrives (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from models.tables import Attempt, Notice, Target, Task
from tests.server.companion.phone import task_of
from tests.server.companion.screen import loopback, open_app, path, signed_in
from tests.server.pages import Site
from tests.support import district as sample
from tests.support.district import district, written

pytestmark = pytest.mark.browser
ARRIVED = ".pill[data-waiting='0'][data-line=on]"


@pytest.fixture
async def house(db) -> AsyncIterator[Site]:
    await sample.found()
    async with loopback() as made:
        yield made


async def test_who_received_the_letter_is_noted_without_reception_and_told_when_it_arrives(house, browser):
    visit = await task_of(house)
    task = await Task.get(number=visit.number)
    async with written():
        await Target.filter(code=task.target_id).update(channels=["personal"])
    await sample.visit_fixed(task, district())
    context = await signed_in(browser, house, visit.leader.officer, viewport={"width": 320, "height": 640})
    page, complaints = await open_app(context, house, path(visit))
    await page.get_by_text("当面送达").click()
    await context.set_offline(True)
    await page.get_by_text("已交给对方").click()
    await page.fill("#who", "示例人，前台")
    await page.locator("button.main").click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    assert not await Attempt.exists(channel="personal")
    await context.set_offline(False)
    await page.locator(ARRIVED).wait_for(timeout=30_000)
    row = await Attempt.get(channel="personal")
    assert (row.outcome, row.detail, row.by) == ("told", "示例人，前台", f"inspector:{visit.leader.officer}")
    assert (await Notice.get(task=task)).state == "sent"
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []
