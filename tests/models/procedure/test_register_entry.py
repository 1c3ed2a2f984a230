"""A row of a register is kept by whose it is, with its history; nothing is deleted (Art. 4, 9, 10)."""

from __future__ import annotations

from datetime import date

import pytest

from models.data.pinyin import initials
from models.procedure import register_entry, registry
from models.queries import register_list
from models.queries.known import known
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.entry import seen
from models.tables import Event, Inspector, Item, PlanEntry, RegisterChange, Substitution, Target, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import INSPECTOR, OTHER_TARGET, TARGET, table

LIAISON = Actor(Role.LIAISON, "GA", department="GA")


async def entry(kind: str, code: str):
    found = await register_list.entry(kind, code, by=OFFICE)
    assert found
    return found


SHOP = {
    **OTHER_TARGET, "对象编号": "SHOP1", "名称": "示例光明宾馆", "适用事项编号": "XH-GA-02", "监管部门": "GA", "联系人": "示例原",
}  # fmt: skip


@pytest.fixture
async def here(db):
    await sample.found()
    report = await registry.import_targets(table(SHOP), by=OFFICE, at=CEREMONY, confirmed=True)
    assert report.added == 1, report.bad


async def test_an_edit_is_one_event_and_one_line_of_history(here):
    events = await Event.filter(chain="registry").count()
    kept = await register_entry.edit("targets", "SHOP1", {"名称": "示例新名宾馆"}, by=OFFICE, at=CEREMONY)
    assert kept.taken and kept.changed and not kept.bad
    assert await Event.filter(chain="registry").count() == events + 1
    past, first = (await entry("targets", "SHOP1")).past
    assert first.act == "added"
    assert past.cells == (("名称", "示例光明宾馆", "示例新名宾馆"),)
    assert (past.act, past.by, past.at) == ("changed", OFFICE.mark, CEREMONY)
    assert (await Target.get(code="SHOP1")).initials == "slxmbg"


async def test_an_edit_that_changes_nothing_leaves_no_trace(here):
    found = await entry("targets", "SHOP1")
    kept = await register_entry.edit("targets", "SHOP1", dict(found.cells), by=OFFICE, at=CEREMONY)
    assert kept.taken and not kept.changed and await RegisterChange.all().count() == 1


async def test_a_wrong_cell_is_named_and_nothing_is_kept(here):
    kept = await register_entry.edit(
        "targets", "SHOP1", {"登记状态": "关门", "成立日期": "前年"}, by=OFFICE, at=CEREMONY
    )
    assert not kept.taken
    assert {(one.column, one.reason) for one in kept.bad} == {
        ("登记状态", "not_listed"),
        ("成立日期", "date"),
    }
    assert await RegisterChange.all().count() == 1


async def test_what_somebody_changed_meanwhile_is_not_written_over(here):
    was = seen((await entry("targets", "SHOP1")).marked)
    await register_entry.edit("targets", "SHOP1", {"联系人": "示例甲"}, by=OFFICE, at=CEREMONY, seen_as=was)
    with pytest.raises(Refusal) as refused:
        await register_entry.edit(
            "targets", "SHOP1", {"联系人": "示例乙"}, by=LIAISON, at=CEREMONY, seen_as=was
        )
    assert refused.value.code == "registry.changed_meanwhile"
    assert (await Target.get(code="SHOP1")).contact == "示例甲"


async def test_a_liaison_keeps_the_own_departments_rows_and_no_others(here):
    kept = await register_entry.edit("inspectors", "INS-GA-1", {"科室": "示例科"}, by=LIAISON, at=CEREMONY)
    assert kept.changed
    async with sample.written():
        await Target.filter(code="OBJ00002").update(departments=["WJ"])
    for kind, code, refusal in (
        ("inspectors", "INS-WJ-1", "registry.no_row"), ("targets", "OBJ00002", "registry.no_row"),
        ("departments", "WJ", "registry.not_own"), ("streets", "410403001", "registry.no_row"),
    ):  # fmt: skip
        for deed in (
            register_entry.edit(kind, code, {}, by=LIAISON, at=CEREMONY),
            register_entry.take_out(kind, code, "示例", by=LIAISON, at=CEREMONY),
            register_entry.restore(kind, code, "示例", by=LIAISON, at=CEREMONY),
        ):
            with pytest.raises(Refusal) as refused:
                await deed
            assert refused.value.code == refusal, (kind, code)
    with pytest.raises(Refusal) as refused:  # nor give one away
        await register_entry.edit("inspectors", "INS-GA-1", {"部门编码": "WJ"}, by=LIAISON, at=CEREMONY)
    assert refused.value.code == "registry.not_own"
    with pytest.raises(Refusal) as refused:
        await register_entry.enter(
            "inspectors",
            {**INSPECTOR, "人员编号": "N-1", "执法证号": "N-1", "部门编码": "WJ"},
            by=LIAISON,
            at=CEREMONY,
        )
    assert refused.value.code == "registry.not_own" and not await Inspector.exists(code="N-1")


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.OFFICE, Role.LIAISON)])
async def test_nobody_else_keeps_a_register(here, role):
    nobody = Actor(role, "GA", department="GA")
    for deed in (
        register_entry.enter("targets", {}, by=nobody, at=CEREMONY),
        register_entry.edit("targets", "OBJ00001", {}, by=nobody, at=CEREMONY),
        register_entry.take_out("targets", "OBJ00001", "示例", by=nobody, at=CEREMONY),
        register_entry.restore("items", "XH-GA-02", "示例", by=nobody, at=CEREMONY),
    ):
        with pytest.raises(Refusal) as refused:
            await deed
        assert refused.value.code == "actor.role"


async def test_a_new_row_that_reads_like_another_waits_for_a_word(here):
    twin = {
        **TARGET,
        "对象编号": "NEW1",
        "统一社会信用代码": "",
        "注册号": "410403600000017",
        "适用事项编号": "",
        "监管部门": "GA",
    }
    name = (await Target.get(code="OBJ00001")).name
    address = (await Target.get(code="OBJ00001")).address
    twin |= {"名称": name, "住所": address}
    kept = await register_entry.enter("targets", twin, by=LIAISON, at=CEREMONY)
    if not kept.taken:
        assert kept.asked and not kept.bad, kept.bad
        kept = await register_entry.enter("targets", twin, by=LIAISON, at=CEREMONY, confirmed=True)
    assert kept.taken and kept.code == "NEW1"
    with pytest.raises(Refusal) as refused:
        await register_entry.enter("targets", twin, by=LIAISON, at=CEREMONY, confirmed=True)
    assert refused.value.code in ("registry.there_already",)


async def test_an_officer_taken_out_is_flagged_in_open_tasks_the_same_minute(here):
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    leader = await sample.leader_of(task)
    own = Actor(Role.LIAISON, leader.department, department=leader.department)
    await register_entry.take_out("inspectors", leader.id, "调离", by=own, at=CEREMONY)
    assert await Substitution.exists(team_id=task.team_id, note="left")
    assert (await entry("inspectors", leader.id)).past[0].reason == "调离"


async def test_an_item_that_an_open_plan_uses_does_not_go_and_the_plans_are_named(here):
    async with sample.written():
        await PlanEntry.all().update(closes=date(2026, 12, 31))
    with pytest.raises(Refusal) as refused:
        await register_entry.take_out("items", "XH-GA-02", "法规调整", by=OFFICE, at=CEREMONY)
    assert refused.value.code == "registry.in_plans" and refused.value.params["plans"] == ["2026-XH-GA-02"]


async def test_an_item_taken_out_is_in_no_new_plan_and_comes_back(here):
    await Item.create(
        code="XH-GA-99", field="", name="示例事项", targets="", target_kind="", key=False, methods="ON_SITE",
        initiating="GA", participating="", basis="示例", content="",
    )  # fmt: skip
    with pytest.raises(Refusal):
        await register_entry.take_out("items", "XH-GA-99", " ", by=LIAISON, at=CEREMONY)
    await register_entry.take_out("items", "XH-GA-99", "法规调整", by=LIAISON, at=CEREMONY)
    assert (await known()).item("XH-GA-99") and not (await known(in_force=True)).item("XH-GA-99")
    with pytest.raises(Refusal) as refused:
        await register_entry.edit("items", "XH-GA-99", {"抽查事项": "示例"}, by=LIAISON, at=CEREMONY)
    assert refused.value.code == "registry.retired"
    await register_entry.restore("items", "XH-GA-99", "上级", by=LIAISON, at=CEREMONY)
    assert (await known(in_force=True)).item("XH-GA-99")
    assert [one.act for one in (await entry("items", "XH-GA-99")).past] == ["restored", "retired"]


async def test_an_import_writes_the_history_of_each_row_it_changes(here):
    found = await entry("targets", "SHOP1")
    data = table(dict(found.cells) | {"联系人": "示例丙"})
    await registry.import_targets(data, by=OFFICE, at=CEREMONY, confirmed=True, source="示例名单.xlsx")
    past, _ = (await entry("targets", "SHOP1")).past
    assert past.source == "示例名单.xlsx" and past.cells[0][0] == "联系人" and past.cells[0][2] == "示例丙"


def test_initials_are_those_a_person_would_type():
    assert initials("示例光明路（二店）火锅A8") == "slgmledhga8"
    assert initials("重庆银行·长兴") == "cqyhcx"


async def test_a_leave_on_the_visits_day_is_flagged_the_same_minute(here):
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    leader = await sample.leader_of(task)
    leave = {"休假开始": sample.VISIT.date().isoformat(), "休假结束": sample.VISIT.date().isoformat()}
    await register_entry.edit("inspectors", leader.id, leave, by=OFFICE, at=CEREMONY)
    assert not await Substitution.exists()  # no day is fixed yet
    async with sample.written():
        await Task.filter(id=task.id).update(visit_from=sample.VISIT, state="scheduled")
    await register_entry.edit("inspectors", leader.id, {"科室": "示例科"}, by=OFFICE, at=CEREMONY)
    assert await Substitution.exists(team_id=task.team_id, note="leave")
