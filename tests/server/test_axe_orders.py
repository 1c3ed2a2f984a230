"""The page of an order to rectify judged by axe-core and for its width; its number stands apart from its code (Art. 17)."""

from __future__ import annotations

import pytest

from models.rules import tokens
from models.tables import Rectification
from tests.server.companion.screen import loopback
from tests.support import rectifying
from tests.support.district import district
from tests.support.page_looks import opened

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en")])
async def test_the_page_of_an_order_has_no_serious_finding_and_sets_its_numbers_apart(
    db, browser, width, language
):
    of = await rectifying.reviewed()
    await of.ordered()
    order = await Rectification.get()
    token = tokens.token(district().secret, "rectification", order.number)
    async with loopback() as house:
        house.clock.move(rectifying.ENDED)
        context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        page = await context.new_page()
        await page.goto(str(house.server.make_url(f"/o/{token}")))
        assert not await opened(page)
        boxes = [await page.locator(f".checks > :nth-child({n})").bounding_box() for n in (1, 2, 4)]
        label, number, code = boxes
        assert number["x"] >= label["x"] + label["width"] or number["y"] >= label["y"] + label["height"]
        assert code["y"] >= number["y"] + number["height"] or code["x"] >= number["x"] + number["width"]
        await context.close()
