"""检查表: drafted point by point, published for good, retired; each by whose it is (Art. 7, 9)."""

from __future__ import annotations

import pytest

from models.procedure import checklist_draft, registry
from models.queries import checklist_drafts, checklists, evidence, register
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.checklist_points import point_of
from models.tables import Checklist, Event, Item, PlanEntry, Question, RegisterChange
from server.documents.table_file import table_file
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

AT = CEREMONY
CODE = "XH-GA-02/03/04/05"
GA, WJ, XF = (Actor(Role.LIAISON, code, department=code) for code in ("GA", "WJ", "XF"))
POINT = {
    "责任部门": "GA", "检查要点": "示例:登记设备正常", "依据": "《示例条例》第3条[2021-07-27]", "答案类型": "TRI",
    "拍照要求": "no",
    "网络检查先行": "no", "要点级别": "一般", "允许不适用": "是",
}  # fmt: skip


@pytest.fixture
async def world(any_db):
    await sample.found()


async def begun() -> int:
    return (await checklist_draft.begin(CODE, by=GA, at=AT)).id


async def second_version() -> None:
    """One that an act published, so that its hash is of what stands in it."""
    draft = await begun()
    await checklist_draft.put(draft, (await own_numbers(draft))[0], POINT, by=GA, at=AT)
    assert (await checklist_draft.publish(draft, "示例", by=GA, at=AT)).taken


async def own_numbers(id: int, department: str = "GA") -> list[int]:
    draft = await checklist_drafts.draft(id)
    assert draft
    return [int(point["序号"]) for point in draft.points if point["责任部门"] == department]


async def refused(act, code: str) -> Refusal:
    with pytest.raises(Refusal) as no:
        await act
    assert no.value.code == code
    return no.value


async def test_a_published_version_never_changes_and_editing_makes_the_next(world):
    before = await Question.filter(checklist__code=CODE).order_by("id").values()
    draft = await begun()
    assert (await begun()) == draft
    first = (await own_numbers(draft))[0]
    outcome = await checklist_draft.put(draft, first, POINT, by=GA, at=AT)
    assert outcome.taken, outcome.bad
    assert await Question.filter(checklist__code=CODE).order_by("id").values() == before
    await refused(checklist_draft.publish(draft, by=GA, at=AT), "registry.no_reason")
    outcome = await checklist_draft.publish(draft, "示例条例修订", by=GA, at=AT)
    assert outcome.taken and not outcome.draft.open
    old, new = await Checklist.filter(code=CODE).order_by("version")
    assert (old.version, new.version) == (1, 2)
    assert await Question.filter(checklist=old).order_by("id").values() == before
    assert (await Question.get(checklist=new, number=first)).text == POINT["检查要点"]
    await refused(checklist_draft.put(draft, first, POINT, by=GA, at=AT), "checklist.draft_over")
    event = await Event.get(kind="checklist.published")
    assert (event.by, event.data["version"], event.data["reason"]) == (GA.mark, 2, "示例条例修订")
    assert (await RegisterChange.get(kind="checklists", code=CODE)).reason == "示例条例修订"
    assert (await evidence.verify()).differences == []


async def test_a_circular_condition_and_a_point_without_basis_are_refused_by_the_row(world):
    draft = await begun()
    first, second, *_ = await own_numbers(draft)
    for change, reason in (
        ({"出现条件": f"{second}=不合格"}, "condition_circular"), ({"依据": ""}, "missing"),
        ({"依据": "《示例条例》第3条"}, "basis_undated"), ({"答案类型": "ONE", "单位或补充填写": "自有"}, "few_options"),
        ({"出现条件": "第3条"}, "condition_unread"),
    ):  # fmt: skip
        outcome = await checklist_draft.put(draft, first, POINT | change, by=GA, at=AT)
        assert not outcome.taken
        assert (first, reason) in [(remark.number, remark.reason) for remark in outcome.bad], change
    assert not await Event.exists(kind="checklist.point_kept")


async def test_a_point_put_in_moves_the_later_ones_and_their_conditions(world):
    draft = await begun()
    first, second, *_ = await own_numbers(draft)
    kept = await checklist_draft.put(draft, second, POINT | {"出现条件": f"{first}=不合格"}, by=GA, at=AT)
    assert kept.taken, kept.bad
    await checklist_draft.put(draft, 1, POINT | {"检查要点": "示例:新的第一项"}, new=True, by=GA, at=AT)
    now = await checklist_drafts.draft(draft)
    assert now and now.points[0]["检查要点"] == "示例:新的第一项"
    moved = now.point(second + 1)
    assert moved and moved["出现条件"] == f"{first + 1}=不合格" and not now.bad
    outcome = await checklist_draft.remove(draft, first + 1, by=GA, at=AT)
    assert not outcome.taken and outcome.bad[0].number == second + 1
    assert (await checklist_draft.remove(draft, second + 1, by=GA, at=AT)).taken


async def test_each_department_words_its_own_points_and_the_initiator_publishes(world):
    draft = await begun()
    others = (await own_numbers(draft, "WJ"))[0]
    await refused(
        checklist_draft.put(draft, others, {"检查要点": "示例"}, by=GA, at=AT), "checklist.others_point"
    )
    await refused(checklist_draft.remove(draft, others, by=GA, at=AT), "checklist.others_point")
    await refused(
        checklist_draft.put(draft, others, {"责任部门": "GA"}, by=WJ, at=AT), "checklist.others_point"
    )
    change = {"检查要点": "示例:消毒记录齐全", "依据": "《示例条例》第5条[2021-07-27]"}
    assert (await checklist_draft.put(draft, others, change, by=WJ, at=AT)).taken
    for act in (
        checklist_draft.publish(draft, "示例", by=WJ, at=AT), checklist_draft.drop(draft, by=WJ, at=AT),
        checklist_draft.rename(draft, "示例", by=WJ, at=AT), checklist_draft.retire(CODE, "示例", by=WJ, at=AT),
        checklist_draft.begin("XH-GA-02", "示例", by=WJ, at=AT),
    ):  # fmt: skip
        await refused(act, "registry.not_own")
    for role in (Role.HEAD, Role.INSPECTOR, Role.ENTITY):
        await refused(checklist_draft.begin(CODE, by=Actor(role, "GA", department="GA"), at=AT), "actor.role")
    assert (await checklist_draft.publish(draft, "示例", by=OFFICE, at=AT)).taken


async def test_a_new_checklist_begins_empty_and_serves_known_items(world):
    await refused(checklist_draft.begin("XH-ZZ-01", "示例", by=OFFICE, at=AT), "checklist.unknown_items")
    await refused(checklist_draft.begin("XH-GA-02", by=GA, at=AT), "checklist.no_name")
    draft = await checklist_draft.begin("XH-GA-02", "示例检查表", by=GA, at=AT)
    await refused(checklist_draft.publish(draft.id, by=GA, at=AT), "checklist.empty")
    assert (await checklist_draft.put(draft.id, 1, POINT, new=True, by=GA, at=AT)).taken
    assert (await checklist_draft.rename(draft.id, "示例表", by=GA, at=AT)).name == "示例表"
    assert (await checklist_draft.publish(draft.id, by=GA, at=AT)).taken
    assert (await Checklist.get(code="XH-GA-02")).name == "示例表"


async def test_what_reads_as_before_or_was_overtaken_is_not_published(world):
    await second_version()
    draft = await begun()
    await refused(checklist_draft.publish(draft, "示例", by=GA, at=AT), "checklist.same")
    rows = [part async for part in register.exported("checklists")]
    lines = [list(row) for part in rows for row in part]
    lines[0][COLUMNS["checklists"].index("检查要点")] = "示例:由文件更正"
    report = await registry.import_checklists(table_file(COLUMNS["checklists"], lines), by=OFFICE, at=AT)
    assert report.changed == 1
    no = await refused(checklist_draft.publish(draft, "示例", by=GA, at=AT), "checklist.newer_version")
    assert no.params["version"] == 3
    await checklist_draft.drop(draft, by=GA, at=AT)
    assert await begun() != draft


async def test_a_retired_checklist_is_not_offered_and_an_open_plan_keeps_it(world):
    await second_version()
    assert await checklists.without(["XH-GA-02"]) == []
    no = await refused(checklist_draft.retire(CODE, "示例", by=GA, at=AT), "checklist.in_plans")
    assert no.params["plans"] and "XH-GA-02" in no.params["items"]
    async with sample.written():
        await PlanEntry.all().update(closes=AT.date().replace(month=1))
    await checklist_draft.retire(CODE, "示例:已废止", by=GA, at=AT)
    assert (
        await checklists.without(["XH-GA-02"]) == ["XH-GA-02"] and await checklists.newest(["XH-GA-02"]) == {}
    )
    await refused(checklist_draft.retire(CODE, "示例", by=GA, at=AT), "checklist.state")
    draft = await begun()
    await refused(checklist_draft.publish(draft, "示例", by=GA, at=AT), "checklist.same")
    await checklist_draft.restore(CODE, "示例:恢复", by=GA, at=AT)
    assert await checklists.without(["XH-GA-02"]) == []
    kept = await checklist_drafts.kept(CODE)
    assert (
        kept
        and [past.act for past in kept.past] == ["restored", "retired", "changed"]
        and kept.draft == draft
    )


async def test_a_version_that_leaves_an_item_of_an_open_plan_bare_is_refused(world):
    draft = await begun()
    shown = await checklist_drafts.draft(draft)
    assert shown
    for point in reversed(shown.points):
        change = {"对应事项": "XH-GA-02", "依据": "《示例条例》第3条[2021-07-27]"}
        outcome = await checklist_draft.put(draft, int(point["序号"]), change, by=OFFICE, at=AT)
        assert outcome.taken, outcome.bad
    no = await refused(checklist_draft.publish(draft, "示例", by=GA, at=AT), "checklist.in_plans")
    assert "XH-GA-05" in no.params["items"] and await Checklist.filter(code=CODE).count() == 1


async def test_an_item_or_department_that_is_gone_is_named_before_publishing(world):
    draft = await begun()
    async with sample.written():
        await Item.filter(code="XH-GA-05").update(retired_at=AT)
    outcome = await checklist_draft.publish(draft, "示例", by=GA, at=AT)
    assert not outcome.taken and {remark.reason for remark in outcome.bad} == {"unknown_item"}


async def test_a_point_settled_online_requires_no_sample_and_a_rule_is_kept_with_its_point(world):
    draft = await begun()
    number = (await own_numbers(draft))[0]
    online = POINT | {"网络检查先行": "full", "网络核查来源": "示例系统", "抽样要求": "required"}
    outcome = await checklist_draft.put(draft, number, online, by=GA, at=AT)
    assert not outcome.taken and [(one.column, one.reason) for one in outcome.bad] == [
        ("抽样要求", "sample_online")
    ]
    assert (await checklist_draft.put(draft, number, POINT | {"抽样要求": "required"}, by=GA, at=AT)).taken
    assert (await checklist_draft.publish(draft, "示例", by=GA, at=AT)).taken
    assert (
        await Question.get(checklist__code=CODE, checklist__version=2, number=number)
    ).sample == "required"


async def listed(**cells: str) -> bytes:
    """The checklist as a list leaves, its first point of GA written so."""
    questions = await Question.filter(checklist__code=CODE).order_by("number").values()
    rows = [point_of(row | {"checklist": CODE, "title": "示例检查表"}) for row in questions]
    first = next(row for row in rows if row["责任部门"] == cells.get("责任部门", "GA"))
    first |= cells
    return table_file(
        COLUMNS["checklists"], [[row[column] for column in COLUMNS["checklists"]] for row in rows]
    )


async def test_a_file_is_read_into_a_draft_and_publishes_nothing(world):
    data = await listed(检查要点="示例:文件中的要点", 抽样要求="required", 网络检查先行="no")
    read = await checklist_draft.read_file(data, by=OFFICE, at=AT)
    assert read.draft and read.draft.code == CODE and read.draft.name == "示例检查表"
    assert "示例:文件中的要点" in {point["检查要点"] for point in read.draft.points}
    assert await Checklist.filter(code=CODE).count() == 1
    events = await Event.all().count()
    assert (await checklist_draft.read_file(data, CODE, by=OFFICE, at=AT)).draft == read.draft
    assert await Event.all().count() == events


async def test_a_liaisons_file_replaces_the_own_points_alone(world):
    data = await listed(检查要点="示例:文件中的要点")
    read = await checklist_draft.read_file(data, by=GA, at=AT)
    assert read.draft and "示例:文件中的要点" in {point["检查要点"] for point in read.draft.points}
    assert [point for point in read.draft.points if point["责任部门"] == "WJ"]
    for cells in (
        {"责任部门": "WJ", "检查要点": "示例:别部门"},
        {"责任部门": "WJ", "依据": "《示例条例》第9条"},
    ):
        no = await refused(
            checklist_draft.read_file(await listed(**cells), by=GA, at=AT), "checklist.others_in_file"
        )
        assert len(no.params["numbers"]) == 1
    await refused(checklist_draft.read_file(data, "XH-GA-02", by=GA, at=AT), "checklist.file_of_one")
    await refused(
        checklist_draft.read_file(await listed(检查表="XH-GA-02"), by=OFFICE, at=AT), "checklist.file_of_one"
    )


async def test_a_file_with_a_bad_row_is_named_by_it_and_begins_no_draft(world):
    read = await checklist_draft.read_file(await listed(依据=""), by=OFFICE, at=AT)
    assert read.draft is None and [(one.column, one.reason) for one in read.bad] == [("依据", "missing")]
    assert await checklist_drafts.open_drafts() == ()
