"""校验位例外 at a desk: proposed from the refused row, confirmed by a second person, marked on the public page (Art. 4, 10)."""

from __future__ import annotations

import pytest

from models.procedure import register_import
from models.rules.actor import Role
from models.tables import CodeOverride, Target
from tests.models.procedure.test_code_override import CODE, SHOP
from tests.server.notices import given, published, visited
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import table

HERE = "/console/code-overrides"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_a_refused_row_leads_to_the_proposal_and_a_head_confirms_it(world):
    number = await register_import.bring("targets", "示例名单.csv", table(SHOP), by=OFFICE, at=CEREMONY)
    office, head = await world.browser(Role.OFFICE, "测试联席办"), await world.browser(Role.HEAD, "GA")
    page = await office.get(f"/console/registers/imports/{number}")
    assert f"{HERE}?code={CODE}#propose" in page.reader.links
    page = await office.get(f"{HERE}?code={CODE}")
    assert f'value="{CODE}"' in page.html
    page = await office.post(
        HERE, code=CODE, target="SHOP1", department="GA", reason="示例:已核对执照", follow=True
    )
    assert "须由联席会议办公室另一人" in page.text
    row = await CodeOverride.get()
    assert (await office.post(f"{HERE}/{row.id}", act="agree")).status == 409
    assert CODE not in (await office.get("/console/")).text
    assert CODE in (await head.get("/console/")).text
    other = await world.browser(Role.HEAD, "WJ")
    assert CODE not in (await other.get("/console/")).text and CODE not in (await other.get(HERE)).text
    assert (await other.post(f"{HERE}/{row.id}", act="agree")).status == 404
    page = await head.post(f"{HERE}/{row.id}", act="agree", follow=True)
    assert "已核实采用" in page.text
    await office.post(f"/console/registers/imports/{number}", act="take", confirmed="yes")
    page = await office.get("/console/registers/targets/SHOP1")
    assert "校验位不符" in page.text and "示例:已核对执照" in page.text
    assert "核实采用校验位不符的代码" in page.text  # in the row's history
    page = await office.post(f"{HERE}/{row.id}/drop", reason="示例:已更正", follow=True)
    assert "已撤销" in page.text


async def test_a_public_page_never_calls_such_a_code_a_checked_one(world):
    held = await visited(await given())
    async with sample.written():
        await Target.filter(code=held.task.target_id).update(credit_code=CODE)
    task = await published(held.task)
    stranger = await world.browser()
    marked = "统一社会信用代码（校验位不符，经核实采用）"
    assert f"{marked} {CODE}" in (await stranger.get(f"/results/{task.number}")).text
    assert '"numbered": "unchecked"' in (await stranger.get("/results.json")).body.decode()


async def test_liaisons_and_inspectors_have_no_way_to_it(world):
    for role, of in ((Role.LIAISON, "GA"), (Role.INSPECTOR, "INS-GA-1")):
        browser = await world.browser(role, of)
        assert (await browser.get(HERE)).status == 403
        assert (await browser.post(HERE, code=CODE, target="S", department="GA", reason="示例")).status == 403
