"""`platform`: to the provincial platform and back by file; what is refused is named, nothing else is lost (Art. 8)."""

import io
from datetime import timedelta

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from locales import words
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.platform import DEPARTMENT_FIELDS, by_field
from models.tables import Account, Department, Event, PlatformReceipt, ResultPart, Target, Task
from server.commands.platform import record_as
from server.platform_files import FileAdapter, default_mapping
from tests.server.notices import given, published, visited
from tests.server.pages import site
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import VISIT, account, leader_of, written

CODE, NAME = "012601000000000018", "=1+1示例宾馆"


@pytest.fixture
async def house(db, tmp_path):
    await sample.found()
    held = await visited(await given())
    async with written():
        await Target.filter(code=held.task.target_id).update(credit_code=CODE, name=NAME)
    task = await published(held.task)
    await account(Role.HEAD, "GA")

    def run(*asked, language="zh_Hans"):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": language}
        return fork_server.run(
            "platform", *asked, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()}
        )

    run.task, run.folder = task, tmp_path
    return run


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
async def test_each_department_has_a_line_of_its_own_read_back_by_independent_readers(house, form):
    path, mapping = house.folder / f"parts.{form}", default_mapping(words("zh_Hans"), DEPARTMENT_FIELDS)
    done = house("export", path, "--departments")
    parts = [row async for row in ResultPart.filter(task=house.task).order_by("id").select_related("entry")]
    assert (done.returncode, f"已写入 {len(parts)} 条" in done.stdout) == (0, True), done.stdout + done.stderr
    lines = [by_field(line, mapping) for line in FileAdapter(path).take(mapping)]
    called = dict(await Department.all().values_list("code", "name"))
    assert [line["department"] for line in lines] == [called[part.department] for part in parts] and len(
        parts
    ) > 1
    assert {(line["number"], line["target"], line["code"]) for line in lines} == {
        (house.task.number, NAME, CODE)
    }
    assert [line["types"] for line in lines] == ["；".join(mapping_types(part.entry.types)) for part in parts]
    if form == "xlsx":
        book = openpyxl.load_workbook(path).active
        heads, *cells = book.iter_rows()
        assert [cell.value for cell in heads] == list(mapping.headings)
        assert all(cell.data_type in "sn" for row in cells for cell in row)
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        for seen in ([[cell.value for cell in row[:3]] for row in cells], [row[:3] for row in sheet[1:]]):
            assert seen == [[house.task.number, NAME, CODE]] * len(parts)


def mapping_types(types):
    return [words("zh_Hans")(f"web.result.{one}") for one in types]


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
async def test_what_is_written_is_read_back_and_differs_in_nothing(house, form):
    path = house.folder / f"to-enter.{form}"
    done = house("export", path)
    assert (done.returncode, "已写入 1 条" in done.stdout) == (0, True), done.stderr
    mapping = default_mapping(words("zh_Hans"))
    ((number, target, code, *_),) = FileAdapter(path).take(mapping)
    assert (number, target, code) == (house.task.number, NAME, CODE)
    done = house("compare", path)
    assert (done.returncode, done.stdout.strip()) == (0, "已核对平台文件 1 条")
    if form == "xlsx":
        _, row = (
            CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()
        )
        assert row[:3] == [house.task.number, NAME, CODE]


async def test_a_file_of_theirs_that_differs_says_where(house):
    path, mapping = house.folder / "theirs.json", default_mapping(words("zh_Hans"))
    assert house("export", path).returncode == 0
    (line,) = FileAdapter(path).take(mapping)
    other = list(line)
    other[mapping.headings.index("检查结果")] = "未发现问题"
    FileAdapter(path).give(mapping, [other, ["示例-9", *other[1:]]])
    done = house("compare", path)
    assert done.returncode == 1
    assert f"{house.task.number} 检查结果：本系统 发现问题已责令改正，平台 未发现问题" in done.stdout
    assert "示例-9：本系统没有这项任务" in done.stdout


async def test_receipts_that_are_refused_are_each_named_with_the_reason(house):
    path, mapping = house.folder / "back.csv", default_mapping(words("zh_Hans"))
    at = {name: mapping.headings.index(name) for name in ("平台回执编号", "平台登记日期")}
    blank = ["示例-9"] + [""] * (len(mapping.headings) - 1)
    unknown, early = list(blank), list(blank)
    unknown[at["平台回执编号"]] = "示例-1"
    early[0], early[at["平台回执编号"]], early[at["平台登记日期"]] = house.task.number, "示例-2", "2020-01-01"
    FileAdapter(path).give(mapping, [unknown, early])
    who = ("--as", "head:GA", "--reason", "示例:代为登记")
    done = house("receipts", path, *who)
    assert done.returncode == 2 and "已登记回执 0 条，未登记 2 条" in done.stdout, done.stdout + done.stderr
    assert "示例-1 未登记" in done.stdout and "示例-2 未登记" in done.stdout
    assert not await PlatformReceipt.exists() and "Traceback" not in done.stderr


async def test_a_receipt_of_a_file_is_entered_in_the_heads_name_and_the_result_leaves_the_list(house):
    head = (await Account.get(role="head", department="GA")).id
    later = VISIT + timedelta(days=2)
    await record_as(head, house.task.number, "示例-3", "2026-12-09", "示例:代为登记", later)
    happened = await Event.get(kind="result.recorded")
    assert (happened.by, happened.data["day"], happened.data["through"]) == (
        "head:GA",
        "2026-12-09",
        "office:cli",
    )
    with pytest.raises(Refusal):
        await record_as(head, house.task.number, "示例-4", "十二月", "示例", later)
    path = house.folder / "next.csv"
    assert "已写入 0 条" in house("export", path).stdout
    assert "已写入 1 条" in house("export", path, "--all").stdout
    ((number, *_, receipt, _day),) = FileAdapter(path).take(default_mapping(words("zh_Hans")))
    assert (number, receipt) == (house.task.number, "示例-3")


async def test_files_and_mappings_that_are_none_are_refused_in_words(house):
    odd, lacks, toml = (house.folder / name for name in ("a.doc", "b.csv", "m.toml"))
    lacks.write_text("一,二\n1,2\n", encoding="utf-8")
    toml.write_text("[[column]]\nheading='a'\nfield='phone'\n", encoding="utf-8")
    for asked, said in ((("export", odd), "格式不能用"), (("compare", lacks), "缺少栏目"),
                        (("export", house.folder / "c.csv", "--mapping", toml), "不存在")):  # fmt: skip
        done = house(*asked)
        assert (done.returncode, said in done.stderr) == (2, True), (asked, done.stdout, done.stderr)


async def test_side_by_side_every_field_has_its_copy_button_and_the_receipt_is_entered_below(house):
    task = f"/console/tasks/{house.task.number}"
    async with site(sample.Clock(VISIT + timedelta(days=2))) as made:
        head = await made.browser(Role.HEAD, "GA")
        assert f"{task}/platform" in (await head.get(task)).html
        page = await head.get(f"{task}/platform")
        assert page.status == 200 and CODE in page.text and "发现问题已责令改正" in page.text
        assert page.html.count("data-copy=") == page.html.count("<output")
        assert (await head.post(f"{task}/record", receipt="示例-8", day="2026-12-09")).status == 303
        assert "示例-8" in (await head.get(f"{task}/platform")).text
        leader = await made.browser(Role.INSPECTOR, (await leader_of(house.task)).id)
        assert (await leader.get(f"{task}/platform")).form(f"{task}/record")
        other = await Task.exclude(id=house.task.id).first()
        assert (await head.get(f"/console/tasks/{other.number}/platform")).status == 404
    assert await Event.filter(kind="result.recorded").count() == 1 and await Account.exists()
