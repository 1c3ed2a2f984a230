"""Art. 12 at a desk: liaison, heads and office bring a plan from the first entry to the public page."""

from __future__ import annotations

import pytest

from models.rules.actor import Role
from models.tables import DraftEntry, Plan, PlanDraft
from tests.server.pages import site
from tests.support import district as sample

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
