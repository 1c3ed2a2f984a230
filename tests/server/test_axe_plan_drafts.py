"""The pages of a plan that is drafted, judged by axe-core and for their width, as liaison, head and office (Art. 12)."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.procedure import plan_draft
from models.rules.actor import Actor, Role
from tests.models.procedure.test_plan_draft import FORM
from tests.server.field.screen import loopback, sign_in
from tests.server.test_axe_browser import opened
from tests.support import district as sample

pytestmark = pytest.mark.browser
AT = datetime(2027, 1, 20, 4, tzinfo=UTC)
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


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
    wrong, draft = {}, f"/console/drafts/{made.id}"
    entry = f"/console/drafts/entries/{made.entries[0].id}"
    for role, of, pages in (
        (Role.LIAISON, "GA", ("/console/drafts/new?year=2027", entry, draft, "/console/")),
        (Role.HEAD, "XF", (draft, "/console/")),
        (Role.OFFICE, "测试联席办", ("/console/drafts?year=2027", "/console/drafts?year=2030", draft)),
    ):
        context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        await sign_in(context, house, of, role)
        page = await context.new_page()
        for at in pages:
            await page.goto(str(house.server.make_url("/")).rstrip("/") + at)
            if said := await opened(page):
                wrong[role, at] = said
            if SHOTS:
                name = f"{role}-{at.strip('/').replace('/', '-').replace('?', '-')}-{width}-{language}.png"
                await page.screenshot(path=Path(SHOTS, name), full_page=True)
        await context.close()
    assert wrong == {}
