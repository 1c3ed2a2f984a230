"""Art. 13 at a desk: the liaison drafts a scheme, sees what it comes to, the heads sign, the office commits."""

from __future__ import annotations

import re

import pytest

from models.rules.actor import Role
from models.states import BatchState
from models.tables import Batch, Inspector, Scheme, SchemeDraft, Target
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CREW

ENTRY = "2026-XH-GA-02"
FORM = {
    "entry": ENTRY, "batches": "1", "code": f"{ENTRY}-S2", "code_0": f"{ENTRY}-8", "opens_0": "2026-12-01",
    "closes_0": "2026-12-11", "strata_0_A": "2", "strata_0_C": "1", "teams_0_0": "2",
    **{f"crew_0_{code}": "2" for code in CREW}, "witness_0_GA": "1", "witness_0_WJ": "1", "outside_0": "",
    "ceremony_0": "示例会议室", "act": "keep",
}  # fmt: skip


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_a_scheme_from_the_form_to_the_commit(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    assert "宾馆、旅店联合抽查" in (await liaison.get("/console/schemes")).text
    page = await liaison.get(f"/console/schemes/new?entry={ENTRY}")
    assert page.status == 200 and f'value="{ENTRY}-S2"' in page.html and page.reader.wrong == []
    counted = await liaison.post("/console/schemes/drafts", **{**FORM, "act": "count"})
    assert "3 次检查 × 2 人 = 6 人次，÷ 9 个工作日" in counted.text and "人手最紧" in counted.text
    assert counted.reader.wrong == [] and not await SchemeDraft.exists()
    assert (await liaison.post("/console/schemes/drafts", **FORM)).status == 303
    draft = await SchemeDraft.get()
    assert draft.batches[0]["entropy"] == ["witness:GA", "witness:WJ"] and draft.batches[0]["teams"] == {
        "*": 2
    }
    at = f"/console/schemes/drafts/{draft.id}"
    assert (await liaison.post(f"{at}/ask")).status == 303
    for department in CREW:
        head = await world.browser(Role.HEAD, department)
        assert "待您签署" in (await head.get("/console/")).text
        page = await head.get(at)
        assert page.reader.wrong == [] and "本部门按方案派员" in page.text
        assert (await head.post(f"{at}/sign", act="agree")).status == 303
    assert (await Scheme.get(code=FORM["code"])).adopted_by.keys() == set(CREW)
    assert "生效" in (await liaison.get(at)).text
    amend = await liaison.get(f"/console/schemes/new?amend={FORM['code']}")
    assert 'value="2026-12-11"' in amend.html and "修订原因" in amend.text


async def test_the_form_says_which_class_the_year_has_made_too_small(world):
    async with sample.written():
        await Target.filter(risk="A").update(checked_this_year=1)
    liaison = await world.browser(Role.LIAISON, "GA")
    counted = await liaison.post("/console/schemes/drafts", **{**FORM, "act": "count"})
    assert "次数已满" in counted.text and '<td data-label="次数已满">6</td>' in counted.html
    refused = await liaison.post("/console/schemes/drafts", **FORM)
    assert refused.status == 409 and "另6个本年度次数已满" in refused.text


async def test_what_is_refused_stays_in_the_form(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.post("/console/schemes/drafts", **{**FORM, "strata_0_A": "400"})
    assert page.status == 409 and "库中只有" in page.text and 'value="400"' in page.html
    page = await liaison.post("/console/schemes/drafts?lang=en", **{**FORM, "opens_0": "morgen"})
    assert page.status == 409 and "first and the last day" in page.text
    page = await liaison.post("/console/schemes/drafts", **{**FORM, "crew_0_GA": "zwei"})
    assert page.status == 409 and "zwei" in page.text and 'value="示例会议室"' in page.html
    page = await liaison.post("/console/schemes/drafts", **{**FORM, "act": "more"})
    assert f'value="{ENTRY}-2"' in page.html and 'name="batches" value="2"' in page.html
    assert not await SchemeDraft.exists()


async def test_a_refusal_names_the_field_as_it_stands_on_the_screen(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    for changed, zh, en in (
        ({"crew_0_GA": "zwei"}, "批次 1 · 每组派员人数 · 公安", "公安"),
        ({"crew_0_WJ": "1"}, "批次 1 · 每组派员人数 · 卫生健康", "卫生健康"),
        ({"strata_0_A": "x"}, "批次 1 · ", "A"),
        ({"teams_0_0": "x"}, "批次 1 · 区域与抽查组数 · 全区", ""),
        ({"closes_0": "2026-11-29"}, "批次 1 · ", ""),
    ):
        for language, label in (("zh-CN", zh), ("en", en)):
            page = await liaison.post(f"/console/schemes/drafts?lang={language}", **{**FORM, **changed})
            assert page.status == 409 and label in page.text, (changed, language)
            assert not re.search(r"batches\[|[a-z]+_0_|\.crew|\.until", page.text), (changed, language)


async def test_strangers_see_no_draft_and_draft_nothing(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    await liaison.post("/console/schemes/drafts", **FORM)
    at = f"/console/schemes/drafts/{(await SchemeDraft.get()).id}"
    for role, of in ((Role.LIAISON, "WJ"), (Role.HEAD, "JY")):
        assert (await (await world.browser(role, of)).get(at)).status == 404
    other = await world.browser(Role.LIAISON, "WJ")
    assert (await other.get(f"/console/schemes/new?entry={ENTRY}")).status == 404
    assert (await other.post("/console/schemes/drafts", **FORM)).status == 404
    officer = await world.browser(Role.INSPECTOR, "INS-GA-1")
    assert (await officer.get("/console/schemes")).status in (403, 404)


async def test_a_batch_nobody_will_draw_is_voided_at_the_desk(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    at = f"/console/batches/{sample.BATCH}"
    assert (await office.post(f"{at}/withdraw", reason="示例：并入下一年度")).status == 303
    assert "并入下一年度" in (await office.get(at)).text
    assert "并入下一年度" in (await (await world.browser()).get(f"/plans/{ENTRY}")).text
    assert (await Batch.get(code=sample.BATCH)).state == BatchState.VOIDED


async def test_c8_who_is_lacking_stands_before_the_button_to_sign_and_to_commit(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    await (await world.browser(Role.LIAISON, "GA")).post("/console/schemes/drafts", **FORM)
    draft, head = await SchemeDraft.get(), await world.browser(Role.HEAD, "XF")
    async with sample.written():
        await Inspector.filter(department="XF").update(status="left")
    at = f"/console/schemes/drafts/{draft.id}"
    page = await head.get(at)
    assert page.text.index("需要4人，符合条件的只能配0人") < page.text.index("签署方案")
    assert page.reader.wrong == []
    refused = await head.post(f"{at}/sign", act="agree")
    assert refused.status == 409 and "更正名录库后再签" in refused.text
    page = await office.get(f"/console/batches/{sample.BATCH}")
    assert page.html.index("符合条件的只能配0人") < page.html.index('<button class="large">')
    assert page.reader.wrong == []
