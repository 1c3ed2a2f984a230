"""The page of codes taken against their check digits, judged by axe-core and for its width (Art. 10)."""

from __future__ import annotations

import pytest

from models.procedure import code_override
from models.rules.actor import Actor, Role
from tests.models.procedure.test_code_override import CODE
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser
COLLEAGUE = Actor(Role.OFFICE, "2", "测试联席办乙")


@pytest.fixture
async def house(db):
    async with loopback() as running:
        yield running


@pytest.mark.parametrize(
    ("width", "language", "filled"), [(390, "zh-CN", True), (1280, "en", True), (390, "en", False)]
)
async def test_the_page_has_no_serious_finding(house, browser, width, language, filled):
    await sample.found()
    if filled:
        await code_override.propose(CODE, "OBJ00001", "GA", "示例:已核对执照原件", by=COLLEAGUE, at=CEREMONY)
    looks = Looks(browser, house, width, language)
    await looks.look("/console/", "/console/code-overrides", by=Role.OFFICE, of="测试联席办")
    assert looks.wrong == {}
