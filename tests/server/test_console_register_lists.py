"""名录库 on the console: lists a page at a time, one row with its history, edited by whose it is (Art. 4, 9, 10)."""

from __future__ import annotations

import pytest

from models import store
from models.data.pinyin import initials
from models.queries import register_list
from models.queries.register_list import RegisterFilter
from models.rules.actor import Role
from models.tables import Agency, Inspector, Item, RegisterChange, Target
from tests.server.pages import site
from tests.support import district as sample

MANY = 10_000


@pytest.fixture
async def world(db):
    await sample.found()
    async with sample.written():
        await Agency.create(code="AG001", name="示例检测机构", departments=["GA"])
    async with site() as made:
        yield made


async def many(n: int = MANY) -> None:
    """A district of many fictitious targets."""
    async with sample.written():
        await Target.bulk_create(
            [
                Target(
                    code=f"M{i:06d}", kind="for_profit", form="", name=f"示例{'甲乙丙丁'[i % 4]}店{i:05d}", status="operating",
                    departments=["GA" if i % 2 else "WJ"], initials=initials(f"示例{'甲乙丙丁'[i % 4]}店{i:05d}"),
                )
                for i in range(n)
            ],
            batch_size=500,
        )  # fmt: skip


def lines(page) -> list[str]:
    return [
        one.rpartition("/")[2] for one in page.reader.links if one.startswith("/console/registers/targets/")
    ][1:]


async def walked(browser, address: str) -> list[str]:
    """Every code that the pages show from here to the last."""
    found = []
    for _ in range(30):
        page = await browser.get(address)
        assert page.status == 200
        found += lines(page)
        onward = [one for one in page.reader.links if one.startswith("/console") and "after=" in one]
        if not onward:
            return found
        address = onward[-1]
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("kind", register_list.TABLES)
async def test_every_register_has_its_list_and_its_rows(world, kind):
    office = await world.browser(Role.OFFICE, "office")
    page = await office.get(f"/console/registers/{kind}")
    assert page.status == 200
    rows = [
        one
        for one in page.reader.links
        if one.startswith(f"/console/registers/{kind}/") and not one.endswith("/new")
    ]
    if kind != "streets":  # the sample's stand in for them
        assert rows
        assert (await office.get(rows[0])).status == 200
    assert (await office.get(f"/console/registers/{kind}/NOTHING")).status == 404


async def test_pages_follow_each_other_without_gap_or_repetition(world):
    await many(230)
    office = await world.browser(Role.OFFICE, "office")
    for sort in ("code", "name"):
        found = await walked(office, f"/console/registers/targets?sort={sort}")
        assert len(found) == len(set(found)) == await Target.all().count()


async def test_a_search_finds_part_of_a_name_a_number_and_initials(world):
    await many(230)
    office = await world.browser(Role.OFFICE, "office")
    for part in ("丙店00102", "m000102", "sl" + "bd00102"):
        assert lines(await office.get(f"/console/registers/targets?search={part}")) == ["M000102"], part
    assert lines(await office.get("/console/registers/targets?search=%25")) == []
    assert "没有找到" in (await office.get("/console/registers/targets?search=不存在")).text


async def test_filters_stand_in_the_address_and_what_is_not_offered_is_refused(world):
    await many(120)
    office = await world.browser(Role.OFFICE, "office")
    async with sample.written():
        await Target.filter(code__lt="M000100", code__startswith="M").update(status="retired")
    found = await walked(office, "/console/registers/targets?department=GA&state=gone&search=示例")
    assert len(found) == 50 and all(int(one[1:]) % 2 for one in found)
    for wrong in ("sort=secret", "state=x", "password=1"):
        assert (await office.get(f"/console/registers/targets?{wrong}")).status == 400
    assert (await office.get("/console/registers/passwords")).status == 404


@pytest.mark.parametrize("asked", [
    RegisterFilter(), RegisterFilter(sort="name"), RegisterFilter(after=("M005000", "")),
    RegisterFilter(sort="name", after=("M005000", "示例甲店05000")),
])  # fmt: skip
@pytest.mark.parametrize("kind", register_list.TABLES)
async def test_a_page_costs_what_it_shows(db, kind, asked):
    """With ten thousand rows the page is read off an index from where it begins: no sorting, no reading of the rest."""
    if kind == "targets":
        await many()
    departments = ("", "GA") if kind == "inspectors" else ("",)
    for department in departments:
        sql, values = register_list.statement(kind, asked, department)
        plan = [row["detail"] for row in await store.run_one(f"EXPLAIN QUERY PLAN {sql}", *values)]
        steps = [one for one in plan if "SUBQUERY" not in one and " n " not in one and not one.endswith(" n")]
        assert not [one for one in plan if "TEMP B-TREE" in one], plan
        assert all("USING" in one and "INDEX" in one for one in steps), plan


async def test_a_liaison_sees_and_edits_the_own_departments_rows(world):
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.get("/console/registers/inspectors")
    assert "INS-GA-1" in page.text and "INS-WJ-1" not in page.text
    assert (await liaison.get("/console/registers/inspectors/INS-WJ-1")).status == 404
    own = await liaison.get("/console/registers/inspectors/INS-GA-1")
    form = own.form("/console/registers/inspectors/INS-GA-1")
    answer = await liaison.post(
        "/console/registers/inspectors/INS-GA-1", act="keep", seen=form["seen"], 科室="示例科"
    )
    assert answer.status == 303 and (await Inspector.get(code="INS-GA-1")).section == "示例科"
    again = await liaison.get("/console/registers/inspectors/INS-GA-1")
    assert "示例科" in again.text and "部门联络员 GA" in again.text and "→" in again.text
    others = await liaison.get("/console/registers/departments/WJ")
    assert others.status == 200 and "由维护部门" in others.text and not others.reader.forms[1:]
    assert (
        await liaison.post("/console/registers/inspectors/INS-WJ-1", act="retire", reason="示例")
    ).status == 404
    assert (await liaison.post("/console/registers/departments/WJ", act="keep", 备注="示例")).status == 409
    assert await RegisterChange.all().count() == 1


async def test_what_is_wrong_stands_beside_its_cell_and_nothing_typed_is_lost(world):
    office = await world.browser(Role.OFFICE, "office")
    page = await office.post(
        "/console/registers/inspectors/new",
        人员编号="N-1",
        姓名="示例新人",
        部门编码="XX",
        人员状态="在岗",
        执法证有效期至="明年",
    )
    assert (
        page.status == 200
        and "未保存" in page.text
        and 'value="示例新人"' in page.html
        and 'value="明年"' in page.html
    )
    assert page.html.count('aria-invalid="true"') == 2
    page = await office.post(
        "/console/registers/inspectors/new", 人员编号="N-1", 姓名="示例新人", 部门编码="GA", 人员状态="在岗",
        **{"可任组长": "否", "是否专家(仅协助)": "否"},
    )  # fmt: skip
    assert page.response.headers["Location"] == "/console/registers/inspectors/N-1?done=kept"
    assert (await office.get("/console/registers/inspectors?search=slxr")).text.count("示例新人") == 1


async def test_the_row_of_a_target_shows_the_visits_left_of_its_year(world):
    async with sample.written():
        await Target.filter(code="OBJ00001").update(checked_this_year=1)
        await Item.filter(code="XH-GA-03").update(key=True, frequency="1-2次/年")
    world.clock.move(sample.CEREMONY)
    liaison = await world.browser(Role.LIAISON, "GA")
    page = await liaison.get("/console/registers/targets/OBJ00001")
    assert "2026 年检查次数" in page.text and "名录登记 1 次" in page.text and page.reader.wrong == []
    assert "宾馆、旅店检查03：已抽取 0 次，清单频次 2 次，剩余 2 次" in page.text
    assert "剩余 2 次" in (await liaison.get("/console/registers/targets/OBJ00002")).text
    assert "检查次数" not in (await liaison.get("/console/registers/inspectors/INS-GA-1")).text


async def test_a_row_is_taken_out_with_a_reason_and_stays_to_be_seen(world):
    office = await world.browser(Role.OFFICE, "office")
    assert (await office.post("/console/registers/targets/OBJ00001", act="retire", reason=" ")).status == 409
    assert (
        await office.post("/console/registers/targets/OBJ00001", act="retire", reason="已拆除")
    ).status == 303
    page = await office.get("/console/registers/targets/OBJ00001")
    assert "已拆除" in page.text and "已移出" in page.text and "移出名录" in page.text
    assert "OBJ00001" in (await office.get("/console/registers/targets?state=gone")).text
    assert "OBJ00001" not in (await office.get("/console/registers/targets?state=standing")).text
