"""Art. 14 (1): the draw in a meeting room: tickets in their order, names for those alone who may see them and ask."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.queries import draw_texts
from models.rules.actor import Role
from models.tables import Draw, Target
from tests.server.companion.screen import loopback, sign_in
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CREW
from tests.support.page_looks import opened

SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        yield made


async def test_tickets_stand_by_rank_and_names_only_where_somebody_asks_who_may(world):
    draw = await Draw.get()
    at, named = f"/console/draws/{draw.code}/room", f"/console/draws/{draw.code}/room?names=1"
    ids = [line.split("\t")[2] for line in draw.results["drawn.tsv"].splitlines()]
    hotel = (await Target.get(code=(await draw_texts.targets(draw))[ids[0]][0])).name
    office = await world.browser(Role.OFFICE, "测试联席办")
    page = await office.get(at)
    assert page.status == 200 and page.reader.wrong == [] and hotel not in page.text
    places = [page.html.index(f">{id}<") for id in ids]
    assert places == sorted(places) and "检员" not in page.text
    assert hotel in (await office.get(named)).text and "检员GA" in (await office.get(named)).text
    witness = await world.browser(Role.HEAD, "WJ")
    assert hotel in (await witness.get(named)).text
    for reader in (await world.browser(Role.HEAD, "XF"), await world.browser(Role.INSPECTOR, "INS-GA-1")):
        assert hotel not in (await reader.get(named)).text
    assert (await (await world.browser(Role.HEAD, "JY")).get(at)).status == 404


async def test_before_the_draw_is_held_the_room_waits(db):
    await sample.found()
    code = await sample.revealed()
    async with site() as made:
        page = await (await made.browser(Role.OFFICE, "测试联席办")).get(
            f"/console/draws/{code}/room?names=1"
        )
        assert page.status == 200 and "票号在这里按顺序出现" in page.text and "示例区示例0" not in page.text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en")])
async def test_the_tickets_appear_one_after_another(db, browser, width, language):
    await sample.found()
    await sample.drawn()
    at = f"/console/draws/{(await Draw.get()).code}/room"
    async with loopback() as house:
        context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        await sign_in(context, house, "测试联席办", Role.OFFICE)
        page = await context.new_page()
        await page.goto(str(house.server.make_url("/")).rstrip("/") + at)
        rows = page.locator("tr.ticket")
        total = await rows.count()
        assert total == 5 + 2 * 2 * len(CREW)
        await rows.nth(0).wait_for(state="visible")
        await rows.nth(total - 1).wait_for(state="hidden")
        await page.locator("#room-all").click()
        await rows.nth(total - 1).wait_for(state="visible")
        assert await opened(page) == []
        if SHOTS:
            await page.screenshot(path=Path(SHOTS, f"room-{width}-{language}.png"), full_page=True)
        await context.close()
