"""检查日历 in a browser: a visit is dragged by hand and finger, moved by keyboard alone, refused with its reason; others see it
live (Art. 15)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.procedure import inspection, schedule
from models.rules.actor import Role
from models.tables import Assignment, Task
from server import watching
from tests.server.companion.screen import loopback, sign_in
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district
from tests.support.page_looks import judged, opened

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""
DAY = "2026-12-08"
LOOKS = [(1280, "zh-CN"), (390, "en")]


@pytest.fixture
async def house(db):
    await sample.found()
    await sample.drawn()
    async with loopback() as made:
        made.server.app[watching.WATCH].tick = 0.05
        yield made


async def two_of_a_team() -> tuple[Task, Task]:
    """The first is fixed on Tuesday at nine; the second has no time yet."""
    task = await Task.all().order_by("number").first()
    assert task
    await sample.team_of(task)
    await sample.visit_fixed(task, district())
    other = await Task.filter(team_id=task.team_id).exclude(id=task.id).order_by("number").first()
    assert other
    await inspection.close_network_check(other.number, by=await sample.leader_of(other), at=CEREMONY)
    return task, other


async def calendar(browser: Any, house: Any, officer: str, **how: Any) -> tuple[Any, list[str]]:
    context = await browser.new_context(**how)
    await sign_in(context, house, officer, Role.INSPECTOR)
    page, complaints = await context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(str(house.server.make_url(f"/console/calendar?week={DAY}")))
    return page, complaints


def slot(day: str, begins: str) -> str:
    return f'button[data-day="{day}"][data-begins="{begins}"]'


async def look(page: Any, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page=True)


async def hover(page: Any, task: Task, day: str, begins: str) -> None:
    """Hold the visit's handle with the mouse and go over a time, without letting go."""
    handle = page.locator(f'[data-move="{task.number}"]')
    await handle.scroll_into_view_if_needed()
    box = await handle.bounding_box()
    await page.mouse.move(box["x"] + 10, box["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 40, box["y"] + 30, steps=4)
    await page.locator(slot(day, begins)).scroll_into_view_if_needed()
    over = await page.locator(slot(day, begins)).bounding_box()
    await page.mouse.move(over["x"] + 20, over["y"] + over["height"] / 2, steps=6)


@pytest.mark.parametrize(("width", "language"), LOOKS)
async def test_a_visit_is_dragged_to_another_time_and_a_colleague_sees_it_at_once(
    house, browser, width, language
):
    _, task = await two_of_a_team()
    leader = await sample.leader_of(task)
    member = await Assignment.filter(task=task, leader=False, until=None).first()
    how = {"viewport": {"width": width, "height": 844}, "locale": language}
    page, complaints = await calendar(browser, house, leader.id, **how)
    other, theirs = await calendar(browser, house, member.inspector_id, **how)
    await look(page, f"calendar-{width}")
    await hover(page, task, "2026-12-09", "15:00")
    await look(page, f"calendar-dragging-{width}")
    assert await judged(page) == []
    await page.mouse.up()
    await page.locator(f'[data-day="2026-12-09"] [data-task="{task.number}"]').wait_for()
    assert (await Task.get(id=task.id)).proposed_from == VISIT + timedelta(days=1, hours=6)
    assert task.number in (await page.evaluate("document.activeElement.dataset.move"))
    await other.locator(f'[data-day="2026-12-09"] [data-task="{task.number}"]').wait_for()
    await look(page, f"calendar-moved-{width}")
    assert await opened(page) == [] and (complaints, theirs) == ([], [])


async def test_a_time_at_which_somebody_is_elsewhere_is_shown_before_and_refused_after_the_drop(
    house, browser
):
    fixed, task = await two_of_a_team()
    leader = await sample.leader_of(task)
    page, complaints = await calendar(browser, house, leader.id, viewport={"width": 1280, "height": 844})
    await hover(page, task, DAY, "09:30")
    assert fixed.number in await page.locator(slot(DAY, "09:30")).inner_text()
    await page.mouse.up()
    said = page.locator("#moved.late")
    await said.wait_for()
    assert fixed.number in await said.inner_text()
    assert (await Task.get(id=task.id)).proposed_from is None
    assert complaints == []


async def test_what_changed_meanwhile_is_refused_by_the_house_and_the_visit_goes_back(house, browser):
    """Another of the team's visits was moved there after the times had been shown."""
    fixed, task = await two_of_a_team()
    leader = await sample.leader_of(task)
    page, complaints = await calendar(browser, house, leader.id, viewport={"width": 1280, "height": 844})
    await hover(page, task, "2026-12-10", "09:00")
    begins = VISIT + timedelta(days=2)
    await schedule.propose(fixed.number, begins, begins + timedelta(hours=2), by=leader, at=CEREMONY)
    await schedule.fix(fixed.number, by=leader, at=CEREMONY, district=district())
    await page.mouse.up()
    said = page.locator("#moved.late")
    await said.wait_for()
    assert fixed.number in await said.inner_text()
    assert await page.locator(f'.unplaced [data-task="{task.number}"]').count() == 1
    assert (await Task.get(id=task.id)).proposed_from is None
    assert complaints == []


async def test_a_finger_drags_too(house, browser):
    _, task = await two_of_a_team()
    leader = await sample.leader_of(task)
    page, complaints = await calendar(
        browser, house, leader.id, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    touch = await page.context.new_cdp_session(page)

    async def finger(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    handle = page.locator(f'[data-move="{task.number}"]')
    await handle.scroll_into_view_if_needed()
    box = await handle.bounding_box()
    x, y = box["x"] + 10, box["y"] + 10
    await finger("touchStart", x, y)
    for step in range(1, 6):
        await finger("touchMove", x + 6 * step, y + 3 * step)
    target = page.locator(slot("2026-12-09", "10:00"))
    await target.wait_for()
    await target.scroll_into_view_if_needed()
    over = await target.bounding_box()
    await finger("touchMove", over["x"] + 30, over["y"] + 10)
    await finger("touchEnd", 0, 0)
    await page.locator(f'[data-day="2026-12-09"] [data-task="{task.number}"]').wait_for()
    assert (await Task.get(id=task.id)).proposed_from == VISIT + timedelta(days=1, hours=1)
    assert complaints == []


async def test_by_keyboard_alone_a_visit_is_moved_or_left_where_it_is(house, browser):
    fixed, _ = await two_of_a_team()
    leader = await sample.leader_of(fixed)
    page, complaints = await calendar(browser, house, leader.id, viewport={"width": 1280, "height": 844})
    handle = page.locator(f'[data-move="{fixed.number}"]')
    await handle.focus()
    await page.keyboard.press("Enter")
    await page.locator(slot(DAY, "09:00")).wait_for()
    assert await page.evaluate("document.activeElement.dataset.begins") == "09:00"
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.dataset.move") == fixed.number
    assert await page.locator(".slots").count() == 0
    await page.keyboard.press("Enter")
    await page.locator(slot(DAY, "09:00")).wait_for()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await page.locator(f'[data-day="2026-12-10"] [data-task="{fixed.number}"]').wait_for()
    task = await Task.get(id=fixed.id)
    assert (task.visit_from, task.proposed_from) == (VISIT, VISIT + timedelta(days=2, minutes=30))
    assert complaints == []


async def test_without_scripts_each_visit_has_a_form(house, browser):
    _, task = await two_of_a_team()
    leader = await sample.leader_of(task)
    page, _ = await calendar(browser, house, leader.id, java_script_enabled=False, locale="zh-CN")
    assert await page.locator("[data-move]:visible").count() == 0
    place = page.locator(f'[data-task="{task.number}"]')
    await place.locator("summary").click()
    await place.locator("[name=day]").fill("2026-12-09")
    await place.locator("[name=begins]").fill("15:00")
    await place.locator("form button").click()
    assert "已就新时间征求成员" in await page.locator("main").inner_text()
    assert (await Task.get(id=task.id)).proposed_from == VISIT + timedelta(days=1, hours=6)
