"""A long list is read and written beside the pages, which say how far it is until it is done (Art. 10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.data import read
from models.procedure import register_entry, register_import, registry
from models.queries import register_import as queries
from models.rules.actor import Role
from models.rules.registry.progress import ImportProgress, ImportStep, watched
from models.tables import Target
from server.console.import_work import IMPORT_WORK
from tests.server.pages import site
from tests.server.test_console_register_imports import NEXT, SHOP, sent
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import table, xlsx


def many(n: int) -> list[dict[str, str]]:
    """So many fictitious targets, none like another."""
    odd = {"统一社会信用代码": "", "对象类别": "非市场主体", "登记状态": "存续"}
    return [
        {
            **SHOP,
            **odd,
            "对象编号": f"SHOP{i}",
            "名称": f"示例第{i}号桥",
            "住所": f"示例路{i}号",
            "非市场主体标识": f"示例标识{i}",
        }
        for i in range(n)
    ]


@pytest.fixture
async def world(db):
    """A house whose pages do not wait for a list at all."""
    await sample.found()
    async with site() as made:
        made.server.app[IMPORT_WORK].patience = 0
        yield made


async def test_the_page_says_how_far_it_is_and_comes_again_by_itself(world):
    office, work = await world.browser(Role.OFFICE, "office"), world.server.app[IMPORT_WORK]
    address = await sent(office, "targets", table(SHOP, NEXT))
    page = await office.get(address)
    assert page.response.headers["Refresh"] == "1" and "正在" in page.text and "不写入任何内容" in page.text
    assert address in page.reader.links  # and by hand
    await work.settled()
    page = await office.get(address)
    assert "Refresh" not in page.response.headers and "示例光明宾馆" in page.text
    assert (await office.post(address, act="take", confirmed="yes")).status == 200
    page = await office.get(address)
    assert "Refresh" not in page.response.headers and "已导入" in page.text
    assert await Target.filter(code__in=("SHOP1", "SHOP2")).count() == 2


async def test_while_it_is_written_the_page_grows_line_by_line_and_leads_to_what_came_of_it(world):
    office = await world.browser(Role.OFFICE, "office")
    address = await sent(office, "targets", table(*many(3000)))
    page = await office.post(address, act="take", confirmed="yes")
    assert page.status == 200 and page.text.count("正在") >= 2 and "中途停下就什么也不写入" in page.text
    assert address in page.reader.links and f'content="0;url={address}"' in page.html
    page = await office.get(address)
    assert "Refresh" not in page.response.headers and "已导入" in page.text
    assert await Target.filter(code__startswith="SHOP").count() == 3000


async def test_a_file_read_beforehand_is_read_again_where_the_register_has_changed(db):
    await sample.found()
    number = await register_import.bring("targets", "示例.csv", table(SHOP), by=OFFICE, at=CEREMONY)
    read_ = await queries.read_beforehand(number, by=OFFICE)
    await register_entry.take_out("targets", "OBJ00001", "示例", by=OFFICE, at=CEREMONY)
    assert not await queries.still_stands(read_, number, by=OFFICE)
    outdated = replace(read_, checked=replace(read_.checked, good=[], numbers=[]))
    report = await register_import.take(number, by=OFFICE, at=CEREMONY, confirmed=True, read=outdated)
    assert report.added == 1


async def test_what_was_read_is_read_anew_when_the_register_has_changed(world):
    office, work = await world.browser(Role.OFFICE, "office"), world.server.app[IMPORT_WORK]
    row = await Target.get(code="OBJ00001")
    address = await sent(office, "targets", table({**SHOP, "对象编号": "SHOP1"}))
    await office.get(address)
    await work.settled()
    await register_entry.edit("targets", row.code, {"联系人": "示例新人"}, by=OFFICE, at=CEREMONY)
    assert "Refresh" in (await office.get(address)).response.headers
    await work.settled()
    assert "示例光明宾馆" in (await office.get(address)).text


async def test_a_list_that_is_not_taken_says_so_when_it_was_looked_at(world):
    office, work = await world.browser(Role.OFFICE, "office"), world.server.app[IMPORT_WORK]
    address = await sent(office, "targets", table(SHOP, {**NEXT, "登记状态": "关门"}))
    await office.post(address, act="take")
    await work.settled()
    await office.get(address)
    await work.settled()
    assert "第 3 行" in (await office.get(address)).text and not await Target.exists(code="SHOP1")


async def test_another_department_sees_nothing_of_it(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    address = await sent(liaison, "targets", table(SHOP))
    other = await world.browser(Role.LIAISON, "WJ")
    assert (await other.get(address)).status == 404
    await world.server.app[IMPORT_WORK].settled()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_every_step_counts_its_rows(db, form):
    await registry.import_departments(read("departments.csv"), by=OFFICE, at=CEREMONY)
    await registry.import_items(read("items.csv"), by=OFFICE, at=CEREMONY)
    rows = [
        {**SHOP, "对象编号": f"SHOP{n}", "名称": f"示例第{n}号宾馆", "住所": f"示例路{n}号"}
        for n in range(1200)
    ]
    data = table(*rows) if form == "csv" else xlsx([list(rows[0]), *(list(row.values()) for row in rows)])
    seen: list[tuple[ImportStep, int, int]] = []

    class Noted(ImportProgress):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "rows":
                seen.append((self.step, self.rows, getattr(self, "of", 0)))

    with watched(Noted()):
        await registry.import_targets(data, by=OFFICE, at=CEREMONY, confirmed=True, keep_good=True)
    assert (ImportStep.OPENED, 1000) in {(step, rows) for step, rows, _ in seen}
    assert {(ImportStep.CHECKED, 1000), (ImportStep.CHECKED, 500)} <= {(step, rows) for step, rows, _ in seen}
    assert list(dict.fromkeys(step for step, _, _ in seen)) == [
        ImportStep.OPENED,
        ImportStep.CHECKED,
        ImportStep.WRITTEN,
    ]
