"""排检查时间 on a phone's screen: a leader moves one visit and sends all by one tap, a member answers all by one (Art. 15)."""

from __future__ import annotations

from typing import Any

import pytest

from models.procedure import inspection
from models.tables import Assignment, Task
from tests.server.companion.screen import loopback, open_app, signed_in
from tests.support import district as sample
from tests.support import round_of_twelve
from tests.support.district import CEREMONY
from tests.support.round_of_twelve import VISITS
from tests.support.waiting import until

pytestmark = pytest.mark.browser


async def test_twelve_are_sent_by_one_tap_and_answered_by_one(db, browser: Any):
    tasks = await round_of_twelve.one_team()
    leader = await sample.leader_of(tasks[0])
    for task in tasks:
        await inspection.close_network_check(task.number, by=leader, at=CEREMONY)
    async with loopback() as site:
        page, complaints = await open_app(await signed_in(browser, site, leader.id), site, "#/timetable")
        await page.locator("#draft li button").first.click()
        await page.locator("#move-hour").fill("11:00")
        await page.locator("#draft button.main").click()

        async def proposed() -> bool:
            return await Task.filter(proposed_from__not_isnull=True).count() == VISITS

        await until(proposed)
        await page.get_by_text("正在征求意见").wait_for()
        team = [by for people in (await sample.team_of(tasks[0])).values() for by in people]
        member = next(by for by in team if by.id != leader.id)
        theirs, complaints_too = await open_app(await signed_in(browser, site, member.id), site)
        await theirs.get_by_role("button", name=f"拟定时间全部可以（{VISITS}）").click()

        async def answered() -> bool:
            seats = Assignment.filter(inspector_id=member.id, agreed_from__not_isnull=True)
            return await seats.count() == VISITS

        await until(answered)
        assert complaints == complaints_too == []
