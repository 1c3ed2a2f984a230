"""Registers, streets and the year's days off come in on a page of the console as well (Art. 9, 10, 16 (3))."""

from __future__ import annotations

import io

import aiohttp
import pytest
from python_calamine import CalamineWorkbook

from models.data import read, workday_calendar
from models.rules.actor import Role
from models.tables import CalendarYear, Street, Target
from server.access import OFFICE_WITH_LISTS
from server.app_keys import DISTRICT
from tests.models.procedure.test_yearly_and_local import NOTICE
from tests.server.pages import FORM, Browser, Page, site
from tests.support import district as sample
from tests.support.register_files import OTHER_TARGET, TARGET, table

NEXT = max(workday_calendar().announced) + 1
DAYS = table(*({"日期": f"{NEXT}-{day}", "安排": "放假"} for day in ("01-01", "01-04", "05-01", "10-01")))
STREETS = read("streets.csv")


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def bring(
    browser: Browser, kind: str, data: bytes, *, to: str = "/console/registers", **said: str
) -> Page:
    form = aiohttp.FormData({"csrf": browser.csrf, "kind": kind, **said}, default_to_multipart=True)
    form.add_field("file", io.BytesIO(data), filename="清单.csv", content_type="text/csv")
    answer = await browser.client.post(to, data=form, headers=FORM, allow_redirects=False)
    return await browser._read(answer)


async def test_a13_next_years_days_off_count_from_the_minute_they_are_brought_in(world):
    office = await world.browser(Role.OFFICE, "office")
    page = await bring(office, "calendar", DAYS, source="示例通知", dated=f"{NEXT - 1}-11-04")
    assert page.status == 200
    assert "新增 1" in page.text and "示例通知" in page.text
    row = await CalendarYear.get(year=NEXT)
    assert (row.source, str(row.dated)) == ("示例通知", f"{NEXT - 1}-11-04")
    assert NEXT in world.server.app[DISTRICT].calendar.announced


async def test_a13_streets_come_in_and_another_list_names_every_bad_row(world):
    office = await world.browser(Role.OFFICE, "office")
    assert "新增 11" in (await bring(office, "streets", STREETS)).text
    assert await Street.all().count() == 11
    before = await Target.all().count()
    page = await bring(office, "targets", table({**TARGET, "街道代码": "410499001", "注册号": "4.1E+14"}))
    assert "第 2 行" in page.text and "没有这个街道" in page.text and "科学计数" in page.text
    assert "未导入任何数据" in page.text and await Target.all().count() == before


async def test_a15_what_reads_alike_waits_for_a_tick(world):
    office = await world.browser(Role.OFFICE, "office")
    shop = {
        **TARGET,
        "对象编号": "X1",
        "名称": "示例（光明路）小吃店",
        "注册号": "",
        "适用事项编号": "XH-GA-02",
    }
    twin = {
        **shop,
        "对象编号": "X2",
        "名称": "示例(光明路)小吃店",
        "统一社会信用代码": OTHER_TARGET["统一社会信用代码"],
    }
    page = await bring(office, "targets", table(shop, twin))
    assert "是不是同一对象" in page.text and not await Target.exists(code="X1")
    page = await bring(office, "targets", table(shop, twin), confirmed="yes")
    assert "新增 2" in page.text and await Target.exists(code="X2")


async def test_c1_what_cannot_be_read_is_refused_in_words(world):
    office = await world.browser(Role.OFFICE, "office")
    page = await bring(office, "streets", b"<html><table><tr><td>code</td></tr></table></html>")
    assert page.status in (400, 409, 422) and "html" in page.text


async def test_c1_an_empty_list_can_be_had_and_comes_back_readable(world):
    office = await world.browser(Role.OFFICE, "office")
    data = await (await office.client.get("/console/registers/empty?kind=targets")).read()
    head = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]
    assert head[:4] == ["对象编号", "对象类别", "主体类型", "名称"]
    text = await (await office.client.get("/console/registers/empty?kind=inspectors&form=csv")).read()
    assert text.startswith(b"\xef\xbb\xbf") and "回避对象" in text.decode("utf-8-sig")


async def test_nobody_but_the_office_brings_a_list_in(world):
    head = await world.browser(Role.HEAD, "GA")
    assert (await head.get("/console/registers")).status == 403
    assert (await bring(head, "streets", STREETS)).status == 403
    assert not await Street.exists()


async def test_the_notice_is_pasted_compared_and_confirmed(world):
    office = await world.browser(Role.OFFICE, "office")

    async def paste(text: str, **said: str) -> Page:
        form = aiohttp.FormData(
            {"csrf": office.csrf, "kind": "calendar", "notice": text, **said}, default_to_multipart=True
        )
        answer = await office.client.post(
            "/console/registers", data=form, headers=FORM, allow_redirects=False
        )
        return await office._read(answer)

    assert "文件为空" in (await paste("")).text
    page = await paste(NOTICE)
    assert "尚未导入" in page.text and f"放假7天：{NEXT}-02-06" in page.text and NOTICE[-20:] in page.text
    assert not await CalendarYear.exists()
    assert "新增 1" in (await paste(NOTICE, confirmed="yes")).text
    assert NEXT in world.server.app[DISTRICT].calendar.announced


async def test_e7_the_list_of_a_whole_district_comes_in_at_the_desk(world):
    office = await world.browser(Role.OFFICE, "office")
    assert (await bring(office, "streets", STREETS, source="示例", dated="2026-11-04")).status == 200
    whole = read("targets.csv")
    assert len(whole) > 2**20
    page = await bring(office, "targets", whole)
    assert page.status == 200 and "太大" not in page.text
    assert "3000" in page.text.replace(",", "") or await Target.all().count() > 1000


async def test_e7_a_file_above_the_limit_is_refused_with_the_limit_and_what_to_do(world):
    office = await world.browser(Role.OFFICE, "office")
    before = await Target.all().count()
    page = await bring(office, "targets", bytes(OFFICE_WITH_LISTS.largest + 1))
    assert page.status == 409
    assert "超过上限 64 MiB" in page.text and "分成几份" in page.text
    assert await Target.all().count() == before


async def test_e7_other_forms_and_other_people_keep_the_small_limit(world):
    office, head = await world.browser(Role.OFFICE, "office"), await world.browser(Role.HEAD, "GA")
    large = bytes(2**20 + 1)
    assert (await bring(office, "targets", large, to="/console/me")).status == 413
    assert (await bring(head, "targets", large)).status in (403, 413)
    assert (await bring(await world.browser(), "targets", large)).status in (403, 413)
