"""From the concluded visit to the sealed dossier, over the real surfaces: the officers' phones and desks, the head's desk,
the entity's pages, the public's; at the end strangers check the dossier with one file (Art. 8, 16 (3), 17, 20)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta

import pytest

from models.procedure import rectification_term
from models.queries import rectification as orders
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.rules.visit import SHANGHAI, local_day
from models.tables import Objection
from tests.journeys.after_the_visit import AFTER, DUE, Walk
from tests.server.companion.phone import jpeg
from tests.server.notices import given, visited
from tests.server.notices import hand_in as said_on_its_page
from tests.server.pages import site
from tests.server.test_console_work import press
from tests.server.test_order_page import hand_in
from tests.server.test_order_page import link as order_link
from tests.support import district as sample


@pytest.fixture
async def walk(db) -> AsyncIterator[Walk]:
    await sample.found()
    notice = await given()
    visit = await visited(notice)
    async with site() as made:
        made.clock.move(AFTER)
        people, leader = await sample.team_of(visit.task), await sample.leader_of(visit.task)
        (found,) = [
            ask.department for ask in (await sheet_of(visit.task)).asks if ask.number == visit.wanting
        ]
        walk = Walk(made, visit.task, notice, visit.wanting, people, people[found], leader)
        await walk.entered()
        yield walk


async def test_what_was_ordered_is_looked_at_on_site_verified_published_and_sealed(walk, tmp_path) -> None:
    order = await walk.ordered()
    reported = await hand_in(await walk.site.browser(), order.number, "示例:已更换", ("后.jpg", jpeg(2)))
    assert reported.status == 303
    first, second = walk.crew[:2]
    begins = datetime.combine(local_day(AFTER) + timedelta(days=2), time(10), SHANGHAI)
    await walk.phone(first, "recheck_set", order=order.id, begins=begins.isoformat(), second=second.id)
    assert "现场复查" in await walk.read(order_link(order.number)), (
        "the entity reads the day on the order's page"
    )
    walk.site.clock.move(begins)
    (line,) = (await orders.line(order.id)).rechecks
    await walk.phone(first, "recheck_begin", recheck=line.id)
    found = [{"n": walk.wanting, "found": "rectified"}]
    ended = await walk.phone(first, "recheck_end", recheck=line.id, findings=found)
    await walk.phone(
        first, "recheck_sign", recheck=line.id, sha256=ended["sha256_of_record"], officer=first.id
    )
    await press(
        await walk.site.browser(Role.INSPECTOR, second.id), walk.task, "recheck_sign", at=str(line.id)
    )
    assert (await orders.line(order.id)).state == "verified"
    await walk.published()
    assert "已改正" in await walk.read(f"/results/{walk.task.number}")
    await walk.archived(tmp_path)


async def test_an_order_that_is_extended_and_lapses_is_filed_by_the_head_and_sealed(walk, tmp_path) -> None:
    order, officer = await walk.ordered(), walk.crew[0]
    await hand_in(await walk.site.browser(), order.number, "示例:一部分")
    await walk.phone(officer, "verify", order=order.id, outcome="not_done", reason="示例:仍未改")
    until = DUE + timedelta(days=7)
    await walk.phone(officer, "rectify_extend", order=order.id, until=until.isoformat(), reason="示例:待货")
    await walk.published()
    walk.site.clock.move(datetime.combine(until + timedelta(days=1), time(9), SHANGHAI))
    await rectification_term.chase(at=walk.site.clock())
    assert (await orders.line(order.id)).state == "lapsed"
    head = await walk.head(order.department)
    noted = await head.post(
        f"/console/orders/{order.id}/file",
        case="示例立〔2026〕1号",
        day=local_day(walk.site.clock()).isoformat(),
        reason="",
    )
    assert (noted.status, (await orders.line(order.id)).state) == (303, "filed")
    assert "已过，尚未核实改正" in await walk.read(f"/results/{walk.task.number}")
    await walk.archived(tmp_path)


async def test_an_upheld_objection_is_corrected_on_the_phone_and_both_versions_are_sealed(
    walk, tmp_path
) -> None:
    await walk.published()
    objected = await said_on_its_page(
        await walk.site.browser(), walk.notice, "object", text="示例:与事实不符"
    )
    assert objected.status == 303
    head = await walk.head()
    decided = await head.post(
        f"/console/objections/{(await Objection.get()).id}", act="agree", said="示例:复核属实"
    )
    assert decided.status == 303
    await walk.phone(
        walk.crew[0],
        "revision_propose",
        types=["R01"],
        measures=["none"],
        aside=[walk.wanting],
        note="示例:复核属实",
    )
    assert "发现问题已责令改正" in await walk.read(f"/results/{walk.task.number}"), "until the head decides"
    await walk.at_the_heads_desk("revision/agree", reason="")
    shown = await walk.read(f"/results/{walk.task.number}")
    assert "未发现问题" in shown and "更正" in shown
    await walk.archived(tmp_path)


async def test_a_result_that_is_withdrawn_leaves_its_mark_and_is_sealed(walk, tmp_path) -> None:
    await walk.published()
    await walk.at_the_heads_desk("revision/withdraw", reason="示例:对象有误")
    shown = await walk.read(f"/results/{walk.task.number}")
    assert "示例:对象有误" in shown and "发现问题已责令改正" not in shown
    await walk.archived(tmp_path)
