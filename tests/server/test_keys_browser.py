"""The keys of the console, by keyboard alone: ? shows them, / searches, g leads to a page, and they can be turned off."""

from __future__ import annotations

from typing import Any

import pytest

from models.procedure import team_group
from models.rules.actor import Role
from models.rules.team_group import GroupPlace, GroupTrouble
from models.tables import Task
from tests.server.companion.screen import loopback, sign_in
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.page_looks import judged, opened, pictured

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    await sample.found()
    await sample.drawn()
    async with loopback(chat=True, deep_link="https://t.me/example_bot?start={}".format) as made:
        yield made


async def console(browser: Any, house: Any, path: str, **how: Any) -> Any:
    task = await Task.all().order_by("number").first()
    assert task
    context = await browser.new_context(**how)
    await sign_in(context, house, (await sample.leader_of(task)).id, Role.INSPECTOR)
    page = await context.new_page()
    await page.goto(str(house.server.make_url(path)))
    return page


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en"), (390, "zh-CN"), (1280, "en")])
async def test_the_question_mark_shows_the_keys_and_escape_takes_them_away(house, browser, width, language):
    page = await console(
        browser, house, "/console/calendar", viewport={"width": width, "height": 844}, locale=language
    )
    await page.keyboard.press("?")
    await page.locator("dialog#keys[open]").wait_for()
    await pictured(page, "keys", width, language)
    assert await judged(page) == []
    await page.keyboard.press("Escape")
    await page.locator("dialog#keys:not([open])").wait_for(state="hidden")


async def test_the_keys_lead_to_pages_and_to_the_search_and_never_disturb_who_types(house, browser):
    page = await console(browser, house, "/console/", locale="zh-CN")
    await page.keyboard.press("g")
    await page.keyboard.press("t")
    await page.wait_for_url("**/console/tasks")
    await page.keyboard.press("/")
    assert await page.evaluate("document.activeElement.name") == "search"
    await page.keyboard.type("g?c")
    assert await page.input_value("input[name=search]") == "g?c"
    assert await page.locator("dialog#keys[open]").count() == 0


async def test_turned_off_no_single_key_does_anything_on_any_page_and_the_button_opens_the_list(
    house, browser
):
    page = await console(browser, house, "/console/", locale="zh-CN")
    await page.get_by_role("button", name="键盘快捷键").click()
    await page.get_by_label("启用单键快捷键").uncheck()
    await page.get_by_role("button", name="关闭").click()
    await page.goto(str(house.server.make_url("/console/tasks")))
    await page.keyboard.press("?")
    await page.keyboard.press("g")
    await page.keyboard.press("c")
    assert page.url.endswith("/console/tasks")
    assert await page.locator("dialog#keys[open]").count() == 0


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en"), (390, "zh-CN"), (1280, "en")])
async def test_the_pages_of_team_groups_have_no_serious_finding(house, browser, width, language):
    page = await console(
        browser, house, "/console/groups", viewport={"width": width, "height": 844}, locale=language,
        color_scheme="dark" if width < 500 else "light",
    )  # fmt: skip
    found = {"none bound": await opened(page)}
    await pictured(page, "groups", width, language)
    await page.locator("main form button").first.click()
    await page.locator("svg.qr").wait_for()
    found["code"] = await opened(page)
    await pictured(page, "groups-code", width, language)
    task = await Task.all().order_by("number").first()
    assert task
    leader = await sample.leader_of(task)
    await team_group.invite(task.team_id, "code", by=leader, at=CEREMONY)
    group = await team_group.bind("code", GroupPlace(-1001, None, "示例抽查组群"), by=leader, at=CEREMONY)
    await team_group.noted(group.id, GroupTrouble.UNPINNED, None, at=CEREMONY)
    await page.goto(str(house.server.make_url("/console/groups")))
    found["bound"] = await opened(page)
    await pictured(page, "groups-bound", width, language)
    assert not any(found.values()), found
