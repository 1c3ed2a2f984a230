"""A file is looked at before anything is written, taken, and taken back while nothing stands on it (Art. 10)."""

from __future__ import annotations

import io

import aiohttp
import pytest
from python_calamine import CalamineWorkbook

from models.procedure import register_entry, register_import
from models.queries import register_import as queries
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Inspector, RegisterChange, RegisterImport, Substitution, Target, Task
from tests.server.pages import FORM, Browser, site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import OTHER_TARGET, TARGET, lines, table, xlsx

LIAISON = Actor(Role.LIAISON, "GA", department="GA")
SHOP = {
    **OTHER_TARGET,
    "对象编号": "SHOP1",
    "名称": "示例光明宾馆",
    "适用事项编号": "XH-GA-02",
    "监管部门": "GA",
}
NEXT = {**TARGET, "对象编号": "SHOP2", "名称": "示例明珠旅店", "适用事项编号": "XH-GA-02", "监管部门": "WJ"}


@pytest.fixture
async def here(db):
    await sample.found()


async def brought(kind: str, data: bytes, by: Actor = OFFICE) -> int:
    return await register_import.bring(kind, "示例名单.csv", data, by=by, at=CEREMONY)


async def taken(kind: str, data: bytes, by: Actor = OFFICE, **how: bool) -> int:
    number = await brought(kind, data, by)
    report = await register_import.take(number, by=by, at=CEREMONY, **how)
    assert report.taken, report.bad
    return number


async def test_nothing_is_written_before_it_is_taken(here):
    await taken("targets", table(SHOP), confirmed=True)
    before = await Target.all().order_by("code").values(), await RegisterChange.all().count()
    bad = {
        **NEXT,
        "对象编号": "SHOP3",
        "名称": "示例三",
        "统一社会信用代码": "",
        "注册号": "410403600000017",
        "登记状态": "关门",
    }
    number = await brought("targets", table({**SHOP, "联系人": "示例新"}, NEXT, bad))
    seen = await queries.preview(number, by=OFFICE)
    refused = await brought("targets", table({**SHOP, "登记状态": "关门"}))
    assert "SHOP1" not in {one.code for one in (await queries.preview(refused, by=OFFICE)).missing}
    assert [one.code for one in seen.new] == ["SHOP2"]
    assert [(one.number, one.code, one.cells) for one in seen.changed] == [
        (2, "SHOP1", (("联系人", OTHER_TARGET["联系人"], "示例新"),))
    ]
    assert {(one.number, one.column) for one in seen.bad} >= {(4, "登记状态")}
    assert {one.code for one in seen.missing} >= {"OBJ00001"} and "SHOP1" not in {
        one.code for one in seen.missing
    }
    assert (await Target.all().order_by("code").values(), await RegisterChange.all().count()) == before


async def test_bad_rows_keep_all_out_unless_the_good_ones_are_asked_for(here):
    number = await brought("targets", table(SHOP, {**NEXT, "登记状态": "关门"}))
    assert not (await register_import.take(number, by=OFFICE, at=CEREMONY, confirmed=True)).taken
    assert not await Target.exists(code="SHOP1")
    assert (
        await register_import.take(number, by=OFFICE, at=CEREMONY, keep_good=True, confirmed=True)
    ).added == 1
    with pytest.raises(Refusal) as refused:
        await register_import.take(number, by=OFFICE, at=CEREMONY, keep_good=True, confirmed=True)
    assert refused.value.code == "registry.taken_already"


async def test_a_whole_list_takes_out_whom_it_does_not_name_and_comes_back(here):
    number = await taken("targets", table(SHOP), confirmed=True, complete=True)
    assert set(await Target.exclude(code="SHOP1").values_list("status", flat=True)) == {"retired"}
    n = await RegisterChange.filter(import_id=number).count()
    assert await register_import.take_back(number, "名单有误", by=OFFICE, at=CEREMONY) == n
    assert set(await Target.exclude(code="SHOP1").values_list("status", flat=True)) == {"operating"}
    assert (await Target.get(code="SHOP1")).status == "retired"  # nothing is deleted


async def test_a_list_with_bad_rows_is_no_whole_list(here):
    number = await brought("targets", table(SHOP, {**NEXT, "登记状态": "关门"}))
    report = await register_import.take(
        number, by=OFFICE, at=CEREMONY, keep_good=True, confirmed=True, complete=True
    )
    assert not report.taken and not await Target.filter(status="retired").exists()


async def test_an_import_is_not_taken_back_from_under_a_later_change(here):
    await taken("targets", table(SHOP), confirmed=True)
    number = await taken("targets", table({**SHOP, "联系人": "示例甲"}), confirmed=True)
    await register_entry.edit("targets", "SHOP1", {"联系人": "示例乙"}, by=OFFICE, at=CEREMONY)
    with pytest.raises(Refusal) as refused:
        await register_import.take_back(number, "名单有误", by=OFFICE, at=CEREMONY)
    assert (refused.value.code, refused.value.params["numbers"]) == ("registry.stood_on", ["SHOP1"])
    assert (await Target.get(code="SHOP1")).contact == "示例乙"


async def test_what_was_changed_is_as_before_and_the_history_says_so(here):
    await taken("targets", table(SHOP), confirmed=True)
    was = await Target.get(code="SHOP1").values()
    number = await taken(
        "targets", table({**SHOP, "名称": "示例新名", "成立日期": "2020-02-02"}), confirmed=True
    )
    await register_import.take_back(number, "名单有误", by=OFFICE, at=CEREMONY)
    assert await Target.get(code="SHOP1").values() == was
    assert [one.reason for one in await RegisterChange.filter(code="SHOP1").order_by("id")] == [
        "",
        "",
        "名单有误",
    ]
    with pytest.raises(Refusal) as refused:
        await register_import.take_back(number, "名单有误", by=OFFICE, at=CEREMONY)
    assert refused.value.code == "registry.not_taken"


async def test_an_officer_on_leave_by_a_file_is_flagged_in_open_tasks(here):
    await sample.drawn()
    leader = await sample.leader_of(await Task.all().order_by("rank").first())
    row = await Inspector.get(code=leader.id)
    data = table(
        {
            "人员编号": row.code,
            "姓名": row.name,
            "部门编码": row.department,
            "执法证号": row.certificate,
            "人员状态": "休假",
        }
    )
    number = await brought("inspectors", data)
    report = await register_import.take(number, by=OFFICE, at=CEREMONY)
    assert report.changed == 1 and await Substitution.exists(note="leave")


async def test_a_liaisons_file_reaches_the_own_departments_rows_alone(here):
    number = await brought("targets", table(SHOP, NEXT), LIAISON)
    seen = await queries.preview(number, by=LIAISON)
    assert [one.code for one in seen.new] == ["SHOP1"]
    assert [(one.number, one.reason) for one in seen.bad] == [(3, "not_own")]
    with pytest.raises(Refusal) as refused:
        await queries.preview(number, by=Actor(Role.LIAISON, "WJ", department="WJ"))
    assert refused.value.code == "registry.no_import"
    async with sample.written():
        await Target.filter(code="OBJ00001").update(departments=["WJ"])
    await taken("targets", table(SHOP), LIAISON, confirmed=True, complete=True)
    assert (await Target.get(code="OBJ00001")).status == "operating"
    assert (await Target.get(code="OBJ00002")).status == "retired"


async def test_a_heading_is_said_once_and_remembered_for_the_department(here):
    odd = {("铺名" if column == "名称" else column): value for column, value in SHOP.items()}
    number = await brought("targets", table(odd), LIAISON)
    seen = await queries.preview(number, by=LIAISON)
    assert seen.refused and "铺名" in seen.unread and "名称" in seen.lacking and not seen.new
    await register_import.name_headings(number, {"铺名": "名称"}, by=LIAISON, at=CEREMONY)
    assert [one.name for one in (await queries.preview(number, by=LIAISON)).new] == ["示例光明宾馆"]
    again = await brought("targets", table(odd), LIAISON)
    assert (await queries.preview(again, by=LIAISON)).refused is None
    assert (
        await queries.preview(await brought("targets", table(odd)), by=OFFICE)
    ).refused  # not the office's word
    with pytest.raises(Refusal):
        await register_import.name_headings(number, {"铺名": "密码"}, by=LIAISON, at=CEREMONY)


async def sent(browser: Browser, kind: str, data: bytes) -> str:
    form = aiohttp.FormData(
        {"csrf": browser.csrf, "kind": kind}, quote_fields=False, default_to_multipart=True
    )
    form.add_field("file", io.BytesIO(data), filename="示例名单.csv", content_type="text/csv")
    answer = await browser.client.post(
        "/console/registers/imports", data=form, headers=FORM, allow_redirects=False
    )
    assert answer.status == 303
    return answer.headers["Location"]


async def test_the_page_shows_takes_and_takes_back(here):
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        address = await sent(office, "targets", table(SHOP, {**NEXT, "登记状态": "关门"}))
        page = await office.get(address)
        assert (
            page.status == 200
            and "尚未写入" in page.text
            and "示例光明宾馆" in page.text
            and "第 3 行" in page.text
        )
        report = await (await office.client.get(address + "/report.xlsx")).read()
        book = CalamineWorkbook.from_filelike(io.BytesIO(report)).get_sheet_by_index(0).to_python()
        assert any(row[1] == "3" and row[2] == "登记状态" for row in book)
        assert "未导入" in (await office.post(address, act="take")).text and not await Target.exists(
            code="SHOP1"
        )
        assert (await office.post(address, act="take", keep_good="yes", confirmed="yes")).status == 303
        page = await office.get(address)
        assert "已导入" in page.text and await Target.exists(code="SHOP1")
        assert (await office.post(address, act="back", reason="名单有误")).status == 303
        assert "已撤销导入" in (await office.get(address)).text
        assert "示例名单.csv" in (await office.get("/console/registers")).text
        other = await world.browser(Role.LIAISON, "WJ")
        assert (await other.get(address)).status == 404
        assert (await other.post(address, act="back", reason="示例")).status == 404
        assert (await office.get("/console/registers/imports/99")).status == 404


async def test_a_file_that_is_none_is_said_so_on_the_page(here):
    async with site() as world:
        liaison = await world.browser(Role.LIAISON, "GA")
        page = await liaison.get(await sent(liaison, "inspectors", b"<html><table></table></html>"))
        assert page.status == 200 and "html" in page.text and await RegisterImport.all().count() == 1
        assert not [
            one for one in page.reader.forms if one["action"].startswith("/console/registers/imports/")
        ]


async def test_where_several_sheets_fit_the_person_chooses_one_before_the_preview(here):
    book = xlsx([["示例区名单"], *lines(SHOP)], lines(NEXT), [["日期", "姓名"], ["2026-01-01", "试甲"]])
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        address = await sent(office, "targets", book)
        page = await office.get(address)
        assert "Sheet1、Sheet2" in page.text
        assert "Sheet3" in page.text and "没有认得的表头行" in page.text  # shown, with why it does not fit
        assert (await office.post(address, act="table", sheet="Sheet2", heading_row="")).status == 303
        page = await office.get(address)
        assert "读取的是工作表“Sheet2”，表头在第 1 行" in page.text and "示例明珠旅店" in page.text
        await office.post(address, act="table", sheet="Sheet1", heading_row="2")
        page = await office.get(address)
        assert "读取的是工作表“Sheet1”，表头在第 2 行" in page.text and "示例光明宾馆" in page.text
        assert (await office.post(address, act="table", sheet="Sheet1", heading_row="甲")).status == 400
        await office.post(address, act="table", sheet="Sheet1", heading_row="99")
        page = await office.get(address)
        assert "没有第 99 行（只有 3 行）" in page.text and not await Target.exists(code="SHOP1")
        await office.post(address, act="table", sheet="Sheet1", heading_row="2")
        await office.post(address, act="take", confirmed="yes")
        assert await Target.exists(code="SHOP1") and not await Target.exists(code="SHOP2")
        await office.post(address, act="table", sheet="Sheet2", heading_row="")
        assert (
            await RegisterImport.get()
        ).sheet == "Sheet1"  # what was taken is not read otherwise afterwards
        other = await world.browser(Role.LIAISON, "WJ")
        assert (await other.post(address, act="table", sheet="Sheet2", heading_row="")).status == 404


async def test_lists_history_imports_and_taking_back_on_both_databases(any_db):
    await sample.found()
    await taken("targets", table(SHOP), confirmed=True)
    number = await taken(
        "targets",
        table({**SHOP, "联系人": "示例甲", "成立日期": "2020-02-02"}),
        confirmed=True,
        complete=True,
    )
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        for query in (
            "?search=slgm",
            "?search=光明&sort=name",
            "?department=GA&state=standing",
            "?after=A&sort=name&name=A",
        ):
            assert "SHOP1" in (await office.get(f"/console/registers/targets{query}")).text, query
        assert "SHOP1" not in (await office.get("/console/registers/targets?state=gone")).text
        for kind in (
            "items?department=GA",
            "inspectors?department=GA&sort=name",
            "checklists",
            "departments",
            "streets",
        ):
            assert (await office.get(f"/console/registers/{kind}")).status == 200, kind
        assert "2020-02-02" in (await office.get("/console/registers/targets/SHOP1")).text
    await register_import.take_back(number, "名单有误", by=OFFICE, at=CEREMONY)
    assert str((await Target.get(code="SHOP1")).founded) == OTHER_TARGET["成立日期"]


async def test_a_list_of_a_whole_district_has_room_for_its_preview(here):
    """Three thousand targets are a megabyte and more, which was the limit of every other form."""
    wide = {**SHOP, "数据来源": "示例" * 20}
    data = table(*({**wide, "对象编号": f"SHOP{n}", "名称": f"示例{n}"} for n in range(4000)))
    assert len(data) > 2**20
    async with site() as world:
        await sent(await world.browser(Role.LIAISON, "GA"), "targets", data)
    assert await RegisterImport.all().count() == 1
