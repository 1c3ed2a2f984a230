"""后续处理 and 公示预览 judged by axe-core and for their width, on the desk and by the link of a referral (Art. 8, 17)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from models.procedure import follow_up
from models.rules import tokens
from models.rules.actor import Role
from models.rules.follow_up import FollowUpForm
from models.rules.visit import local_day
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.server.companion.screen import loopback
from tests.support import publishing
from tests.support.district import account
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser


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
    looks = Looks(browser, house, width, language)

    await looks.look(f"/console/tasks/{quote(task.number)}", by=Role.HEAD, of="GA", name="task")
    await looks.look(f"/referral/{tokens.token(PLACE.secret, 'follow_up', str(line.id))}", name="referral")
    assert looks.wrong == {}
