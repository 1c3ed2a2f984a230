"""Art. 12 at a desk: liaison, heads and office bring a plan from the first entry to the public page."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from models.procedure import plan_draft
from models.rules.actor import Actor, Role
from models.rules.plan_draft import form_of
from models.tables import DraftEntry, Outbox, Plan, PlanDraft, Target
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY

ENTRY = {
    "year": "2027", "code": "2027-XH-GA-02", "title": "宾馆联合抽查", "opens": "2027-03-01", "closes": "2027-04-30",
    "items": "XH-GA-02", "participating": "WJ", "methods": "ON_SITE", "rate_A": "50", "industries": "H6110", "act": "keep",
}  # fmt: skip


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_a_plan_from_the_form_to_the_public_page(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.get("/console/drafts/new?year=2027")
    assert page.status == 200 and "XH-GA-02" in page.text and page.reader.wrong == []
    counted = await liaison.post("/console/drafts/entries", **{**ENTRY, "act": "count"})
    assert (
        "12" in counted.text and "A 类：6 个，按比例抽 3 个" in counted.text and not await PlanDraft.exists()
    )
    assert (await liaison.post("/console/drafts/entries", **ENTRY)).status == 303
    draft, entry = await PlanDraft.get(), await DraftEntry.get()
    at = f"/console/drafts/{draft.id}"
    page = await liaison.get(at)
    assert "未征求" in page.text and page.reader.wrong == []
    assert (await liaison.post(f"{at}/ask")).status == 303
    own, head = await world.browser(Role.HEAD, "GA"), await world.browser(Role.HEAD, "WJ")
    refused = await own.post(f"{at}/hand-in")
    assert refused.status >= 400 and "还缺这些部门的同意" in refused.text
    desk = (await head.get("/console/")).text
    assert "宾馆联合抽查" in desk and "没有等您决定的事项" not in desk
    assert (await head.post(f"/console/drafts/entries/{entry.id}/consent", act="agree")).status == 303
    assert "请签署提交" in (await own.get("/console/")).text
    assert (await own.post(f"{at}/hand-in")).status == 303
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert "已提交，待公布" in (await office.get("/console/drafts?year=2027")).text
    assert (await office.post(f"{at}/publish")).status == 303
    assert await Plan.exists(year=2027, department="GA", version=1)
    assert "宾馆联合抽查" in (await (await world.browser()).get(f"/plans/{ENTRY['code']}")).text


async def test_the_form_says_of_how_many_targets_the_year_is_spent(world):
    async with sample.written():
        await Target.filter(code="OBJ00001").update(checked_this_year=1)
    risk = (await Target.get(code="OBJ00001")).risk
    liaison = await world.browser(Role.LIAISON, "GA")
    counted = await liaison.post("/console/drafts/entries", **{**ENTRY, "act": "count"})
    assert f"{risk} 类中本年度次数已满（剩余 0 次，抽取时不入库）：1 个" in counted.text


async def test_the_liaison_amends_the_published_plan_with_one_press(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.get("/console/drafts?year=2026")
    assert "修订计划" in page.text and page.reader.wrong == []
    opened = await liaison.post("/console/drafts/amend", year="2026")
    draft = await PlanDraft.get(year=2026)
    assert opened.response.headers["Location"] == f"/console/drafts/{draft.id}?done=kept"
    assert "修订计划" not in (await liaison.get("/console/drafts?year=2026")).text
    entry = await DraftEntry.get(draft=draft)
    assert (await liaison.post(f"/console/drafts/entries/{entry.id}/remove")).status == 303
    page = await liaison.get(f"/console/drafts/{draft.id}")
    assert "公布后撤回的抽查安排 宾馆、旅店联合抽查" in page.text and "请负责人签署提交" in page.text
    stranger = await world.browser(Role.LIAISON, "WJ")
    assert "修订计划" not in (await stranger.get("/console/drafts?year=2026")).text
    assert (await stranger.post("/console/drafts/amend", year="2026")).status == 409


async def test_a_head_opens_the_amendment_and_every_signer_finds_it_on_the_desk_and_in_chat(world):
    heads = {code: await world.browser(Role.HEAD, code) for code in ("GA", "WJ", "XF", "SCJG")}
    page = await heads["GA"].get("/console/drafts?year=2026")
    assert "修订计划" in page.text and page.reader.wrong == []
    assert (await heads["GA"].post("/console/drafts/amend", year="2026")).status == 303
    assert (await heads["WJ"].post("/console/drafts/amend", year="2026")).status == 409  # has no plan
    draft = await PlanDraft.get(year=2026)
    assert draft.begun_by.startswith("head:")
    row = await DraftEntry.get(draft=draft)
    form = replace(form_of(row.code, row.content), title="示例:修订后的抽查")
    await plan_draft.put(2026, form, by=Actor(Role.LIAISON, "GA", department="GA"), at=CEREMONY)
    await plan_draft.ask(draft.id, by=Actor(Role.LIAISON, "GA", department="GA"), at=CEREMONY)
    signers = row.content["participating"]
    assert await Outbox.filter(kind="plan.consent_asked").count() == len(signers) > 1
    for code in signers:
        assert f"/console/drafts/{draft.id}" in (await heads[code].get("/console/")).reader.links, code
        entry = f"/console/drafts/entries/{row.id}/consent"
        assert (await heads[code].post(entry, act="agree")).status == 303
        assert f"/console/drafts/{draft.id}" not in (await heads[code].get("/console/")).reader.links, code
    assert f"/console/drafts/{draft.id}" in (await heads["GA"].get("/console/")).reader.links
    assert await Outbox.filter(kind="plan.complete").exists()


async def test_the_form_for_a_signed_file_names_the_kind_of_file_that_it_takes(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    for language, label in (("zh-CN", "文件（TOML）"), ("en", "File (TOML)")):
        page = await office.get(f"/console/plans?lang={language}")
        assert page.html.count(f"<label>{label} <input") == 2 and "XLSX" not in page.text


async def test_what_is_refused_stays_in_the_form(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.post("/console/drafts/entries", **{**ENTRY, "closes": "2027-02-01"})
    assert page.status == 409 and 'value="宾馆联合抽查"' in page.html and 'value="50"' in page.html
    page = await liaison.post("/console/drafts/entries?lang=en", **{**ENTRY, "opens": "morgen"})
    assert "first and the last day" in page.text and not await PlanDraft.exists()
    page = await liaison.post("/console/drafts/entries", **{**ENTRY, "rate_A": "viel"})
    assert page.status == 409 and "viel" in page.text


async def test_the_office_gives_a_plan_back_and_strangers_see_no_draft(world):
    liaison, own = await world.browser(Role.LIAISON, "GA"), await world.browser(Role.HEAD, "GA")
    await liaison.post("/console/drafts/entries", **ENTRY)
    draft, entry = await PlanDraft.get(), await DraftEntry.get()
    at = f"/console/drafts/{draft.id}"
    for role, of in ((Role.LIAISON, "WJ"), (Role.HEAD, "SCJG")):
        assert (await (await world.browser(role, of)).get(at)).status == 404
    head = await world.browser(Role.HEAD, "WJ")
    await head.post(f"/console/drafts/entries/{entry.id}/consent", act="object", reason="人手不足")
    assert "人手不足" in (await liaison.get(at)).text
    await head.post(f"/console/drafts/entries/{entry.id}/consent", act="agree")
    await own.post(f"{at}/hand-in")
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert (await office.post(f"{at}/send-back", reason="比例过低")).status == 303
    assert (await PlanDraft.get()).handed_in_at is None
    assert "签署并提交" in (await own.get(at)).text


async def test_a_withdrawn_entry_stays_on_the_public_page_with_its_reason(world):
    liaison, own = await world.browser(Role.LIAISON, "GA"), await world.browser(Role.HEAD, "GA")
    head, office = await world.browser(Role.HEAD, "WJ"), await world.browser(Role.OFFICE, "测试联席办")
    await liaison.post("/console/drafts/entries", **ENTRY)
    entry = await DraftEntry.get()
    await head.post(f"/console/drafts/entries/{entry.id}/consent", act="agree")
    await own.post(f"/console/drafts/{entry.draft_id}/hand-in")
    await office.post(f"/console/drafts/{entry.draft_id}/publish")
    await liaison.post(
        "/console/drafts/entries", **{**ENTRY, "code": "2027-XH-GA-03"}
    )  # begins the amendment
    amending = await PlanDraft.get(published_at=None)
    for row in await DraftEntry.filter(draft=amending):
        await liaison.post(f"/console/drafts/entries/{row.id}/remove")
    assert (await own.post(f"/console/drafts/{amending.id}/hand-in", reason="职责<调整>")).status == 303
    assert (await office.post(f"/console/drafts/{amending.id}/publish")).status == 303
    public = await world.browser()
    for path in ("/plans", f"/plans/{ENTRY['code']}"):
        page = await public.get(path)
        assert page.status == 200 and page.reader.wrong == []
        assert "已撤下" in page.text and "职责<调整>" in page.text
    assert "Withdrawn" in (await public.get("/plans?lang=en")).text
    book = CalamineWorkbook.from_filelike(io.BytesIO((await public.get("/plans.xlsx?year=2027")).body))
    assert [row[-2] for row in book.get_sheet_by_index(1).to_python()][1:] == ["职责<调整>"]
    assert (await public.get("/plans/2027-XH-GA-03")).status == 404


async def test_the_districts_plan_of_a_year_is_one_page_one_workbook_and_one_paper(world):
    public = await world.browser()
    page = await public.get("/plans?year=2026")
    assert "2026年度部门联合抽查计划" in page.text and page.reader.wrong == []
    assert 'href="/plans.xlsx?year=2026"' in page.html and 'href="/plans.pdf?year=2026"' in page.html
    book = CalamineWorkbook.from_filelike(io.BytesIO((await public.get("/plans.xlsx?year=2026")).body))
    head, entry = book.get_sheet_by_name("抽查安排").to_python()
    line = dict(zip(head, entry, strict=True))
    assert line["计划编号"] == "2026-XH-GA-02" and line["行业"] == "H6110" and line["街道"] == "全部"
    assert line["抽查比例"] == "A 类 1%、B 类 3%、C 类 25%" and line["结束日期"] == "2026-12-31"
    first = (await public.get("/plans.pdf?year=2026")).body
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(first)).pages).replace(" ", "")
    assert "示例区2026年度部门联合抽查计划" in text and "2026-XH-GA-02" in text
    assert (await public.get("/plans.pdf?year=2026")).body == first
    english = (await public.get("/plans.pdf?year=2026&lang=en")).body
    assert "Joint inspection plan of" in PdfReader(io.BytesIO(english)).pages[0].extract_text()
    for form in ("xlsx", "pdf"):
        assert (await public.get(f"/plans.{form}?year=2031")).status == 404
        assert (await public.get(f"/plans.{form}")).status == 404
        assert (await public.get(f"/plans.{form}?year=twenty")).status == 400


async def test_the_filter_is_counted_while_the_rest_of_the_form_is_empty(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.get("/console/drafts/new?year=2027")
    assert 'id="count" role="status" aria-live="polite"' in page.html
    assert 'value="count"' in page.html, "without scripts the button counts"
    filled = ("year", "items", "industries", "rate_A")
    form = {**{name: ENTRY[name] for name in filled}, "act": "live"}
    counted = await liaison.post("/console/drafts/entries", **form)
    assert counted.status == 200 and "A 类：6 个，按比例抽 3 个" in counted.text
    assert "<form" not in counted.html and "<html" not in counted.html, "the part that changes, no page"
    fewer = await liaison.post("/console/drafts/entries", **{**form, "industries": "I6513"})
    assert "A 类：6 个" not in fewer.text
    waiting = await liaison.post(
        "/console/drafts/entries", **{name: value for name, value in form.items() if name != "items"}
    )
    assert waiting.status == 200 and '<p class="note">' in waiting.html
    assert not await PlanDraft.exists()
