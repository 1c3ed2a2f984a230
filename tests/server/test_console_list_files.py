"""The console's lists as CSV and workbook: the same lines as the page, all pages, text as text (Art. 15, 16; D70)."""

import csv
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from locales import words
from models.queries import enrolments
from models.queries.plans import names
from models.rules.actor import Role
from models.tables import Inspector, Target, Task
from server.documents.layout import rendered
from server.documents.list_paper import MOST, list_paper
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, district


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    await sample.visit_fixed(await Task.all().order_by("number").first(), district())
    async with site() as made:
        yield made


async def rows(browser, path: str) -> list[dict[str, str]]:
    page = await browser.get(path)
    assert page.status == 200, page.text
    assert page.response.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(StringIO(page.body.decode("utf-8-sig"))))


async def test_the_board_leaves_with_every_task_that_the_filter_shows(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    lines = await rows(office, "/console/tasks.csv")
    assert [line["任务编号"] for line in lines] == list(
        await Task.all().order_by("number").values_list("number", flat=True)
    )
    fixed = await rows(office, "/console/tasks.csv?state=scheduled")
    assert [line["检查时间"] for line in fixed] == ["2026-12-08 09:00"]
    assert [line["检查结束"] for line in fixed] == ["2026-12-08 11:00"]


async def test_the_workbook_has_the_same_cells(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    lines = await rows(office, "/console/tasks.csv")
    page = await office.get("/console/tasks.xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(page.body)).get_sheet_by_index(0).to_python()
    assert [str(cell) for cell in sheet[1]] == list(lines[0].values())
    assert len(sheet) == len(lines) + 1


async def test_an_officer_gets_what_the_page_shows(world):
    task = await Task.all().order_by("number").first()
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    shown = await officer.get("/console/tasks")
    for line in await rows(officer, "/console/tasks.csv"):
        assert line["任务编号"] in shown.text


async def test_the_week_and_the_own_terms_leave_too(world):
    task = await Task.all().order_by("number").first()
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    [visit] = await rows(officer, "/console/calendar.csv?week=2026-12-08")
    assert (visit["任务编号"], visit["检查时间"]) == (task.number, "2026-12-08 09:00")
    kinds = {line["期限"] for line in await rows(officer, "/console/terms.csv")}
    assert kinds
    assert (await officer.get("/console/calendar.csv?week=x")).status == 400
    assert (await officer.get("/console/tasks.csv?state=x")).status == 400


async def test_the_roll_of_who_is_bound_leaves_page_by_page_and_without_telephones(world):
    await Inspector.bulk_create(
        [
            Inspector(code=f"示例{n:03d}", name=f"示例{n:03d}", department="YC", status="in_post")
            for n in range(60)
        ]
    )
    task = await Task.all().order_by("number").first()
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    assert (await officer.get("/console/people.csv")).status == 403
    office = await world.browser(Role.OFFICE, "测试联席办")
    lines = await rows(office, "/console/people.csv")
    assert len(lines) == await Inspector.filter(expert=False).count() > enrolments.PER_PAGE
    assert set(lines[0]) == {"姓名或名称", "证号或代码", "部门", "绑定", "时间"}
    head = await world.browser(Role.HEAD, "GA")
    own = await rows(head, "/console/people.csv?department=XF")
    assert own and {line["部门"] for line in own} == {(await names())["GA"]}
    assert (await office.get("/console/people.csv?kind=x")).status == 400


async def test_what_looks_like_a_formula_is_text(world):
    task = await Task.all().order_by("number").first()
    await Target.filter(code=task.target_id).update(name="=1+1")
    office = await world.browser(Role.OFFICE, "测试联席办")
    first = (await rows(office, "/console/tasks.csv"))[0]
    assert first["检查对象"] == "'=1+1"


async def test_a_stranger_gets_none(world):
    stranger = await world.browser()
    for path in ("/console/tasks.csv", "/console/calendar.xlsx", "/console/terms.csv"):
        assert (await stranger.get(path)).status == 303


async def test_each_list_and_the_figures_of_the_conference_are_a_paper_too(world):
    task = await Task.all().order_by("number").first()
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    office = await world.browser(Role.OFFICE, "测试联席办")
    for browser, path, wanted in (
        (office, "/console/tasks.pdf?state=scheduled", (task.number, "任务清单", "共1行")),
        (officer, "/console/calendar.pdf?week=2026-12-08", (task.number, "2026-12-0809:00")),
        (officer, "/console/terms.pdf", ("本人期限清单",)),
        (office, "/console/people.pdf", ("邀请与绑定清单", "未绑定")),
        (office, "/console/performance.pdf?month=2026-11", ("接受任务", "分母", "2026-11")),
    ):
        page = await browser.get(path)
        assert (page.status, page.response.content_type) == (200, "application/pdf"), path
        said = "".join("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.body)).pages).split())
        assert all(part in said for part in wanted), (path, said)
    assert (await office.get("/console/tasks.pdf?state=x")).status == 400


def test_a_paper_of_the_longest_list_is_set():
    at, w = CEREMONY, words("zh_Hans")
    rows = [(f"2026-XH-GA-02-1-{n:03d}", f"示例{n}", "检查员", "已定时间") for n in range(MOST)]
    (pdf,) = rendered(
        list_paper("示例清单", ("编号", "对象", "组长", "状态"), (6, 6, 4, 4), rows, w, "示例区", at)
    )
    assert len(PdfReader(BytesIO(pdf)).pages) > MOST // 60
