"""Visits that were refused, in vain or not needed, and what was sent elsewhere: each to the sealed dossier, over the real
surfaces (Art. 16 (1), 16 (2), 17, 18, 20)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import pytest

from models.rules import tokens
from models.rules.visit import local_day
from models.tables import FollowUp, Notice, Task
from tests.journeys.after_the_visit import AFTER, Walk
from tests.server.pages import FORM, Site, site
from tests.support import assistance, situations
from tests.support import district as sample
from tests.support.district import CEREMONY, CREW, VISIT, account, district

HERE = VISIT + timedelta(days=1)


@pytest.fixture
async def house(db) -> AsyncIterator[Site]:
    await sample.found()
    await assistance.planned()
    await sample.drawn()
    for code in CREW:
        await account("head", code)
    async with site() as made:
        yield made


async def walk_of(house: Site, at: datetime, task: Task | None = None) -> Walk:
    task = task or await Task.all().order_by("rank").first()
    assert task
    house.clock.move(at)
    people, leader = await sample.team_of(task), await sample.leader_of(task)
    letter = await Notice.filter(task=task).order_by("-version").first()
    return Walk(house, task, letter, 0, people, people[leader.department], leader)


async def test_who_refuses_entry_is_named_in_public_for_what_was_confirmed(house, tmp_path) -> None:
    task = await Task.all().order_by("rank").first()
    async for _ in situations.refused(task, HERE):
        pass
    walk = await walk_of(house, HERE, task)
    await walk.ended_as("R06", "informed")
    await walk.published()
    assert "不配合检查情节严重" in await walk.read(f"/results/{task.number}")
    await walk.archived(tmp_path)


async def test_whoever_is_not_found_twice_is_said_to_be_unreachable(house, tmp_path) -> None:
    task = await Task.all().order_by("rank").first()
    async for _ in situations.unreachable(task, HERE):
        pass
    walk = await walk_of(house, HERE, task)
    await walk.ended_as("R04", "stopped")
    await walk.published()
    assert "无法联系" in await walk.read(f"/results/{task.number}")
    await walk.archived(tmp_path)


async def test_a_deregistered_target_ends_from_the_network_check_without_a_visit(house, tmp_path) -> None:
    walk = await walk_of(house, CEREMONY)
    await walk.phone(
        walk.leader, "end_online", result="R10", source="示例登记网", finding="示例:已注销", link=""
    )
    assert await walk.state() == "concluded"
    await walk.ended_as("R10", "stopped")
    await walk.published()
    assert "注销" in await walk.read(f"/results/{walk.task.number}")
    await walk.archived(tmp_path)


async def test_a_clue_that_is_referred_is_acknowledged_by_its_link_before_anything_is_sealed(
    house, tmp_path
) -> None:
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(task, district())
    walk = await walk_of(house, AFTER, task)
    await walk.entered()
    await walk.published()
    head = await walk.head()
    said = {
        "csrf": head.csrf, "day": local_day(AFTER).isoformat(), "kind": "referral", "reference": "示例函1号",
        "authority": "示例管理局", "text": "示例线索",
    }  # fmt: skip
    form = aiohttp.FormData(said, default_to_multipart=True)
    sent = await head.client.post(f"{walk.desk}/follow-ups", data=form, headers=FORM, allow_redirects=False)
    assert sent.status == 303
    walk.site.clock.move(walk.site.clock() + timedelta(days=20))
    waiting = await (await walk.head()).post(f"{walk.desk}/archive")
    assert waiting.status == 409, "what was sent is acknowledged first"
    token = tokens.token(district().secret, "follow_up", str((await FollowUp.get()).id))
    got = await (await walk.site.browser()).client.post(
        f"/referral/{token}/received", data={"person": "示例收件员", "outcome": "示收1号"}, headers=FORM
    )
    assert got.status == 200
    await walk.archived(tmp_path)
