"""What people read and press, judged by axe-core: no serious finding, by day and by night (WCAG 2.2 AA)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.procedure import record
from models.rules.actor import Role
from models.tables import Notice
from tests.server.companion.phone import jpeg, on_site, task_of
from tests.server.companion.screen import loopback, open_app, path, sign_in, signed_in
from tests.server.notices import given, link, published, visited
from tests.support import district as sample
from tests.support.district import VISIT, district, leader_of
from tests.support.page_looks import judged, opened

pytestmark = pytest.mark.browser
LOOKS = [(320, "light"), (390, "dark"), (768, "light")]


@pytest.fixture
async def house(db):
    await sample.found()
    async with loopback() as made:
        yield made


async def found_on(page: Any, addresses: dict[str, str]) -> dict[str, list[Any]]:
    found, seen = {}, set()
    for name, address in addresses.items():
        await page.goto(address)
        await page.wait_for_load_state("networkidle")
        seen.add(await page.locator("main").inner_text())
        if said := await opened(page):
            found[name] = said
    assert len(seen) == len(addresses)
    return found


async def test_axe_finds_what_is_wrong_with_a_page(browser):
    page = await browser.new_page()
    await page.set_content(
        "<html lang=zh><title>示例</title><main><h1>示例</h1><input><img src=x></main></html>"
    )
    assert {one for one, _ in await judged(page)} >= {"label", "image-alt"}


@pytest.mark.parametrize(("width", "theme"), LOOKS)
async def test_the_companion_before_the_visit_has_no_serious_finding(house, browser, width, theme):
    visit = await task_of(house)
    await sample.visit_fixed(visit.task, district())
    context = await signed_in(
        browser, house, visit.leader.officer, viewport={"width": width, "height": 844}, color_scheme=theme
    )
    page, complaints = await open_app(context, house)
    base = str(house.server.make_url("/field/"))
    screens = {
        one: base + path(visit, *one.split("/")) for one in ("network", "visit", "agency", "out/recuse")
    }
    screens |= {"list": base, "task": base + path(visit), "queue": base + "#/queue", "me": base + "#/me"}
    assert await found_on(page, screens) == {}
    assert complaints == []


@pytest.mark.parametrize(("width", "theme"), LOOKS)
async def test_the_companion_on_site_has_no_serious_finding(house, browser, width, theme):
    visit = await on_site(house, one_department=True)
    await record.draw_up(visit.number, by=await leader_of(visit.task), at=VISIT, district=district())
    context = await signed_in(
        browser, house, visit.leader.officer, viewport={"width": width, "height": 844}, color_scheme=theme
    )
    page, complaints = await open_app(context, house)
    base = str(house.server.make_url("/field/"))
    parts = ("q/1", "q/9", "jump", "end", "arrive", "record", "sign/entity", "sign/refused")
    screens = {one: base + path(visit, *one.split("/")) for one in parts} | {"task": base + path(visit)}
    assert await found_on(page, screens) == {}
    assert complaints == []


@pytest.mark.parametrize(("width", "theme"), LOOKS)
async def test_a_photo_seen_large_and_the_question_for_a_reason_have_no_serious_finding(
    house, browser, width, theme
):
    visit = await on_site(house, one_department=True)
    assert (await visit.leader.photo(visit.number, 1, jpeg())).status < 300
    context = await signed_in(
        browser, house, visit.leader.officer, viewport={"width": width, "height": 844}, color_scheme=theme
    )
    page, complaints = await open_app(context, house, path(visit, "q", 1))
    await page.locator(".thumb").click()
    await page.locator("dialog.viewer[open] button", has_text="作废").wait_for()
    viewer = await opened(page)
    await page.locator("dialog.viewer button[data-do=void]").click()
    await page.locator("dialog.why[open]").wait_for()
    assert (viewer, await opened(page)) == ([], [])
    assert complaints == []


@pytest.mark.parametrize(("width", "theme"), LOOKS)
async def test_the_entitys_page_has_no_serious_finding(house, browser, width, theme):
    of = await given()
    page = await browser.new_page(viewport={"width": width, "height": 844}, color_scheme=theme)
    pages = {
        "notice": str(house.server.make_url(link(of))),
        "unknown": str(house.server.make_url("/n/" + "x" * 22)),
    }
    assert await found_on(page, pages) == {}
    task = (await visited(of)).task
    house.clock.at = VISIT + timedelta(hours=3)
    after = await found_on(page, {"after the visit": pages["notice"]})
    await published(task)
    house.clock.at = VISIT + timedelta(days=8)
    assert after | await found_on(page, {"published": pages["notice"]}) == {}


@pytest.mark.parametrize(("role", "of"), [(Role.HEAD, "GA"), (Role.OFFICE, "测试联席办")])
async def test_the_console_has_no_serious_finding(house, browser, role, of):
    visit = await task_of(house)
    await sample.visit_fixed(visit.task, district())
    assert await Notice.exists(task=visit.task)
    context = await browser.new_context(viewport={"width": 1100, "height": 800}, locale="zh-CN")
    await sign_in(context, house, of, role)
    page = await context.new_page()
    parts = ("", "tasks", f"tasks/{visit.number}", "notices", "letters", "templates", "people", "me")
    parts += ("calendar?week=2026-12-08", "performance")
    pages = {one: str(house.server.make_url("/console/" + one)) for one in parts}
    assert await found_on(page, pages) == {}
