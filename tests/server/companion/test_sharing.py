"""分工 on a phone: each colleague reads who takes which question (Art. 15)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from models.procedure import sharing
from models.queries.sheet import sheet_of
from models.tables import Task
from tests.server.companion.screen import loopback, open_app, signed_in
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.page_looks import judged

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.mark.parametrize(("width", "language", "said"), [(390, "zh-CN", "分工："), (1280, "en", "Taken by ")])
async def test_the_list_and_the_point_name_who_takes_it(db, browser: Any, width, language, said):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("number").first()
    one, other = (await sample.team_of(task))["XF"][:2]
    number = (await sheet_of(task)).on_site("XF")[0].number
    await sharing.share(task.number, [number], other.id, by=one, at=CEREMONY)
    how = {"viewport": {"width": width, "height": 844}, "locale": language}
    async with loopback() as site:
        page, complaints = await open_app(
            await signed_in(browser, site, one.id, **how), site, f"#/t/{task.number}/jump"
        )
        row = page.locator("a.card.line", has_text=other.name)
        await row.wait_for()
        assert await row.count() == 1
        if SHOTS:
            await page.screenshot(path=Path(SHOTS, f"sharing-list-{width}.png"))
        await row.click()
        await page.get_by_text(f"{said}{other.name}").wait_for()
        if SHOTS:
            await page.screenshot(path=Path(SHOTS, f"sharing-{width}.png"))
        assert (await judged(page), complaints) == ([], [])
