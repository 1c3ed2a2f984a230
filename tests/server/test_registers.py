"""A register leaves as CSV and as a workbook, and what left comes back unchanged (Art. 9, 10, 16 (3))."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from models.data import read, workday_calendar
from models.procedure import register_import
from models.procedure.register_import import KINDS
from models.queries import register
from models.queries import register_import as previews
from models.rules.actor import Role
from models.rules.registry.cells_out import COLUMNS
from models.tables import CalendarYear, Checklist, Department, Inspector, RegisterChange, Street, Target
from server.registers import FORMS, REGISTERS, export, xlsform
from tests.server.pages import site
from tests.support import district as sample
from tests.support import fork_server as forked
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import INSPECTOR, TARGET, table, xlsx
from tests.support.snapshots import remembered

FILES = {
    "departments": "departments.csv", "items": "items.csv", "checklists": "checkpoints.csv", "streets": "streets.csv",
    "targets": "targets.csv", "inspectors": "inspectors.csv", "agencies": "agencies.csv",
}  # fmt: skip
DAYS = table(
    *(
        {"日期": f"{max(workday_calendar().announced)}-{day}", "安排": "放假"}
        for day in ("01-01", "05-01", "10-01")
    ),
    {"日期": f"{max(workday_calendar().announced)}-01-02", "安排": "补班"},
)


async def brought(*kinds: str) -> None:
    for kind in kinds:
        await _brought(kind)


@remembered
async def _brought(kind: str) -> None:
    data = DAYS if kind == "calendar" else read(FILES[kind])
    assert (await REGISTERS[kind].take(data, by=OFFICE, at=CEREMONY)).taken, kind


async def back(kind: str, form: str, folder) -> tuple[int, int, int]:
    """Export, import again: rows written, records changed, records added."""
    path = folder / f"{kind}.{form}"
    rows = await export(kind, form, path)
    again = {"confirmed": True} if REGISTERS[kind].confirms else {}
    report = await REGISTERS[kind].take(path.read_bytes(), by=OFFICE, at=CEREMONY, **again)
    assert report.bad == [] and report.taken, report.bad[:3]
    return rows, report.changed, report.added


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", REGISTERS)
async def test_what_left_comes_back_unchanged(db, tmp_path, kind, form):
    order = list(REGISTERS)
    await brought(*order[: order.index(kind) + 1])
    if kind == "calendar":
        await back(kind, form, tmp_path)  # the years that came with the program are the office's own now
    rows, changed, added = await back(kind, form, tmp_path)
    assert rows > 3 and (changed, added) == (0, 0)


@pytest.mark.parametrize("form", FORMS)
async def test_what_a_spreadsheet_would_destroy_comes_back_too(db, tmp_path, form):
    await brought("departments", "items", "streets", "targets")
    odd = {
        **TARGET, "对象编号": "'1234", "名称": "'=示例,“一”", "统一社会信用代码": "", "注册号": "",
        "非市场主体标识": "'100000000000000000", "对象类别": "非市场主体", "登记状态": "状态不明",
        "电话": "+86 139 0000 0001", "经度": "-0.000001", "许可有效期至": "长期", "许可证编号": "'2026-01",
        "告知方式": "短信;传真", "法定代表人": "'#REF!",
    }  # fmt: skip
    zeros = {**odd, "对象编号": "'00012", "非市场主体标识": "'1.0E+12", "名称": "示例;桥"}
    report = await REGISTERS["targets"].take(table(odd, zeros), by=OFFICE, at=CEREMONY, confirmed=True)
    assert report.added == 2, report.bad
    person = {
        **INSPECTOR, "人员编号": "P-1", "执法证号": "", "是否专家(仅协助)": "是", "部门编码": "", "部门": "示例大学",
        "科室": "", "可检查事项编号": "*",
    }  # fmt: skip
    report = await REGISTERS["inspectors"].take(table(person), by=OFFICE, at=CEREMONY)
    assert report.added == 1, report.bad
    assert (await back("targets", form, tmp_path))[1:] == (0, 0)
    assert (await back("inspectors", form, tmp_path))[1:] == (0, 0)
    assert (await Target.get(code="00012")).mark == "1.0E+12"
    assert (await Inspector.get(code="P-1")).section == "示例大学"


async def test_an_empty_register_leaves_its_headings(db, tmp_path):
    assert await export("targets", "csv", tmp_path / "a.csv") == 0
    assert next(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig")))) == list(
        COLUMNS["targets"]
    )


async def test_streets_and_days_off_leave_as_they_hold_before_any_list_came_in(db, tmp_path):
    assert await export("streets", "csv", tmp_path / "a.csv") == 11
    assert await export("calendar", "csv", tmp_path / "b.csv") > 20
    assert not await Street.exists() and not await CalendarYear.exists()


async def test_the_same_streets_from_another_file_keep_their_source(db):
    await REGISTERS["streets"].take(
        read("streets.csv"), by=OFFICE, at=CEREMONY, source="甲文", dated=date(2026, 1, 5)
    )
    report = await REGISTERS["streets"].take(read("streets.csv"), by=OFFICE, at=CEREMONY, source="乙文")
    assert (report.changed, report.unchanged) == (0, 11)
    assert await Street.filter(source="甲文", dated=date(2026, 1, 5)).count() == 11


async def test_rows_are_read_in_parts(db, monkeypatch):
    await brought("departments", "items", "streets", "targets")
    sizes = [len(part) async for part in register.rows("targets")]
    assert len(sizes) > 5 and max(sizes) == register.AT_ONCE


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
async def test_what_left_changes_nothing_in_the_preview_either(db, tmp_path, kind, form):
    order = list(REGISTERS)
    await brought(*order[: order.index(kind) + 1])
    path = tmp_path / f"{kind}.{form}"
    rows = await export(kind, form, path)
    number = await register_import.bring(kind, path.name, path.read_bytes(), by=OFFICE, at=CEREMONY)
    seen = await previews.preview(number, by=OFFICE)
    assert (seen.new, seen.changed, seen.missing, list(seen.bad), seen.unchanged) == ((), (), (), [], rows)
    report = await register_import.take(number, by=OFFICE, at=CEREMONY, complete=True, confirmed=True)
    assert report.taken and (report.added, report.changed) == (0, 0)
    assert not await RegisterChange.filter(import_id=number).exists()


async def test_a_list_of_streets_is_looked_at_taken_and_taken_back(db):
    await brought("streets")
    data = (
        "code,name,district\r\n410402001,示例新名街道,平顶山市新华区\r\n410402999,示例街道,平顶山市新华区\r\n"
    )
    number = await register_import.bring("streets", "示例街道表.csv", data.encode(), by=OFFICE, at=CEREMONY)
    seen = await previews.preview(number, by=OFFICE)
    assert [row.code for row in seen.new] == ["410402999"] and len(seen.missing) == 10
    assert [row.cells for row in seen.changed] == [(("name", "曙光街街道", "示例新名街道"),)]
    await register_import.take(number, by=OFFICE, at=CEREMONY)
    assert await Street.filter(source="示例街道表.csv").count() == 2
    await register_import.take_back(number, "名单有误", by=OFFICE, at=CEREMONY)
    assert (await Street.get(code="410402001")).name == "曙光街街道"
    assert (await Street.get(code="410402999")).retired_at


async def test_each_checklist_leaves_as_xlsform_and_comes_back_unchanged(db, tmp_path):
    await brought("departments", "items", "checklists")
    codes = sorted(set(await Checklist.all().values_list("code", flat=True)))
    for code in codes:
        report = await REGISTERS["checklists"].take(await xlsform(code), by=OFFICE, at=CEREMONY)
        assert (report.bad, report.changed, report.added, report.unchanged) == ([], 0, 0, 1), code
    env = {"SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path)}
    path = str(tmp_path / "表.xlsx")
    assert forked.run("export", "checklists", path, "--xlsform", codes[0], env=env).returncode == 0
    assert "1" in forked.run("import", "checklists", path, env=env).stdout
    assert await Checklist.filter(code=codes[0]).count() == 1
    assert forked.run("export", "items", path, "--xlsform", codes[0], env=env).returncode == 2
    assert forked.run("export", "checklists", path, "--xlsform", "NONE", env=env).returncode == 2
    async with site() as world:
        liaison = await world.browser(Role.LIAISON, "GA")
        answer = await liaison.client.get("/console/registers/xlsform", params={"code": codes[0]})
        book = CalamineWorkbook.from_filelike(io.BytesIO(await answer.read()))
        assert book.sheet_names == ["survey", "choices", "settings"]
        assert (await liaison.get("/console/registers/xlsform?code=NONE")).status == 404
        page = await liaison.get(f"/console/registers/checklists/{codes[0]}")
        assert any("/console/registers/xlsform" in one for one in page.reader.links)


async def test_the_command_reads_the_sheet_and_the_row_that_were_named(db, tmp_path):
    head = ["部门编码", "领域名", "单位名称"]
    book = xlsx([["示例区部门"], head, ["AA", "示例一", "示例一局"]], [head, ["BB", "示例二", "示例二局"]])
    path = tmp_path / "部门.xlsx"
    path.write_bytes(book)
    env = {"SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path)}
    unsaid = forked.run("import", "departments", str(path), env=env)
    assert unsaid.returncode == 2 and "--sheet" in unsaid.stderr and not await Department.exists()
    named = forked.run("import", "departments", str(path), "--sheet", "Sheet1", "--heading-row", "2", env=env)
    assert (named.returncode, await Department.all().values_list("code", flat=True)) == (0, ["AA"])
    assert "Sheet1" in named.stdout and "2" in named.stdout
    assert forked.run("import", "departments", str(path), "--sheet", "Sheet9", env=env).returncode == 2


async def test_the_office_downloads_a_register_on_the_console(db):
    await sample.found()
    async with site() as world:
        office = await world.browser(Role.OFFICE, "office")
        answer = await office.client.get("/console/registers/export?kind=targets&form=xlsx")
        book = (
            CalamineWorkbook.from_filelike(io.BytesIO(await answer.read())).get_sheet_by_index(0).to_python()
        )
        assert answer.headers["Content-Disposition"] == 'attachment; filename="targets.xlsx"'
        assert len(book) == 1 + await Target.all().count()
        assert all(isinstance(one, str) for row in book for one in row)
        assert (await office.get("/console/registers/export?kind=secrets&form=csv")).status == 404
        assert (
            "/console/registers/export?kind=inspectors&amp;form=csv"
            in (await office.get("/console/registers")).html
        )
        head = await world.browser(Role.HEAD, "GA")
        assert (await head.get("/console/registers/export?kind=targets&form=csv")).status == 403


async def test_the_command_writes_the_file_whole_or_not_at_all(db, tmp_path):
    await brought("departments")
    env = {"SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path)}
    done = forked.run("export", "departments", str(tmp_path / "部门.csv"), env=env)
    assert (done.returncode, done.stderr) == (0, "") and "24 行" in done.stdout
    assert len((tmp_path / "部门.csv").read_text("utf-8-sig").splitlines()) == 25
    assert forked.run("export", "departments", str(tmp_path / "部门.pdf"), env=env).returncode == 2
    assert not list(tmp_path.glob(".export-*"))
