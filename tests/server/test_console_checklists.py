"""检查表 at a desk and at the command line: drafts, refusals beside their field, publishing (Art. 7)."""

from __future__ import annotations

import pytest
from aiohttp import FormData

from models.procedure import checklist_draft
from models.queries import checklist_drafts
from models.rules.actor import Actor, Role
from models.tables import Checklist, ChecklistDraft, Event, PlanEntry, Question
from tests.server.pages import FORM, site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

HERE = "/console/registers/checklists"
CODE = "XH-GA-02/03/04/05"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_a_liaison_edits_a_point_and_publishes_the_next_version(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.get(f"{HERE}/{CODE}")
    assert "起草下一版" in page.text and "第 1 版" in page.text
    page = await liaison.post(f"{HERE}/drafts", code=CODE, follow=True)
    draft = await ChecklistDraft.get(code=CODE)
    own, others = (
        await Question.filter(department="GA").first(),
        await Question.filter(department="WJ").first(),
    )
    assert own and others
    assert f"{HERE}/drafts/{draft.id}/points/{own.number}" in page.reader.links
    assert f"{HERE}/drafts/{draft.id}/points/{others.number}" not in page.reader.links
    page = await liaison.get(f"{HERE}/drafts/{draft.id}/points/{own.number}")
    form = page.form(f"{HERE}/drafts/{draft.id}/points") | {"检查要点": "示例:已修改的要点"}
    page = await liaison.post(f"{HERE}/drafts/{draft.id}/points", **form | {"依据": "《示例条例》第3条"})
    assert page.status == 200 and "文本日期" in page.text and "示例:已修改的要点" in page.html
    page = await liaison.post(
        f"{HERE}/drafts/{draft.id}/points", **form | {"依据": "《示例条例》第3条[2021-07-27]"}, follow=True
    )
    assert "示例:已修改的要点" in page.text
    page = await liaison.post(
        f"{HERE}/drafts/{draft.id}/points", **form
    )  # filled in from what was there before
    assert page.status == 409
    page = await liaison.post(f"{HERE}/drafts/{draft.id}", act="publish", reason="示例条例修订", follow=True)
    assert "新版本已发布" in page.text and "第 2 版" in page.text and "示例条例修订" in page.text
    assert (await Checklist.filter(code=CODE).order_by("-version").first()).version == 2
    assert await Event.filter(kind="checklist.published").count() == 1


async def test_a_circular_condition_is_refused_on_the_page_by_its_row(world):
    draft = await checklist_draft.begin(CODE, by=OFFICE, at=CEREMONY)
    office = await world.browser(Role.OFFICE, "office")
    page = await office.get(f"{HERE}/drafts/{draft.id}/points/1")
    form = page.form(f"{HERE}/drafts/{draft.id}/points") | {
        "依据": "《示例条例》第3条[2021-07-27]", "出现条件": "2=不合格",
    }  # fmt: skip
    page = await office.post(f"{HERE}/drafts/{draft.id}/points", **form)
    assert "第 1 项" in page.text and "互相等待" in page.text and 'value="2=不合格"' in page.html
    assert "《示例条例》" not in str((await ChecklistDraft.get(id=draft.id)).points)


async def test_another_departments_liaison_and_a_head_reach_no_act_of_it(world):
    draft = await checklist_draft.begin(CODE, by=OFFICE, at=CEREMONY)
    stranger = await world.browser(Role.LIAISON, "WJ")
    page = await stranger.get(f"{HERE}/drafts/{draft.id}")
    assert page.status == 200 and "由发起部门" in page.text
    for address, said in (
        (f"{HERE}/drafts/{draft.id}", {"act": "publish", "reason": "示例"}), (f"{HERE}/drafts/{draft.id}", {"act": "drop"}),
        (f"{HERE}/{CODE}", {"act": "retire", "reason": "示例"}),
    ):  # fmt: skip
        assert (await stranger.post(address, **said)).status == 409
    assert (await stranger.post(f"{HERE}/drafts/{draft.id}", act="secret")).status == 400
    head = await world.browser(Role.HEAD, "GA")
    assert (await head.get(f"{HERE}/drafts/{draft.id}")).status == 403
    assert (await stranger.get(f"{HERE}/drafts/999")).status == 404


async def test_a_retired_checklist_is_named_where_an_entry_is_planned(world):
    async with sample.written():
        await PlanEntry.all().update(closes=CEREMONY.date().replace(month=1))
    office, liaison = await world.browser(Role.OFFICE, "office"), await world.browser(Role.LIAISON, "GA")
    assert "无已发布的检查记录表" not in (await liaison.get("/console/drafts/new?year=2027")).text
    page = await office.post(f"{HERE}/{CODE}", act="retire", reason="示例:已废止", follow=True)
    assert "已停用" in page.text and "示例:已废止" in page.text
    assert CODE in (await office.get(f"{HERE}?state=gone")).text
    assert CODE not in (await office.get(f"{HERE}?state=standing")).text
    assert (await liaison.get("/console/drafts/new?year=2027")).text.count("无已发布的检查记录表") >= 4
    page = await office.post(f"{HERE}/{CODE}", act="restore", reason="示例", follow=True)
    assert "恢复使用" in page.text


async def test_a_new_checklist_is_begun_at_the_desk(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    assert f"{HERE}/new" in (await liaison.get(HERE)).reader.links
    page = await liaison.post(f"{HERE}/drafts", code="XH-GA-02", title="示例检查表", follow=True)
    assert "草稿中还没有要点" in page.text
    draft = await ChecklistDraft.get(code="XH-GA-02")
    page = await liaison.get(f"{HERE}/drafts/{draft.id}/points/new")
    form = page.form(f"{HERE}/drafts/{draft.id}/points")
    said = {
        "number": "1", "责任部门": "GA", "检查要点": "示例要点", "依据": "《示例条例》第3条[2021-07-27]", "答案类型": "TRI",
        "拍照要求": "no", "网络检查先行": "no", "要点级别": "一般", "允许不适用": "是",
    }  # fmt: skip
    page = await liaison.post(f"{HERE}/drafts/{draft.id}/points", **form | said, follow=True)
    assert "1. 示例要点" in page.text
    assert "正在起草" in (await liaison.get(f"{HERE}/new")).text
    page = await liaison.post(f"{HERE}/drafts/{draft.id}/points/1/remove", follow=True)
    assert "示例要点" not in page.text
    page = await liaison.post(f"{HERE}/drafts/{draft.id}", act="rename", title="示例新名", follow=True)
    assert "示例新名" in page.text
    await liaison.post(f"{HERE}/drafts/{draft.id}", act="drop")
    assert await checklist_drafts.open_drafts() == ()
    assert Actor(Role.LIAISON, "GA").mark in (await ChecklistDraft.get(id=draft.id)).ended_by


async def sent(browser, name: str, data: bytes):
    form = FormData({"csrf": browser.csrf}, default_to_multipart=True)
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    return await browser._read(await browser.client.post(f"{HERE}/drafts/file", data=form, headers=FORM))


async def test_a_form_of_the_field_is_read_into_a_draft_at_the_desk(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    form = (await liaison.get(f"/console/registers/xlsform?code={CODE}")).body
    assert "从文件读入" in (await liaison.get(f"{HERE}/new")).text
    page = await sent(liaison, "form.xlsx", form)
    draft = await ChecklistDraft.get(code=CODE)
    assert f"{HERE}/drafts/{draft.id}/points/new" in page.reader.links and "从文件读入" in page.text
    assert len(draft.points) == await Question.filter(checklist__code=CODE).count()
    wrong = "检查表,检查表名称,序号,责任部门,检查要点,依据,答案类型,拍照要求,网络检查先行,要点级别\n"
    page = await sent(liaison, "list.csv", (wrong + "XH-GA-02,示例,1,GA,示例要点,,TRI,no,no,一般\n").encode())
    assert "第 2 行" in page.text and "依据" in page.text
    assert (await liaison.post(f"{HERE}/drafts/file")).status == 400
    assert await ChecklistDraft.all().count() == 1
