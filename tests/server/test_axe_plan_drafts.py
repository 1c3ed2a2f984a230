"""The pages of a plan that is drafted, judged by axe-core and for their width, as liaison, head and office (Art. 12)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.procedure import plan_draft
from models.rules.actor import Actor, Role
from tests.models.procedure.test_plan_draft import FORM
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser
AT = datetime(2027, 1, 20, 4, tzinfo=UTC)


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (390, "en"), (1280, "zh-CN")])
async def test_the_drafts_have_no_serious_finding(house, browser, width, language):
    await sample.found()
    made = await plan_draft.put(2027, FORM, by=Actor(Role.LIAISON, "GA", department="GA"), at=AT)
    await plan_draft.consent(
        made.entries[0].id, False, "示例:人手不足", by=Actor(Role.HEAD, "WJ", department="WJ"), at=AT
    )
    looks, draft = Looks(browser, house, width, language), f"/console/drafts/{made.id}"
    entry = f"/console/drafts/entries/{made.entries[0].id}"
    for role, of, pages in (
        (Role.LIAISON, "GA", ("/console/drafts/new?year=2027", entry, draft, "/console/")),
        (Role.HEAD, "XF", (draft, "/console/")),
        (Role.OFFICE, "测试联席办", ("/console/drafts?year=2027", "/console/drafts?year=2030", draft)),
    ):
        await looks.look(*pages, by=role, of=of)
    assert looks.wrong == {}
