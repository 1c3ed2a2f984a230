"""The page of codes taken against their check digits, judged by axe-core and for its width (Art. 10)."""

from __future__ import annotations

import pytest

from models.procedure import code_override
from models.rules.actor import Actor, Role
from tests.models.procedure.test_code_override import CODE
from tests.server.field.screen import loopback, sign_in
from tests.server.test_axe_browser import opened
from tests.support import district as sample
from tests.support.district import CEREMONY

pytestmark = pytest.mark.browser
COLLEAGUE = Actor(Role.OFFICE, "2", "测试联席办乙")


@pytest.fixture
async def house(db):
    async with loopback() as running:
        yield running


@pytest.mark.parametrize(
    ("width", "language", "filled"), [(390, "zh-CN", True), (1280, "en", True), (390, "en", False)]
)
async def test_the_page_has_no_serious_finding(house, browser, tmp_path, width, language, filled):
    await sample.found()
    if filled:
        await code_override.propose(CODE, "OBJ00001", "GA", "示例:已核对执照原件", by=COLLEAGUE, at=CEREMONY)
    context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    await sign_in(context, house, "测试联席办", Role.OFFICE)
    page = await context.new_page()
    for place in ("/console/", "/console/code-overrides"):
        await page.goto(str(house.server.make_url(place)))
        await page.screenshot(path=str(tmp_path / f"{width}{place[-9:-1].strip('/')}.png"), full_page=True)
        assert await opened(page) == []
