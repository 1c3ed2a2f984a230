"""专业机构名录库 and the experts: kept like every other register, a department's rows by that department alone (Art. 10)."""

from __future__ import annotations

import pytest

from models.data import read
from models.procedure import register_entry, register_import, registry
from models.queries import register_import as previews
from models.queries import register_list
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Agency, Inspector, RegisterChange
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import table

PAGE = "/console/registers/agencies"
FIRE, MARKET = (Actor(Role.LIAISON, code, department=code) for code in ("XF", "SCJG"))
ROW = {
    "机构编号": "AG900", "机构名称": "示例新检测有限公司", "统一社会信用代码": "", "业务范围": "示例检测",
    "管理部门": "XF", "电话": "0375-0009009",
}  # fmt: skip


@pytest.fixture
async def listed(db):
    await registry.import_departments(read("departments.csv"), by=OFFICE, at=CEREMONY)
    report = await registry.import_agencies(read("agencies.csv"), by=OFFICE, at=CEREMONY)
    assert report.added == 5, report.bad


async def test_a_department_keeps_its_own_agencies_alone(listed):
    assert (await register_entry.enter("agencies", ROW, by=FIRE, at=CEREMONY)).taken
    kept = await register_entry.edit(
        "agencies", "AG900", {"联系人": "示例"}, by=FIRE, at=CEREMONY, reason="换人"
    )
    assert kept.changed and (await Agency.get(code="AG900")).contact == "示例"
    for act in (
        register_entry.edit("agencies", "AG900", {"联系人": "别人"}, by=MARKET, at=CEREMONY),
        register_entry.take_out("agencies", "AG900", "示例", by=MARKET, at=CEREMONY),
        register_entry.enter(
            "agencies", {**ROW, "机构编号": "AG901", "机构名称": "示例二"}, by=MARKET, at=CEREMONY
        ),
    ):
        with pytest.raises(Refusal) as refused:
            await act
        assert refused.value.code == "registry.not_own"
    await register_entry.take_out("agencies", "AG900", "资质到期", by=FIRE, at=CEREMONY)
    await register_entry.restore("agencies", "AG900", "已续期", by=FIRE, at=CEREMONY)
    past = await RegisterChange.filter(kind="agencies", code="AG900").order_by("id")
    assert [(change.act, change.reason) for change in past] == [
        ("added", ""), ("changed", "换人"), ("retired", "资质到期"), ("restored", "已续期"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"管理部门": ""}, "管理部门", "missing"),
        ({"管理部门": "不存在局"}, "管理部门", "unknown_department"),
        ({"统一社会信用代码": "91410402MA0AGY0144"}, "统一社会信用代码", "check_digit"),
        ({"统一社会信用代码": "91410402MA0AGY0143"}, "统一社会信用代码", "held"),
        ({"机构名称": ""}, "机构名称", "missing"),
        ({"资质有效期至": "明年"}, "资质有效期至", "date"),
    ],
)
async def test_a_bad_cell_is_named_with_its_row_and_column(listed, cells, column, reason):
    number = await register_import.bring(
        "agencies", "示例.csv", table({**ROW, "资质有效期至": "", **cells}), by=OFFICE, at=CEREMONY
    )
    [bad] = (await previews.preview(number, by=OFFICE)).bad
    assert (bad.number, bad.column, bad.reason) == (2, column, reason)


async def test_a_list_of_the_department_is_looked_at_taken_and_taken_back(listed):
    other = {**ROW, "机构编号": "AG902", "机构名称": "示例三", "管理部门": "SCJG"}
    number = await register_import.bring("agencies", "示例.csv", table(ROW, other), by=FIRE, at=CEREMONY)
    seen = await previews.preview(number, by=FIRE)
    assert [row.code for row in seen.new] == ["AG900"] and [bad.reason for bad in seen.bad] == ["not_own"]
    assert [row.code for row in seen.missing] == ["AG002"]  # its own, which the list does not name
    await register_import.take(number, by=FIRE, at=CEREMONY, keep_good=True)
    assert await Agency.exists(code="AG900") and not await Agency.exists(code="AG902")
    await register_import.take_back(number, "名单有误", by=FIRE, at=CEREMONY)
    assert (await Agency.get(code="AG900")).retired_at


async def test_the_page_lists_searches_sorts_and_shows_one_with_its_history(listed):
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        page = await office.get(PAGE)
        assert page.status == 200 and "示例消防技术服务有限公司" in page.text and "消防" in page.text
        for query in (
            "?search=slxf",
            "?search=消防",
            "?search=AGY022",
            "?department=XF&state=standing&sort=name",
        ):
            page = await office.get(PAGE + query)
            assert "AG002" in page.text and "AG003" not in page.text, query
        assert "AG002" not in (await office.get(PAGE + "?state=gone")).text
        fire = await world.browser(Role.LIAISON, "XF")
        assert (await fire.post(f"{PAGE}/new", **ROW)).status == 303
        page = await fire.get(f"{PAGE}/AG900")
        assert page.status == 200 and "示例新检测有限公司" in page.text and "AG900" in page.text
        assert (await fire.post(f"{PAGE}/AG900", act="retire", reason="资质到期")).status == 303
        assert "资质到期" in (await fire.get(f"{PAGE}/AG900")).text
        theirs = await fire.get(f"{PAGE}/AG003")
        assert theirs.status == 200 and not [f for f in theirs.reader.forms if f["action"].startswith(PAGE)]
        assert (await fire.post(f"{PAGE}/AG003", act="retire", reason="示例")).status >= 400
        assert not (await Agency.get(code="AG003")).retired_at


@pytest.mark.parametrize(
    ("role", "who", "may"),
    [
        (Role.OFFICE, "office", True), (Role.LIAISON, "XF", True), (Role.HEAD, "XF", False),
        (Role.INSPECTOR, "INS-GA-1", False), (Role.ENTITY, "OBJ00001", False), (None, "", False),
    ],
)  # fmt: skip
async def test_every_route_of_the_register_by_every_role(db, role, who, may):
    await sample.found()
    async with sample.written():
        await Agency.create(code="AG900", name="示例", departments=["XF"])
    async with site() as world:
        browser = await world.browser(role, who)
        for path in ("", "/new", "/AG900"):
            answer = await browser.get(PAGE + path)
            assert (answer.status == 200) is may, (path, answer.status)
        export = await browser.get("/console/registers/export?kind=agencies&form=csv")
        assert (export.status == 200) is may


async def test_experts_stand_on_a_page_of_their_own(db):
    await sample.found()
    async with sample.written():
        await Inspector.create(code="EXP-1", name="示例专家", department="", expert=True, status="in_post")
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        page = await office.get("/console/registers/inspectors?expert=yes")
        assert "EXP-1" in page.text and "INS-GA-1" not in page.text and "专家" in page.text
        page = await office.get("/console/registers/inspectors?expert=no")
        assert "EXP-1" not in page.text and "INS-GA-1" in page.text
        assert (await office.get("/console/registers/inspectors?expert=perhaps")).status == 400
        assert (await office.get(f"{PAGE}?expert=yes")).status == 400
        new = await office.get("/console/registers/inspectors/new?expert=yes")
        assert '<select name="是否专家(仅协助)"><option value="是" selected>' in new.html
    asked = register_list.read_filter("inspectors", {"expert": "yes"})
    assert [line.code for line in (await register_list.page("inspectors", asked, by=OFFICE)).lines] == [
        "EXP-1"
    ]
