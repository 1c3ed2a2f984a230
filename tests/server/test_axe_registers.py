"""The registers' pages, judged by axe-core and for their width: with nothing, one row and ten thousand in them (Art. 10)."""

from __future__ import annotations

from typing import Any

import pytest

from models.procedure import register_entry, register_import
from models.rules.actor import Role
from models.tables import Agency, Inspector, Item, Street
from server.console.import_work import IMPORT_WORK
from tests.server.companion.screen import loopback, sign_in
from tests.server.test_console_register_imports import SHOP
from tests.server.test_console_register_lists import many
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.page_looks import opened, pictured
from tests.support.register_files import lines, table, xlsx

pytestmark = pytest.mark.browser
LOOKS = [(390, "zh-CN", 10_000), (1280, "en", 10_000), (390, "en", 0), (1280, "zh-CN", 0)]


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


async def found_on(page: Any, house: Any, parts: tuple[str, ...]) -> dict[str, Any]:
    wrong = {}
    for part in parts:
        await page.goto(str(house.server.make_url("/console/registers" + part)))
        if said := await opened(page):
            wrong[part] = said
        await pictured(page, part or "registers", *page.viewport_size.values())
    return wrong


@pytest.mark.parametrize(("width", "language", "rows"), LOOKS)
async def test_the_registers_have_no_serious_finding(house, browser, width, language, rows):
    lists = ("", "/targets", "/inspectors", "/items", "/checklists", "/departments", "/streets", "/agencies")
    forms = (
        "/targets/new",
        "/inspectors/new",
        "/targets?search=nobody",
        "/agencies/new",
        "/inspectors?expert=yes",
    )
    if rows:
        await sample.found()
        await many(rows)
        await Street.create(code="410403001", name="示例街道")  # one row alone
        await register_entry.edit("inspectors", "INS-GA-1", {"科室": "示例科"}, by=OFFICE, at=CEREMONY)
        await Agency.create(code="AG001", name="示例检测机构", departments=["GA"], scope="示例检测，" * 30)
        item, officer = (await Item.all().first()).code, (await Inspector.all().first()).code
        forms += (
            f"/items/{item}",
            f"/inspectors/{officer}",
            "/targets/M000001",
            "/agencies/AG001",
            "/targets?sort=name",
            "/checklists/XH-GA-02/03/04/05",
        )
    strange = {("铺名" if column == "名称" else column): value for column, value in SHOP.items()}
    for cells in (SHOP, strange):
        brought = await register_import.bring(
            "targets", "示例.csv", table(cells, {**cells, "登记状态": "关门"}), by=OFFICE, at=CEREMONY
        )
        forms += (f"/imports/{brought}",)
    for n, book in enumerate((xlsx(lines(SHOP), lines(SHOP), [["日期"]]), xlsx(lines(SHOP), [["日期"]]))):
        brought = await register_import.bring("targets", f"示例{n}.xlsx", book, by=OFFICE, at=CEREMONY)
        forms += (f"/imports/{brought}",)  # several sheets fit, and one of them alone
    context = await browser.new_context(
        viewport={"width": width, "height": 844},
        locale=language,
        color_scheme="dark" if width < 500 else "light",
    )
    await sign_in(context, house, "测试联席办", Role.OFFICE)
    page = await context.new_page()
    assert await found_on(page, house, lists + forms) == {}
    if rows:
        work = house.server.app[IMPORT_WORK]
        work.patience = 0
        brought = await register_import.bring("targets", "示例.csv", table(SHOP), by=OFFICE, at=CEREMONY)
        assert await found_on(page, house, (f"/imports/{brought}",)) == {}  # how far it is
        await work.settled()
