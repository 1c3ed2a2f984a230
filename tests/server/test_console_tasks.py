"""Tasks on the console: the board, one task's history, telephone log, review, publication (Art. 15, 16)."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from locales import words
from models import store
from models.procedure import inspection, notice, photo, team
from models.queries import board
from models.queries.board_filter import Filter
from models.rules.actor import Actor, Role
from models.states import NoticeState
from models.tables import Assignment, Attempt, Event, Notice, Photo, Substitution, Target, Task
from tests.server.pages import Browser, site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district

LINK = Actor(Role.PUBLIC, "link")


@pytest.fixture
async def world(db):
    """Five tasks drawn; the visits of the first three fixed."""
    await sample.found()
    await sample.drawn()
    for n, task in enumerate(await Task.all().order_by("rank").limit(3)):
        await sample.visit_fixed(task, district(), begins=VISIT + timedelta(days=n))
    async with site() as made:
        yield made


async def first() -> Task:
    return await Task.all().order_by("rank").first()


async def office(world) -> Browser:
    return await world.browser(Role.OFFICE, "测试联席办")


async def leader(world) -> tuple[Browser, Actor]:
    actor = await sample.leader_of(await first())
    return await world.browser(Role.INSPECTOR, actor.id), actor


async def entered(world, types: tuple[str, ...] = ("R01",)) -> Task:
    task = await first()
    await sample.visit_concluded(task, district())
    await sample.entered(task, list(types), VISIT + timedelta(hours=3), "示例")
    return await first()


# 看板


async def test_the_board_says_how_many_notices_reached_nobody(world):
    page = await (await office(world)).get("/console/tasks")
    assert "3/3 告知书未送达" in page.text
    await notice.acknowledge((await Notice.all().first()).number, by=LINK, at=CEREMONY)
    page = await (await office(world)).get("/console/tasks")
    assert "2/3 告知书未送达" in page.text
    unreached = await (await office(world)).get("/console/tasks?due=unreached")
    assert "共 2 个任务" in unreached.text


async def test_the_board_shows_each_sections_progress(world):
    task = await first()
    crew = await sample.team_of(task)
    await inspection.begin(
        task.number,
        [one.id for people in crew.values() for one in people],
        by=await sample.leader_of(task),
        at=VISIT,
        untold="示例:当面告知",
    )
    await inspection.answer(task.number, 3, verdict="pass", by=crew["GA"][0], at=VISIT)
    page = await (await office(world)).get("/console/tasks?state=on_site")
    assert "公安 1/4" in page.text
    assert "1/13" in page.text


async def test_an_overdue_result_is_counted_and_found_with_one_press(world):
    await sample.visit_concluded(await first(), district())
    due = (await first()).entry_due
    await Task.filter(id=(await first()).id).update(entry_due=CEREMONY.date() - timedelta(days=3))
    page = await (await office(world)).get("/console/")
    assert "/console/tasks?due=overdue" in page.reader.links
    late = await (await office(world)).get("/console/tasks?due=overdue")
    assert "共 1 个任务" in late.text
    assert "逾期 3 个工作日" in late.text
    assert due is not None


async def test_the_filters_live_in_the_address(world):
    host = await office(world)
    task = await first()
    name = (await Target.get(code=task.target_id)).name
    assert "共 1 个任务" in (await host.get(f"/console/tasks?search={name}")).text
    assert "共 2 个任务" in (await host.get("/console/tasks?state=assigned")).text
    page = await host.get("/console/tasks?state=assigned&sort=due")
    assert any(
        "state=assigned" in link and "sort=due" in link and "due=overdue" in link
        for link in page.reader.links
    )
    assert "没有符合筛选条件" in (await host.get("/console/tasks?search=不存在的单位")).text


async def test_an_officer_asks_for_the_own_tasks_alone_and_takes_them_along_as_a_file(world):
    task, by = await first(), await sample.leader_of(await first())
    other = await Task.filter(state="scheduled").exclude(team_id=task.team_id).order_by("number").first()
    other_officer = await sample.leader_of(other)
    browser = await world.browser(Role.INSPECTOR, by.id)
    await notice.acknowledge((await Notice.get(task=other)).number, by=LINK, at=CEREMONY)
    assert by.department == other_officer.department
    assert other.number in (await browser.get("/console/tasks")).text
    for own in ("/console/tasks?whose=mine", "/console/tasks.csv?whose=mine"):
        page = await browser.get(own)
        assert task.number in page.html and other.number not in page.html
    assert (await browser.get("/console/tasks?whose=theirs")).status == 400


async def test_u43_an_empty_board_says_what_to_do_next(db):
    await sample.found()
    async with site() as made:
        page = await (await made.browser(Role.OFFICE, "测试联席办")).get("/console/tasks")
        assert "还没有任务" in page.text
        assert "下一步" in page.text


async def test_a_board_of_many_tasks_is_asked_of_the_database_together(world):
    counted = []
    client = store.connection()
    real = client.execute_query

    async def counting(*args, **kwargs):
        counted.append(args[0])
        return await real(*args, **kwargs)

    client.execute_query = counting
    try:
        found = await board.board(Filter(), sight=board.ALL, at=CEREMONY, calendar=district().calendar)
    finally:
        del client.execute_query
    assert len(found.lines) == 5
    assert len(counted) < 56  # each kind of term is asked for by its own index


# 一个任务


async def test_one_task_tells_its_whole_history_in_words(world):
    task = await entered(world)
    page = await (await office(world)).get(f"/console/tasks/{task.number}")
    told = "抽取并派发任务 网络检查结束 确定检查时间 告知书已批准 开始现场检查 作答 本部门部分定稿"
    for said in (*told.split(), "结束现场检查", "录入结果", "未发现问题"):
        assert said in page.text, said
    assert "web." not in page.text
    for row in await Event.filter(chain=f"task:{task.number}"):
        assert row.kind not in page.text


NOTED = re.compile(r"\b(?:(?:tasks|trail)\.note|_note)\(\s*[\w.]+,\s*(.*?)\bby\b", re.DOTALL)


def test_every_act_that_leaves_a_trace_is_worded():
    kinds = set()
    for path in Path(inspection.__file__).parent.glob("*.py"):
        for said in NOTED.findall(path.read_text(encoding="utf-8")):
            kinds |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', said))
    assert len(kinds) > 25
    for language in ("zh_Hans", "en"):
        assert [kind for kind in sorted(kinds) if not words(language).has(f"web.event.{kind}")] == []


async def test_the_entitys_telephone_stands_only_before_those_who_call(world):
    task = await first()
    phone = (await Target.get(code=task.target_id)).phone
    browser, _ = await leader(world)
    assert phone in (await browser.get(f"/console/tasks/{task.number}")).text
    serving = {a.id for people in (await sample.team_of(task)).values() for a in people}
    idle = next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in serving)
    await notice.acknowledge((await Notice.get(task=task)).number, by=LINK, at=CEREMONY)
    for role, of in ((Role.OFFICE, "测试联席办"), (Role.HEAD, "GA"), (Role.INSPECTOR, idle)):
        page = await (await world.browser(role, of)).get(f"/console/tasks/{task.number}")
        assert page.status == 200
        assert phone not in page.html


async def test_e16_who_is_not_on_the_team_sees_no_target_before_the_notice_is_out(world):
    task, target = await first(), await Target.get(code=(await first()).target_id)
    serving = {
        seat.inspector_id for seat in await Assignment.filter(task__batch_id=task.batch_id, until=None)
    }
    idle = await world.browser(
        Role.INSPECTOR, next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in serving)
    )
    letter = await Notice.get(task=task)
    own = [f"/console/tasks/{task.number}", f"/console/notices/{letter.number}.pdf",
           *(f"/console/tasks/{task.number}/notices.{form}" for form in ("csv", "xlsx", "json"))]  # fmt: skip
    everywhere = ("/console/", "/console/tasks", f"/console/tasks?search={target.name}", "/console/letters",
                  "/console/notices", f"/console/batches/{task.batch_id}", f"/console/draws/{task.draw_id}")  # fmt: skip
    for path in everywhere:
        page = await idle.get(path)
        assert page.status == 200
        assert target.name not in page.text.replace(f"search={target.name}", ""), path
        assert target.address not in page.text
        assert task.number not in page.text
    for path in own:
        assert (await idle.get(path)).status == 404, path
    assert "还没有任务" in (await idle.get("/console/tasks")).text
    assert (await idle.get("/console/letters.pdf")).status == 404
    assert json.loads((await idle.get("/field/api/tasks")).body)["tasks"] == []
    assert (await idle.get(f"/field/api/tasks/{task.number}")).status == 404
    for role, of in (
        (Role.OFFICE, "测试联席办"),
        (Role.HEAD, "GA"),
        (Role.INSPECTOR, (await sample.leader_of(task)).id),
    ):
        assert target.name in (await (await world.browser(role, of)).get("/console/tasks")).text
    await notice.acknowledge(letter.number, by=LINK, at=CEREMONY)
    assert "共 1 个任务" in (await idle.get("/console/tasks")).text
    for path in own:
        assert (await idle.get(path)).status == 200, path


async def test_e16_who_left_a_team_sees_its_target_no_more_before_the_notice_is_out(world):
    task = await Task.all().order_by("-rank").first()
    officer = (await sample.team_of(task))["XF"][0]
    browser = await world.browser(Role.INSPECTOR, officer.id)
    address = f"/console/tasks/{task.number}"
    assert (await browser.get(address)).status == 200
    await team.ask_out(task.number, "recusal", "示例:亲属", by=officer, at=CEREMONY)
    head = await world.browser(Role.HEAD, "XF")
    asked = await Substitution.get(outgoing__contains="XF")
    assert (await head.post(f"/console/substitutions/{asked.id}", act="agree")).status == 303
    assert (await browser.get(address)).status == 404
    assert (await head.get(address)).status == 200


async def test_a_call_is_kept_with_who_when_and_what_was_said(world):
    task = await first()
    browser, actor = await leader(world)
    assert (await Notice.get(task=task)).state == NoticeState.BY_HAND
    address = f"/console/tasks/{task.number}/telephoned"
    assert (await browser.post(address, reached="yes", said=" ")).status == 409
    page = await browser.post(
        address, reached="yes", said="已告知 <时间> 与材料", spoke_with="前台", follow=True
    )
    assert "通话已记录" in page.text
    kept = await Attempt.filter(channel="phone").first()
    assert (kept.outcome, kept.by, kept.detail) == ("told", actor.mark, "前台: 已告知 <时间> 与材料")
    assert "已告知 <时间> 与材料" in page.text
    assert (await Notice.get(task=task)).state == NoticeState.SENT


async def test_the_office_cannot_act_in_an_inspection(world):
    task = await first()
    host = await office(world)
    page = await host.get(f"/console/tasks/{task.number}")
    offered = {
        form["action"] for form in page.reader.forms if "/said/" not in form["action"]
    }  # the entity's own words
    assert offered == {"/logout", f"/console/tasks/{task.number}/replace"}
    for act in ("telephoned", "review", "record", "publish"):
        assert (
            await host.post(f"/console/tasks/{task.number}/{act}", act="agree", receipt="1", said="x")
        ).status == 403


async def test_a_photo_is_shown_as_our_copy_and_its_original_only_downloaded(world):
    task = await first()
    crew = await sample.team_of(task)
    await inspection.begin(
        task.number,
        [one.id for people in crew.values() for one in people],
        by=await sample.leader_of(task),
        at=VISIT,
        untold="示例:当面告知",
    )
    original, small = (
        await store.objects.put(b"\xff\xd8original<script>"),
        await store.objects.put(b"\xff\xd8small"),
    )
    made = await photo.take(
        task.number, 3, by=crew["GA"][0], at=VISIT, sha256=original, size=18, format="JPEG", width=4,
        height=3, grade="C",
        labels=["no_exif", "far:1200", "clock_off:-45"], exif={}, caption="<b>前台</b>",
    )  # fmt: skip
    await photo.developed(made.id, at=VISIT, thumbnail=small, stamped=small)
    host = await office(world)
    page = await host.get(f"/console/tasks/{task.number}")
    assert original in page.html.replace("<wbr>", "")
    assert "证据等级 C" in page.text
    for doubt in ("无拍摄信息", "离地址 1200 米", "时间偏差 -45 分钟"):
        assert doubt in page.text, doubt
    assert "<b>前台</b>" in page.text
    base = f"/console/tasks/{task.number}/photos/{made.id}"
    shown, kept = await host.get(f"{base}/thumbnail"), await host.get(f"{base}/original")
    assert shown.body == b"\xff\xd8small"
    assert kept.body == b"\xff\xd8original<script>"
    assert kept.response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in kept.response.headers["Content-Security-Policy"]
    other = (await Task.all().order_by("-rank").first()).number
    assert base in (await host.get(f"/console/tasks/{task.number}")).reader.links
    shown = await host.get(base)
    assert shown.status == 200 and f'<img class="page" src="{base}/stamped' in shown.html, (
        "b5: at full width, no strip"
    )
    assert (await host.get(f"/console/tasks/{other}/photos/{made.id}")).status == 404
    assert (await host.get(f"/console/tasks/{other}/photos/{made.id}/thumbnail")).status == 404
    assert await Photo.all().count() == 1


async def test_a_notices_letter_is_printed_from_the_task(world):
    given = await Notice.all().first()
    page = await (await office(world)).get(f"/console/notices/{given.number}.pdf")
    assert page.response.content_type == "application/pdf"
    assert page.body.startswith(b"%PDF")


async def test_every_page_of_the_console_reads_in_both_languages(world):
    task = await entered(world)
    paths = (
        "/console/", "/console/plans", "/console/tasks", "/console/people", "/console/people?kind=head",
        "/console/people?kind=entity", "/console/people?waiting=1", "/console/me",
        f"/console/tasks/{task.number}", f"/console/draws/{task.draw_id}",
        f"/console/batches/{task.batch_id}",
    )  # fmt: skip
    chinese, english = await office(world), await world.browser(Role.OFFICE, "英文")
    for path in paths:
        sign = "&" if "?" in path else "?"
        one, other = await chinese.get(path), await english.get(f"{path}{sign}lang=en")
        assert (one.status, other.status) == (200, 200), path
        assert 'lang="zh-CN"' in one.html
        assert 'lang="en"' in other.html
        assert "web." not in one.text
        assert "web." not in other.text
