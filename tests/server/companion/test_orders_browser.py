"""责令改正 on a real screen: ordered, looked at on site, signed on glass, verified by it (Art. 17)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from models.queries import rechecks
from models.queries import rectification as queries
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.tables import Photo, RecheckSignature, Rectification
from tests.server.companion.phone import jpeg
from tests.server.companion.screen import loopback, open_app, signed_in
from tests.server.pages import Site
from tests.support import page_looks, rectifying
from tests.support.district import team_of
from tests.support.rectifying import ENDED, Wanting

pytestmark = pytest.mark.browser
DAY = datetime.combine(ENDED.date() + timedelta(days=2), time(10), SHANGHAI)


@pytest.fixture
async def house(db) -> AsyncIterator[Site]:
    async with loopback() as made:
        made.clock.move(ENDED)
        yield made


async def the_order() -> queries.OrderLine:
    return await queries.line((await Rectification.get()).id)


def orders_of(of: Wanting) -> str:
    return f"#/t/{of.task.number}/orders"


async def signed_by(page: Any, name: str) -> None:
    """Whose hand, a finger on the glass, and 保存签名."""
    recheck = page.locator("[data-recheck]")
    await recheck.get_by_role("radio", name=f"签字 · {name}").click()
    await recheck.get_by_role("radio", name=f"签字 · {name}", checked=True).wait_for()
    await recheck.locator("canvas").scroll_into_view_if_needed()
    glass = await recheck.locator("canvas").bounding_box()
    x, y = glass["x"] + 40, glass["y"] + 40
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 120, y + 30, steps=6)
    await page.mouse.up()
    await recheck.locator("button.main.good").click()
    await recheck.locator("li.row", has_text=name).wait_for()


async def test_an_order_is_given_looked_at_on_site_and_verified_by_both_signatures(house, browser):
    of = await rectifying.reviewed()
    mate = (await team_of(of.task))[of.department][1]
    context = await signed_in(browser, house, of.officer.id)
    page, complaints = await open_app(context, house, orders_of(of))
    await page.locator("#order-due").fill("2026-12-21")
    await page.locator("#rectify button.main").click()
    await page.locator("[data-order]").wait_for()
    order = await the_order()
    assert (order.due, len(order.points)) == (date(2026, 12, 21), 2)
    await page.get_by_text("安排现场复查", exact=True).first.click()
    await page.locator(f"#recheck-day-{order.id}").fill(DAY.date().isoformat())
    named = next(name for code, name in (await _names(of)).items() if code == mate.id)
    other = page.locator("details", has=page.locator(f"#extend-{order.id}"))
    await other.locator("summary").click()
    await page.locator("[data-order]").evaluate("(shown) => shown.classList.add('earlier')")
    await page.locator("[data-order]").get_by_role("radio", name=named, exact=True).click()
    await page.locator("[data-order]:not(.earlier)").wait_for()
    assert await other.get_attribute("open") is not None, (
        "what was folded open stays so when the screen is drawn anew"
    )
    await page.get_by_role("button", name="安排现场复查").click()
    await page.locator("[data-recheck]").wait_for()
    line = (await the_order()).rechecks[0]
    assert (line.begins, dict(line.officers)[mate.id]) == (DAY, named)
    assert complaints == []
    await context.close()
    house.clock.move(DAY)
    context = await signed_in(browser, house, of.officer.id)
    page, complaints = await open_app(context, house, orders_of(of))
    await page.get_by_role("button", name="开始复查").click()
    await page.locator("[data-recheck] input#gallery-recheck").set_input_files(
        [{"name": "after.jpg", "mimeType": "image/jpeg", "buffer": jpeg(5)}]
    )
    await page.locator("[data-recheck] .strip li").wait_for()
    groups = page.locator("[data-recheck] [role=radiogroup], [data-recheck] [role=group]")
    await groups.nth(0).get_by_text("已改正", exact=True).click()
    await groups.nth(1).get_by_text("部分改正", exact=True).click()
    await page.locator("[data-recheck] button.main.good").click()
    await page.get_by_text("未改正到位的，请写明情况").wait_for()
    await page.locator(f"#note-{line.id}-{of.points[1]}").fill("示例:仍缺一只")
    await page.locator("[data-recheck] button.main.good").click()
    await page.locator("[data-recheck]").get_by_text(f"签字 · {named}").wait_for()
    await page.locator("[data-awaited]", has_text="在复查记录上签字").wait_for()
    aside = page.locator("details.more")
    assert await aside.get_attribute("open") is None, "what would go past the signatures waits behind a fold"
    assert await aside.get_by_text("安排现场复查").count()
    await page_looks.pictured(page, "orders-awaiting-signatures-390")
    assert await Photo.filter(about="recheck").count() == 1, "the end waits for the photos before it"
    for who in (named, (await _names(of))[of.officer.id]):
        await signed_by(page, who)
    await page.locator("[data-order] .chip", has_text="部分改正").first.wait_for()
    decided = await the_order()
    assert (decided.state, decided.done) == (R.PARTLY, of.points[:1])
    assert await RecheckSignature.filter(role="officer").exclude(picture="").count() == 2
    assert complaints == []


async def _names(of: Wanting) -> dict[str, str]:
    return dict(await rechecks.mates(of.task.number, ""))
