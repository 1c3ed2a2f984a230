"""A checklist's draft, judged by axe-core and for its width (Art. 7)."""

from __future__ import annotations

import pytest

from models.procedure import checklist_draft
from models.rules.actor import Role
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser
LOOKS = [(390, "zh-CN", True), (1280, "en", True), (390, "en", False), (1280, "zh-CN", False)]
HERE = "/console/registers/checklists"


@pytest.fixture
async def house(db):
    async with loopback() as running:
        yield running


@pytest.mark.parametrize(("width", "language", "filled"), LOOKS)
async def test_a_checklists_pages_have_no_serious_finding(house, browser, width, language, filled):
    await sample.found()
    code = "XH-GA-02/03/04/05" if filled else "XH-GA-02"
    draft = await checklist_draft.begin(code, "示例检查表", by=OFFICE, at=CEREMONY)
    places = [f"{HERE}/new", f"{HERE}/drafts/{draft.id}", f"{HERE}/drafts/{draft.id}/points/new"]
    if filled:
        places += [f"{HERE}/{code}", f"{HERE}/drafts/{draft.id}/points/3"]
    looks = Looks(browser, house, width, language)
    await looks.look(*places, by=Role.OFFICE, of="测试联席办")
    assert looks.wrong == {}
