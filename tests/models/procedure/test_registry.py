"""Art. 10: lists come in whole or not at all, and a second time changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from models.data import read
from models.operations import event
from models.procedure import registry
from models.procedure.registry import ImportReport
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Account, Checklist, Event, Inspector, Item, Question, Target

OFFICE = Actor(Role.OFFICE, "office")
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
FILES = {
    "departments": "departments.csv",
    "items": "items.csv",
    "checklists": "checkpoints.csv",
    "targets": "targets.csv",
    "inspectors": "inspectors.csv",
}
TARGETS = read("targets.csv").decode().splitlines()
FEW = "\n".join(TARGETS[:11])


async def take(kind: str, data: bytes | str, *, keep_good: bool = False) -> ImportReport:
    data = data.encode() if isinstance(data, str) else data
    act = getattr(registry, f"import_{kind}")
    return await act(data, by=OFFICE, at=AT, keep_good=keep_good)


async def lists() -> None:
    for kind in ("departments", "items"):
        await take(kind, read(FILES[kind]))


def rewritten(data: str, number: int, column: str, value: str) -> str:
    """The list with one cell of one row (counted as a spreadsheet does) written anew."""
    rows = list(csv.reader(io.StringIO(data)))
    rows[number - 1][rows[0].index(column)] = value
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


async def test_the_sample_district_comes_in_whole_and_a_second_time_changes_nothing(any_db: str) -> None:
    first = [await take(kind, read(file)) for kind, file in FILES.items()]
    assert [(report.rows, report.added) for report in first] == [
        (24, 24),
        (56, 56),
        (145, 13),
        (3000, 3000),
        (174, 174),
    ]
    assert [report.bad for report in first] == [[]] * 5
    events = await Event.all().count()
    again = [await take(kind, read(file)) for kind, file in FILES.items()]
    assert [(report.added, report.changed) for report in again] == [(0, 0)] * 5
    assert [report.unchanged for report in again] == [24, 56, 13, 3000, 174]
    assert await Event.all().count() == events == 5
    assert await Question.all().count() == 145


async def test_what_is_stored_reads_back_as_it_was_read(db: str) -> None:
    await lists()
    await take("targets", FEW)
    row = await Target.get(code="OBJ00001")
    assert (row.name, row.credit_code, row.kind) == (
        "平顶山市新华区示例001旅馆",
        "92410402XXXX00019H",
        "for_profit",
    )
    assert (row.longitude_e6, row.latitude_e6, row.datum) == (113249738, 33743024, "GCJ-02")
    assert row.items == ["XH-GA-02", "XH-GA-03", "XH-GA-04", "XH-GA-05"]
    assert (row.complaint, row.status, row.risk) == (True, "operating", "B")


async def test_d78_one_bad_row_keeps_the_whole_file_out(db: str) -> None:
    await lists()
    report = await take("targets", rewritten(FEW, 3, "统一社会信用代码", "91410402XXXX00027X"))
    assert not report.taken and (report.rows, report.added) == (10, 0)
    assert [(bad.number, bad.column, bad.value, bad.reason) for bad in report.bad] == [
        (3, "统一社会信用代码", "91410402XXXX00027X", "check_digit")
    ]
    assert await Target.all().count() == 0
    assert await Event.filter(kind="registry.targets").count() == 0


async def test_d78_good_rows_are_taken_when_asked_and_the_bad_ones_still_named(db: str) -> None:
    await lists()
    report = await take(
        "targets", rewritten(FEW, 3, "统一社会信用代码", "91410402XXXX00027X"), keep_good=True
    )
    assert report.taken and (report.rows, report.added, len(report.bad)) == (10, 9, 1)
    assert not await Target.exists(code="OBJ00002")


async def test_d78_gbk_and_bom_files_store_the_same_rows(db: str) -> None:
    await lists()
    assert (await take("targets", FEW.encode("gbk"))).added == 10
    for data in (FEW.encode("utf-8-sig"), FEW.encode("utf-16")):
        report = await take("targets", data)
        assert (report.changed, report.unchanged) == (0, 10)


async def test_d78_a_code_that_another_target_holds_is_refused_naming_the_holder(db: str) -> None:
    await lists()
    await take("targets", FEW)
    report = await take("targets", rewritten("\n".join(TARGETS[:2]), 2, "对象编号", "OBJ99999"))
    assert [(bad.reason, bad.params["holder"]) for bad in report.bad] == [("held", "OBJ00001")]


async def test_a_changed_row_is_changed_and_the_others_are_left_alone(db: str) -> None:
    await lists()
    await take("targets", FEW)
    report = await take("targets", rewritten(FEW, 2, "登记状态", "注销"))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 9)
    assert (await Target.get(code="OBJ00001")).status == "deregistered"
    last = await Event.filter(chain="registry").order_by("-seq").first()
    assert last and last.kind == "registry.targets" and last.data["changed"] == 1
    assert await event.first_broken_link("registry") is None


async def test_an_account_follows_the_registrys_phone_and_department(db: str) -> None:
    await lists()
    await take("inspectors", read("inspectors.csv"))
    officer = await Inspector.get(code="INS0001")
    account = await Account.create(
        role=Role.INSPECTOR,
        name=officer.name,
        inspector=officer,
        department="SCJG",
        phone=officer.phone,
        created_at=AT,
    )
    moved = rewritten(read("inspectors.csv").decode(), 2, "电话", "0375-0912345")
    await take("inspectors", rewritten(moved, 2, "部门编码", "GA"))
    account = await Account.get(id=account.id)
    assert (account.phone, account.department) == ("0375-0912345", "GA")


async def test_a_changed_checklist_is_a_new_version_and_the_old_one_stays(db: str) -> None:
    await lists()
    await take("checklists", read("checkpoints.csv"))
    report = await take("checklists", rewritten(read("checkpoints.csv").decode(), 2, "拍照要求", "always"))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 12)
    versions = await Checklist.filter(code="XH-GA-02/03/04/05").order_by("version")
    assert [row.version for row in versions] == [1, 2]
    photos = [(await Question.get(checklist=row, number=1)).photo for row in versions]
    assert photos == ["on_fail", "always"]


async def test_targets_before_the_item_list_are_refused_row_by_row(db: str) -> None:
    await take("departments", read("departments.csv"))
    report = await take("targets", FEW)
    assert not report.taken and {bad.reason for bad in report.bad} == {"unknown_item"}


@pytest.mark.parametrize("role", [Role.HEAD, Role.INSPECTOR, Role.ENTITY, Role.PUBLIC])
async def test_only_the_office_takes_lists_in(db: str, role: Role) -> None:
    with pytest.raises(Refusal) as refused:
        await registry.import_items(read("items.csv"), by=Actor(role, "x"), at=AT)
    assert refused.value.code == "actor.role"
    assert await Item.all().count() == 0


def widened(data: str, *values: str) -> str:
    """The list with the optional column and what stands in it."""
    rows = list(csv.reader(io.StringIO(data)))
    rows = [[*row, one] for row, one in zip(rows, ["告知方式", *values], strict=True)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


async def test_how_an_object_wants_to_be_told_is_taken_in_and_stays_when_a_list_does_not_say(db: str) -> None:
    await lists()
    said = ["短信；电话", "传真;信函;传真", *[""] * 8]
    assert (await take("targets", widened(FEW, *said))).taken
    codes = [row["对象编号"] for row in csv.DictReader(io.StringIO(FEW))]
    wanted = [(await Target.get(code=code)).channels for code in codes[:3]]
    assert wanted == [["sms", "phone"], ["fax", "post"], []]
    assert (await take("targets", FEW)).unchanged == 10
    other = rewritten(FEW, 2, "名称", "示例区改名有限公司")
    assert (await take("targets", other)).changed == 1
    assert (await Target.get(code=codes[0])).channels == ["sms", "phone"]
    assert (await take("targets", widened(FEW, *[""] * 10))).changed == 2
    assert (await Target.get(code=codes[0])).channels == []


async def test_a_way_of_telling_that_there_is_none_of_is_named(db: str) -> None:
    await lists()
    report = await take("targets", widened(FEW, "短信;飞鸽", *[""] * 9))
    assert [(bad.column, bad.reason, bad.params["name"]) for bad in report.bad] == [
        ("告知方式", "unknown_channel", "飞鸽")
    ]
