"""At the door with the phone in a real browser: the code that changes, read back, and a refusal (Art. 16 (2), 18)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from models.rules import arrival
from models.states import TaskState
from models.tables import Arrival, NonCooperation, Photo, Task
from tests.server.companion.phone import Visit, jpeg, task_of
from tests.server.companion.screen import Hand, installed, loopback, open_app, path, signed_in
from tests.support import district as sample
from tests.support.district import VISIT, district
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        made = await task_of(site, one_department=True)
        await sample.visit_fixed(made.task, district())
        site.clock.move(VISIT + timedelta(seconds=5))
        yield made


async def link_on(page) -> str:
    """What another phone's camera reads from this screen."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(await page.screenshot())))
    assert [one.format for one in found] == [zxingcpp.BarcodeFormat.QRCode]
    return found[0].text


async def test_the_code_is_made_without_reception_changes_every_30_seconds_and_opens_the_door(visit, browser):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site, path(visit))
    await installed(page)
    await page.clock.install(time=VISIT + timedelta(seconds=5))
    await page.reload()
    await page.wait_for_selector("body.ready")
    await page.get_by_text("亮码 · 到场登记").click()
    await page.locator(".qr svg").wait_for()
    await context.set_offline(True)
    first = await link_on(page)
    assert first.startswith(district().public_url + "/a/") and len(first.rpartition("/")[2]) == arrival.LENGTH
    await page.clock.fast_forward(26_000)
    await page.locator(f".qr[data-link]:not([data-link='{first}'])").wait_for()
    second = await link_on(page)
    assert second != first
    await context.set_offline(False)

    visit.site.clock.move(VISIT + timedelta(seconds=35))
    entity = await browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    there = await entity.new_page()
    token = second.rpartition("/")[2]
    await there.goto(str(visit.site.server.make_url(f"/a/{token}")))
    assert "身份有效" in await there.locator("h1").inner_text()
    assert (await Arrival.get(task=visit.task)).inspector_id == visit.leader.officer
    await page.locator("#arrived").wait_for()
    visit.site.clock.move(timedelta(seconds=61))
    await there.reload()
    assert "已过期" in await there.locator("h1").inner_text()
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


async def test_a_refusal_is_photographed_reported_and_confirmed_by_a_second_phone(visit, browser, tmp_path):
    first, second = visit.everybody[0], visit.everybody[-1]
    context = await signed_in(browser, visit.site, first.officer)
    page, complaints = await open_app(context, visit.site, path(visit))
    hand = Hand(page, tmp_path)
    await hand.tap("#otherwise summary")
    await page.get_by_text("报告不予配合").click()
    await hand.tap("[data-ground='1']")
    await hand.type("textarea", "示例:出示告知书后仍拒绝开门")
    await hand.photograph(1, jpeg(1))
    await hand.tap("#report")
    await page.locator("#pending-refusal").wait_for()
    await until(lambda: Photo.exists(about="refusal"))
    await until(NonCooperation.exists)
    row = await NonCooperation.all().first()
    assert (row.grounds, row.facts) == ([1], "示例:出示告知书后仍拒绝开门")

    other = await signed_in(browser, visit.site, second.officer)
    there, more = await open_app(other, visit.site, path(visit))
    await there.get_by_text("我也在场，确认属实").click()
    await until(lambda: NonCooperation.exists(id=row.id, confirmed_by=second.officer))
    await page.get_by_text("等待部门负责人认定").wait_for()
    assert (await Task.get(id=visit.task.id)).state == TaskState.SCHEDULED
    assert complaints + more == []
