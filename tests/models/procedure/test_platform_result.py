"""Results of the provincial platform stand beside ours, marked as theirs, and are nobody's entry here (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import words
from models.procedure import platform_result, publication
from models.queries import department_result, evidence, public
from models.queries import platform_result as queries
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.platform_result import FIELDS_BESIDE, apart
from models.states import TaskState
from models.tables import (
    Batch,
    DepartmentResult,
    Event,
    PlatformFile,
    PlatformReceipt,
    PlatformResult,
    Publication,
    Result,
    Target,
    Task,
)
from server.platform_files import default_mapping, result_names
from tests.models.procedure.test_publication import refused
from tests.server.notices import HEAD_GA, given, published, visited
from tests.support import district as sample
from tests.support.district import BATCH, OFFICE, VISIT, written
from tests.support.platform_files import results_file
from tests.support.two_batches import OTHER

WJ, NAMES = Actor(Role.HEAD, "WJ", "测试乙", "WJ"), result_names()
LATER, DAY = VISIT + timedelta(days=2), "2026-12-09"
FOUND, FINE = "发现问题已责令改正", "未发现问题"


@pytest.fixture
async def over(db) -> Task:
    """A task whose visit is over and whose result nobody entered yet."""
    await sample.found()
    return (await visited(await given())).task


@pytest.fixture
async def over_in_any_db(any_db) -> Task:
    """The same in either database."""
    await sample.found()
    return (await visited(await given())).task


async def taken(*lines: str, batch: str = "", by: Actor = HEAD_GA):
    return await platform_result.take(
        "示例结果.csv", results_file(*lines), batch, names=NAMES, by=by, at=LATER
    )


async def remarks(*lines: str, batch: str = "", by: str = "GA") -> list[tuple[int, str, str]]:
    read = await queries.looked_at(results_file(*lines), batch, by, NAMES, LATER.date())
    return [(remark.number, remark.column, remark.reason) for remark in read.bad]


async def what_is_ours(task: Task) -> tuple[int, int, int, int, TaskState]:
    """How much of ours there is: entries of departments, results, receipts, publications; where the task stands."""
    tables = (DepartmentResult, Result, PlatformReceipt, Publication)
    counts = [await table.filter(task=task).count() for table in tables]
    return (*counts, (await Task.get(id=task.id)).state)


async def test_rows_of_theirs_stand_marked_and_are_nobodys_entry(over):
    before, owing = await what_is_ours(over), await department_result.standings(over, LATER.date())
    came = await taken(
        f"{over.number},,,XF,{FINE},,,{DAY},示例-7", f"{over.number},,,,{FOUND},,示例,{DAY},示例-7"
    )
    assert (came.rows, came.tasks) == (2, 1)
    assert await what_is_ours(over) == before
    assert await department_result.standings(over, LATER.date()) == owing
    assert [(line.department, line.types, line.ours) for line in await queries.beside(over.number)] == [
        ("", ("R05",), None), ("XF", ("R01",), None),
    ]  # fmt: skip
    assert await public.result(over.number) is None
    happened = await Event.get(kind="platform_result.taken")
    assert (happened.chain, happened.by, happened.data["n"]) == (f"task:{over.number}", "head:GA", 2)
    assert (await evidence.verify()).differences == []


async def test_our_officers_enter_afterwards_as_if_nothing_had_come_and_the_difference_is_shown(over):
    await taken(f"{over.number},,,,{FINE},,,{DAY},示例-7", f"{over.number},,,XF,{FINE},,,{DAY},示例-7")
    assert await PlatformReceipt.filter(task=over).count() == 0
    await published(over)
    ours = await Result.get(task=over)
    assert ours.types == ["R05"] and await Result.filter(task=over).count() == 1
    whole, own = await queries.beside(over.number)
    mapping = default_mapping(words("zh_Hans"), FIELDS_BESIDE)
    assert ("检查结果", FOUND, FINE) in apart(whole.ours, whole.theirs, mapping)
    assert "检查结果" not in [heading for heading, *_ in apart(own.ours, own.theirs, mapping)]
    shown = await public.result(over.number)
    assert shown and shown.result.types == ("R05",)


async def test_where_we_hold_a_result_it_is_never_overwritten(over):
    await published(over)
    before = await what_is_ours(over)
    await taken(f"{over.number},,,,{FINE},,,{DAY},示例-7")
    assert await what_is_ours(over) == before and (await Result.get(task=over)).types == ["R05"]
    assert (await Task.get(id=over.id)).platform_receipt == ""


async def test_the_same_content_again_changes_nothing_and_other_content_is_refused(over):
    line = f"{over.number},,,,{FINE},,,{DAY},示例-7"
    await taken(line)
    events = await Event.all().count()
    again = await platform_result.take(
        "别名.csv", results_file(line).replace(b"\n", b"\r\n"), names=NAMES, by=OFFICE, at=LATER
    )
    assert (again.rows, again.standing) == (0, 1)
    assert (await Event.all().count(), await PlatformResult.all().count()) == (events, 1)
    other = line.replace(FINE, FOUND)
    assert await remarks(other) == [(2, "任务编号", "platform_result_standing")]
    assert await refused(taken(other)) == "platform_result.rows"


async def test_a_task_is_found_by_its_target_and_batch(over):
    code = (await Target.get(code=over.target_id)).code
    assert await remarks(f",{code},,,{FINE},,,{DAY},示例-7") == [(2, "批次", "platform_result_no_batch")]
    assert await remarks(f",{code},{BATCH},,{FINE},,,{DAY},示例-7") == []
    await taken(f",{code},,,{FINE},,,{DAY},示例-7", batch=BATCH)
    assert (await PlatformResult.get()).task_id == over.id


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        (",,,,{fine},,,{day},示例-7", ("任务编号", "platform_result_unnamed")),
        ("示例-9,,,,{fine},,,{day},示例-7", ("任务编号", "platform_result_task")),
        ("{task},OBJ99999,,,{fine},,,{day},示例-7", ("检查对象", "platform_result_other")),
        ("{task},,示例批次,,{fine},,,{day},示例-7", ("批次", "platform_result_other")),
        ("{task},,,JY,{fine},,,{day},示例-7", ("部门", "platform_result_department")),
        ("{task},,,,,,,{day},示例-7", ("检查结果", "platform_result_no_type")),
        ("{task},,,,示例结果,,,{day},示例-7", ("检查结果", "platform_result_type")),
        ("{task},,,,{fine}；{found},,,{day},示例-7", ("检查结果", "platform_result_alone")),
        ("{task},,,,{fine},示例措施,,{day},示例-7", ("后续处置措施", "platform_result_measure")),
        (
            "{task},,,,{found},无需后续处置；抄告相关部门,,{day},示例-7",
            ("后续处置措施", "platform_result_measures_alone"),
        ),
        ("{task},,,,{fine},,,十二月,示例-7", ("平台登记日期", "platform_result_day")),
        ("{task},,,,{fine},,,2027-12-09,示例-7", ("平台登记日期", "platform_result_to_come")),
        ("{task},,,,{fine},,,2026-12-07,示例-7", ("平台登记日期", "platform_result_early")),
        ("{task},,,,{fine},,,{day},", ("平台回执编号", "platform_result_receipt")),
    ],
)
async def test_each_cell_that_cannot_stand_is_named_by_row_and_column(over, line, remark):
    given_line = line.format(task=over.number, fine=FINE, found=FOUND, day=DAY)
    assert await remarks(given_line) == [(2, *remark)]
    assert await refused(taken(given_line)) == "platform_result.rows"
    assert not await PlatformResult.exists()


async def test_a_receipt_of_two_tasks_and_a_row_twice_are_named(over):
    other = await Task.exclude(id=over.id).order_by("rank").first()
    line, next_one = (f"{number},,,,{FINE},,,{DAY},示例-7" for number in (over.number, other.number))
    assert await remarks(line, next_one, line) == [
        (3, "平台回执编号", "platform_result_receipt_used"), (4, "任务编号", "platform_result_twice"),
    ]  # fmt: skip
    await publication.record(over.number, "示例-8", by=HEAD_GA, at=LATER)
    used = next_one.replace("示例-7", "示例-8")
    assert await remarks(used) == [(2, "平台回执编号", "platform_result_receipt_used")]


async def test_a_name_that_holds_the_mark_between_names_is_one_name(over):
    types = "公示信息隐瞒真实情况、弄虚作假、发现问题待后续处理"
    measures = "停止检查，反馈日常监管部门；抄告相关部门"
    await taken(f'{over.number},,,,{types},"{measures}",,{DAY},示例-7')
    row = await PlatformResult.get()
    assert (row.types, row.measures) == (["R03", "R08"], ["stopped", "informed"])


async def test_only_the_initiating_department_and_the_office_take_it_in(over):
    line = f"{over.number},,,,{FINE},,,{DAY},示例-7"
    assert await remarks(line, by="WJ") == [(2, "任务编号", "platform_result_task")]
    assert await refused(taken(line, by=WJ)) == "platform_result.rows"
    assert await refused(taken(line, batch=BATCH, by=WJ)) == "draw.not_initiating"
    leader = await sample.leader_of(over)
    with pytest.raises(Refusal):
        await taken(line, by=leader)
    assert not await PlatformResult.exists()


async def test_it_is_taken_back_with_a_reason_and_may_come_anew(over_in_any_db):
    over = over_in_any_db
    line = f"{over.number},,,,{FINE},,,{DAY},示例-7"
    came = await taken(line)
    assert await refused(back(came, " ")) == "platform_result.no_reason"
    assert await refused(back(came, "示例", by=WJ)) == "platform_result.not_taken"
    assert (await back(came, "示例:文件有误")).rows == 1 and await queries.beside(over.number) == ()
    assert (await back(came, "示例:文件有误")).rows == 0
    row, happened = await PlatformResult.get(), await Event.get(kind="platform_result.taken_back")
    assert (row.reason, happened.data["reason"]) == ("示例:文件有误", "示例:文件有误")
    assert (await taken(line.replace(FINE, FOUND))).rows == 1
    assert (
        await refused(platform_result.take_back("0" * 64, "示例", by=OFFICE, at=LATER))
        == "platform_result.not_taken"
    )
    assert (await evidence.verify()).differences == []


async def test_once_the_task_is_archived_nothing_comes_and_nothing_is_taken_back(over):
    came = await taken(f"{over.number},,,,{FINE},,,{DAY},示例-7")
    await published(over)
    async with written():
        await Task.filter(id=over.id).update(state=TaskState.ARCHIVED)
    assert await refused(back(came, "示例")) == "platform_result.archived"
    assert await remarks(f"{over.number},,,XF,{FINE},,,{DAY},示例-7") == [
        (2, "任务编号", "platform_result_archived")
    ]
    assert await PlatformResult.filter(taken_back_at=None).count() == 1


async def back(came, reason, by=HEAD_GA):
    return await platform_result.take_back(came.sha256, reason, by=by, at=LATER + timedelta(days=1))


async def test_a_file_stays_with_the_batch_in_whose_tasks_its_rows_stand(over_in_any_db):
    line = f"{over_in_any_db.number},,,,{FINE},,,{DAY},示例-7"
    await taken(line, by=OFFICE)
    await taken(line, by=OFFICE)
    [kept] = await queries.taken_files(BATCH)
    assert (kept.name, kept.rows, await PlatformFile.all().count()) == ("示例结果.csv", 1, 1)
    shown = await queries.page(kept.id, NAMES, LATER)
    assert (shown.taken, shown.read.bad) == (1, ())
    await platform_result.take_back(shown.sha256, "示例:有误", by=OFFICE, at=LATER)
    assert await queries.taken_files(BATCH) == ()


async def test_a_file_of_several_batches_is_read_for_all_of_them(over_in_any_db):
    await taken(f"{over_in_any_db.number},,,,{FINE},,,{DAY},示例-7", by=OFFICE)
    kept = await PlatformFile.get()
    async with written():
        batch = await Batch.get(code=BATCH)
        fields = {name: getattr(batch, name) for name in batch._meta.db_fields if not name.endswith("_id")}
        await Batch.create(**{**fields, "scheme_id": batch.scheme_id, "code": OTHER})
    beside = await PlatformFile.create(
        batch_id=OTHER, name=kept.name, data=kept.data, sha256=kept.sha256, by=kept.by, at=kept.at
    )
    shown = await queries.page(beside.id, NAMES, LATER)
    assert (len(shown.read.standing), shown.read.bad) == (1, ())
