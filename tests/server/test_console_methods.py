"""A task's page on the console: samples, agencies, methods and what proves the network check (Art. 16, 20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp import FormData

from models import store
from models.procedure import inspection
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.tables import NetworkFinding, Question, Task
from tests.server.companion.phone import jpeg
from tests.server.pages import FORM, site
from tests.support import assistance, district
from tests.support.district import CEREMONY, VISIT


@pytest.fixture
async def house(db):
    await district.found()
    await assistance.planned()
    await district.drawn()
    async with site() as made:
        yield made


async def test_the_page_shows_who_assists_what_is_tested_and_what_was_seen_online(house):
    task = await Task.all().order_by("rank").first()
    leader, people = await district.leader_of(task), await district.team_of(task)
    ask = next(one for one in (await sheet_of(task)).asks if one.network != "no")
    await inspection.find_online(
        task.number, ask.number, "open", "示例:须现场核实", "示例平台", link="https://example.test/a?b=1",
        screenshot=await store.objects.put(jpeg(4)), by=people[ask.department][0], at=CEREMONY,
    )  # fmt: skip
    await assistance.entrusted(task, leader, CEREMONY)
    await district.visit_fixed(task, district.district())
    await inspection.begin(
        task.number,
        [one.id for crew in people.values() for one in crew],
        by=leader,
        at=VISIT,
        untold="示例:当面告知",
    )
    await assistance.taken(task, people["GA"], VISIT + timedelta(minutes=5))
    head = await house.browser(Role.HEAD, "GA")
    page = await head.get(f"/console/tasks/{task.number}")
    for said in (
        "示例检测技术有限公司",
        "示例委〔2026〕1号",
        "示例师傅",
        "高级工程师",
        "待检测",
        "示例封0001",
        "https://example.test/a?b=1",
    ):
        assert said in page.text, said
    assert not any("example.test" in link for link in page.reader.links), "a link is never made clickable"
    shot = (await NetworkFinding.get()).id
    shown = await head.get(f"/console/tasks/{task.number}/findings/{shot}")
    assert shown.body == jpeg(4)
    assert shown.response.headers["Content-Disposition"].startswith("attachment")
    assert (await head.get(f"/console/tasks/{task.number}/findings/{shot + 1}")).status == 404


async def test_d60_a_screenshot_is_unknown_under_another_task(house):
    one, other = (await Task.all().order_by("rank"))[:2]
    people = await district.team_of(one)
    ask = next(ask for ask in (await sheet_of(one)).asks if ask.network != "no")
    await inspection.find_online(
        one.number, ask.number, "open", "示例", "示例平台", screenshot=await store.objects.put(jpeg(4)),
        by=people[ask.department][0], at=CEREMONY,
    )  # fmt: skip
    head = await house.browser(Role.HEAD, "GA")
    assert (
        await head.get(f"/console/tasks/{other.number}/findings/{(await NetworkFinding.get()).id}")
    ).status == 404


async def test_on_site_a_settled_point_is_opened_at_the_desk_with_a_reason(house):
    task = await Task.all().order_by("rank").first()
    people = await district.team_of(task)
    ask = next(one for one in (await sheet_of(task)).asks if one.network != "no")
    async with district.written():
        await Question.filter(id=ask.id).update(network="full", answer="TRI")
    officer = people[ask.department][0]
    await inspection.find_online(
        task.number, ask.number, "pass", "示例:一致", "示例平台", by=officer, at=CEREMONY
    )
    await district.visit_fixed(task, district.district())
    present = [one.id for crew in people.values() for one in crew]
    leader = await district.leader_of(task)
    await inspection.begin(task.number, present, by=leader, at=VISIT, untold="示例:当面告知")
    browser = await house.browser(Role.INSPECTOR, officer.id)
    page = await browser.get(f"/console/tasks/{task.number}")
    assert "转为现场检查" in page.text and f'id="why-{ask.number}"' in page.html
    said = {
        "question": str(ask.number),
        "verdict": "open",
        "finding": "示例:须现场核实",
        "source": "示例平台",
    }
    form = FormData(
        {"csrf": browser.csrf, **said, "reason": "示例:现场不符"},
        default_to_multipart=True,
        quote_fields=False,
    )
    answer = await browser.client.post(
        f"/console/tasks/{task.number}/seen", data=form, headers=FORM, allow_redirects=False
    )
    assert answer.status == 303
    page = await browser.get(f"/console/tasks/{task.number}")
    assert f'id="note-{ask.number}"' in page.html and f'id="why-{ask.number}"' not in page.html
