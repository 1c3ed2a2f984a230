"""The item list in public versions, with reasons and differences, for everybody (Art. 9)."""

from __future__ import annotations

import json

import pytest

from models.procedure import item_list, register_entry, register_import
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Event, Item, ItemListVersion
from tests.server.pages import site
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import CEREMONY, OFFICE


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as opened:
        yield opened


async def changed(code: str = "XH-GA-04", **cells: str) -> None:
    await register_entry.edit("items", code, cells or {"示例频次": "示例:2次/年"}, by=OFFICE, at=CEREMONY)


async def refusal(act) -> str:
    with pytest.raises(Refusal) as refused:
        await act
    return refused.value.code


async def test_before_any_version_the_standing_list_is_shown_and_said_to_be_no_version(world):
    stranger = await world.browser()
    page = await stranger.get("/items")
    assert page.status == 200 and "尚未公布版本" in page.text
    for text in ("XH-GA-02", "公安", "频次", "检查依据"):
        assert text in page.text, text
    assert json.loads((await stranger.get("/items.json")).body)["version"] is None


async def test_each_version_keeps_its_reason_and_any_two_are_compared(world):
    first = await item_list.publish("district", "示例:首版", by=OFFICE, at=CEREMONY)
    await changed()
    stranger = await world.browser()
    assert "示例:2次/年" not in (await stranger.get("/items")).text  # a change is not public by itself
    second = await item_list.publish("law", "示例条例2027年修订", by=OFFICE, at=CEREMONY)
    assert (first.number, second.number, second.added, second.removed, second.changed) == (1, 2, 0, 0, 1)
    await register_entry.enter(
        "items",
        {
            "事项编号": "XH-XX-01", "抽查事项": "示例新事项", "事项类别": "一般", "检查方式": "现场检查", "发起部门": "GA",
            "检查依据": "《示例条例》第1条",
        },
        by=OFFICE, at=CEREMONY,
    )  # fmt: skip
    await item_list.publish("above", "示例〔2027〕1号", by=OFFICE, at=CEREMONY)
    page = await stranger.get("/items")
    assert "第 3 版" in page.text and "示例〔2027〕1号" in page.text and "示例新事项" in page.text
    old = await stranger.get("/items?version=1")
    assert "示例:首版" in old.text and "示例:2次/年" not in old.text and "示例新事项" not in old.text
    differs = await stranger.get("/items/difference?from=1&to=3")
    for text in ("新增 1 项", "变更 1 项", "示例新事项", "示例:2次/年", "频次"):
        assert text in differs.text, text
    assert "移出 1 项" in (await stranger.get("/items/difference?from=3&to=1")).text
    assert "没有差别" in (await stranger.get("/items/difference?from=2&to=2")).text
    listed = json.loads((await stranger.get("/items.json?version=2")).body)
    assert (listed["version"], listed["reason"], listed["versions"]) == (2, "law", [3, 2, 1])
    for nowhere in (
        "/items?version=9",
        "/items?version=x",
        "/items/difference?from=1&to=9",
        "/items/difference",
    ):
        assert (await stranger.get(nowhere)).status == 404, nowhere


async def test_a_version_needs_a_reason_words_and_a_difference(world):
    assert await refusal(item_list.publish("whim", "示例", by=OFFICE, at=CEREMONY)) == "items.reason"
    assert await refusal(item_list.publish("law", " \u200b", by=OFFICE, at=CEREMONY)) == "items.no_words"
    assert (
        await refusal(
            item_list.publish("law", "示例", by=Actor(Role.HEAD, "GA", department="GA"), at=CEREMONY)
        )
        == "actor.role"
    )
    await item_list.publish("law", "示例", by=OFFICE, at=CEREMONY)
    assert await refusal(item_list.publish("law", "示例", by=OFFICE, at=CEREMONY)) == "items.same"
    assert await ItemListVersion.all().count() == await Event.filter(kind="items.published").count() == 1


async def test_a_list_with_nothing_in_it_is_not_made_public(db):
    assert await refusal(item_list.publish("law", "示例", by=OFFICE, at=CEREMONY)) == "items.empty"


async def test_the_office_sees_what_differs_and_publishes_at_the_desk_and_by_command(world, db, tmp_path):
    office = await world.browser(Role.OFFICE, "office")
    page = await office.get("/console/items")
    assert f"新增 {await Item.all().count()} 项" in page.text
    assert (await office.post("/console/items", reason="district", words="示例:首版")).status == 303
    assert "没有差别" in (await office.get("/console/items")).text
    refused = await office.post("/console/items", reason="law", words="示例")
    assert refused.status == 409 and "没有差别" in refused.text
    await changed()
    assert "变更 1 项" in (await office.get("/console/items")).text
    env = {"SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path)}
    assert "变更 1" in fork_server.run("items", "show", env=env).stdout
    done = fork_server.run("items", "publish", "--reason", "law", "--words", "示例条例", env=env)
    assert done.returncode == 0 and "第 2 版" in done.stdout
    assert (await (await world.browser(Role.HEAD, "GA")).get("/console/items")).status == 403


@pytest.mark.parametrize("way", ["by hand", "by a whole list"])
async def test_an_item_that_an_open_plan_uses_does_not_go_and_the_plans_are_named(world, way):
    if way == "by hand":
        act = register_entry.take_out("items", "XH-GA-02", "法规调整", by=OFFICE, at=CEREMONY)
    else:
        head = "事项编号,抽查事项,事项类别,检查方式,发起部门,检查依据\r\nXH-XX-01,示例,一般,现场检查,GA,《示例条例》\r\n"
        number = await register_import.bring("items", "示例.csv", head.encode(), by=OFFICE, at=CEREMONY)
        act = register_import.take(number, by=OFFICE, at=CEREMONY, complete=True)
    with pytest.raises(Refusal) as refused:
        await act
    assert (refused.value.code, refused.value.params["plans"]) == ("registry.in_plans", ["2026-XH-GA-02"])
    assert (await Item.get(code="XH-GA-02")).retired_at is None
