"""合并上门 on a phone's screen: one leader proposes, the other objects with a tap on a reason, then accepts (Art. 15)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from models.tables import VisitJoin
from tests.server.companion.screen import loopback, open_app, signed_in
from tests.support import district as sample
from tests.support import two_batches
from tests.support.page_looks import judged
from tests.support.waiting import until

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en")])
async def test_a_leader_proposes_and_the_other_answers_with_a_tap(db, browser: Any, width, language):
    first, second = await two_batches.drawn()
    leaders = [(await sample.leader_of(task)).id for task in (first, second)]
    how = {"viewport": {"width": width, "height": 844}, "locale": language}
    async with loopback() as site:
        page, complaints = await open_app(await signed_in(browser, site, leaders[0], **how), site, "#/joins")
        await page.locator("[data-joinable] button.main").click()
        await until(VisitJoin.filter(ended_at=None).exists)
        await page.locator("[data-join]").wait_for()
        theirs, others = await open_app(await signed_in(browser, site, leaders[1], **how), site, "#/joins")
        card = theirs.locator("[data-join]")
        await card.locator("button.quiet").click()
        await theirs.locator("dialog.why .choice").nth(1).click()
        await until(VisitJoin.filter(ended_at__not_isnull=True).exists)
        await theirs.locator("[data-joinable] button.main").click()
        await until(VisitJoin.filter(ended_at=None).exists)
        await page.reload()
        await page.locator("[data-join] button.good").click()
        await page.locator("[data-join] .chip.good").nth(1).wait_for()
        assert sum(party["agreed"] for party in (await VisitJoin.get(ended_at=None)).answers.values()) == 2
        if SHOTS:
            await page.screenshot(path=Path(SHOTS, f"joins-{width}.png"), full_page=True)
        assert (await judged(page), complaints, others) == ([], [], [])
