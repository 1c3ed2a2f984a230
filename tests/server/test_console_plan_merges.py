"""Art. 12 at a desk: the office proposes a pair, the heads accept, and the public page says what became of it."""

from __future__ import annotations

import pytest

from models.rules.actor import Role
from models.tables import Department, PlanMerge
from tests.models.procedure.test_plan_draft import FORM
from tests.models.procedure.test_plan_merge import CONCERNED, OTHER, published
from tests.server.pages import site
from tests.support import district as sample

AT = "/console/merges?year=2027"


@pytest.fixture
async def world(db):
    await sample.found()
    await published(FORM, "GA")
    await published(OTHER, "WJ")
    async with site() as made:
        yield made


async def test_from_the_pair_to_the_public_line(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    page = await office.get(AT)
    assert "共同检查对象12个" in page.text and page.reader.wrong == []
    asked = {"goes_on": FORM.code, "ends": OTHER.code, "reason": "检查对象相同"}
    proposed = await office.post("/console/merges", **asked)
    assert proposed.status == 303
    page = await office.get(proposed.response.headers["Location"])
    assert page.status == 200 and 'role="status"' in page.html and page.reader.wrong == []
    row = await PlanMerge.get()
    for code in CONCERNED:
        head = await world.browser(Role.HEAD, code)
        assert "请答复是否合并" in (await head.get("/console/")).text
        page = await head.get(AT)
        assert "同意合并" in page.text and page.reader.wrong == []
        assert (await head.post(f"/console/merges/{row.id}/sign", act="agree")).status == 303
    assert "已合并" in (await office.get(AT)).text
    public = await world.browser()
    page = await public.get(f"/plans/{OTHER.code}")
    assert "已合并" in page.text and f'href="/plans/{FORM.code}"' in page.html
    assert "检查对象相同" in page.text


async def test_the_office_gives_up_with_a_reason_and_strangers_see_nothing(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    await office.post("/console/merges", goes_on=OTHER.code, ends=FORM.code, reason="示例")
    row = await PlanMerge.get()
    other = await Department.exclude(code__in=CONCERNED).first()
    stranger = await world.browser(Role.LIAISON, other.code)
    assert FORM.title not in (await stranger.get(AT)).text
    assert (await stranger.post(f"/console/merges/{row.id}/sign", act="agree")).status == 403
    assert (await office.post(f"/console/merges/{row.id}/drop", reason="改由各自检查")).status == 303
    page = await office.get(AT + "&lang=en")
    assert "Given up" in page.text and "改由各自检查" in page.text
