"""A head decides on the console whether a letter goes out, having read it (Art. 16 (2))."""

import re
from dataclasses import replace
from datetime import timedelta

from models.queries import evidence
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Notice, Target, Task
from server.config import Settings, district_of
from tests.server.pages import FORM, notice_token, site
from tests.support import district as sample
from tests.support.district import VISIT, Clock, district


async def drafted() -> Notice:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, replace(district(), head_approves=True))
    return await Notice.get(task=task)


async def test_the_head_reads_the_letter_and_lets_it_go_out(db):
    draft = await drafted()
    async with site() as world:
        head = await world.browser(Role.HEAD, "GA")
        page = await head.get("/console/")
        assert f"/console/notices/{draft.number}.pdf" in page.reader.links
        assert (await head.get(f"/console/notices/{draft.number}.pdf")).status == 200
        assert (await (await world.browser()).get(f"/n/{notice_token(draft.number)}")).status == 404
        answer = await head.post(f"/console/approvals/{draft.id}", act="agree", follow=True)
        assert "已同意" in answer.text
        assert (await Notice.get(id=draft.id)).state == NoticeState.BY_HAND
        assert "真实有效" in (await (await world.browser()).get(f"/n/{notice_token(draft.number)}")).text
    assert (await evidence.verify()).differences == []


async def test_sent_back_with_a_reason_it_waits_for_the_leader_who_reads_why(db):
    draft = await drafted()
    leader = await sample.leader_of(await Task.get(id=draft.task_id))
    async with site() as world:
        head = await world.browser(Role.HEAD, "GA")
        assert (await head.post(f"/console/approvals/{draft.id}", act="refuse", reason=" ")).status == 409
        await head.post(f"/console/approvals/{draft.id}", act="refuse", reason="示例:避开集市日")
        assert f"/console/approvals/{draft.id}" not in (await head.get("/console/")).html
        page = await (await world.browser(Role.INSPECTOR, leader.id)).get("/console/notices")
        assert "负责人已退回" in page.text and "示例:避开集市日" in page.text
    assert (await Notice.get(id=draft.id)).state == NoticeState.REVOKED


async def test_the_head_agrees_to_all_that_wait_and_one_that_came_too_late_is_named(db):
    first = await drafted()
    place, task = replace(district(), head_approves=True), await Task.get(id=first.task_id)
    other = await Task.filter(team_id=task.team_id).exclude(id=task.id).first()
    await sample.visit_fixed(other, place, begins=VISIT + timedelta(days=3))
    clock = Clock(VISIT - timedelta(days=1))
    async with site(clock) as world:
        head = await world.browser(Role.HEAD, "GA")
        page = await head.get("/console/")
        assert "全部同意发出（2）" in page.text
        ids = re.findall(r'name="id" value="(\d+)"', page.html)
        form = [("csrf", head.csrf), *(("id", one) for one in ids)]
        said = await head._read(await head.client.post("/console/approvals", data=form, headers=FORM))
        assert "1 家没有办成" in said.text and (await Target.get(code=task.target_id)).name in said.text
        assert (await head.post("/console/approvals", id="x")).status == 400
    assert (await Notice.get(id=first.id)).state == NoticeState.DRAFTED
    assert (await Notice.get(task=other)).state == NoticeState.BY_HAND


async def test_only_the_leaders_own_head_is_asked(db):
    draft = await drafted()
    async with site() as world:
        other = await world.browser(Role.HEAD, "WJ")
        assert f"/console/approvals/{draft.id}" not in (await other.get("/console/")).html
        assert (await other.post(f"/console/approvals/{draft.id}", act="agree")).status == 404
        for role, of in ((Role.INSPECTOR, "INS-GA-1"), (Role.OFFICE, "测试联席办")):
            browser = await world.browser(role, of)
            assert (await browser.post(f"/console/approvals/{draft.id}", act="agree")).status == 403
    assert (await Notice.get(id=draft.id)).state == NoticeState.DRAFTED


def test_the_district_says_whether_the_head_approves_too(tmp_path):
    settings = Settings(data_dir=str(tmp_path))
    assert district_of(settings).head_approves is False
    assert district_of(replace(settings, notice_head_approves="on")).head_approves is True
