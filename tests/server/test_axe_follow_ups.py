"""后续处理 and 公示预览 judged by axe-core and for their width, on the desk and by the link of a referral (Art. 8, 17)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from models.procedure import follow_up
from models.rules import tokens
from models.rules.actor import Role
from models.rules.follow_up import FollowUpForm
from models.rules.visit import local_day
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.server.field.screen import loopback, sign_in
from tests.server.test_axe_browser import opened
from tests.support import publishing
from tests.support.district import account

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (1280, "zh-CN")])
async def test_cases_and_referrals_have_no_serious_finding_on_any_page(house, browser, width, language):
    task = await over()
    await publishing.entered(task, ["R06"], HEAD, ENTERED)
    await account(Role.HEAD, "GA")
    sent = FollowUpForm("referral", local_day(ENTERED), "示例函〔2026〕1号", "示例管理局", "示例线索内容")
    line = await follow_up.begin(task.number, sent, by=HEAD, at=ENTERED, district=PLACE)
    justice = FollowUpForm("judicial", local_day(ENTERED), "示例函〔2026〕2号", "示例机关", "示例")
    await follow_up.begin(task.number, justice, by=HEAD, at=ENTERED, district=PLACE)
    house.clock.move(ENTERED)
    wrong: dict[str, object] = {}

    async def look(name: str, at: str, role: Role | None) -> None:
        context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        if role:
            await sign_in(context, house, "GA", role)
        page = await context.new_page()
        await page.goto(str(house.server.make_url("/")).rstrip("/") + at)
        if said := await opened(page):
            wrong[name] = said
        if SHOTS:
            await page.screenshot(path=Path(SHOTS, f"{name}-{width}-{language}.png"), full_page=True)
        await context.close()

    await look("task", f"/console/tasks/{quote(task.number)}", Role.HEAD)
    await look("referral", f"/referral/{tokens.token(PLACE.secret, 'follow_up', str(line.id))}", None)
    assert wrong == {}
