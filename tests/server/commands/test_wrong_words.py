"""What is typed wrong at the server is named with what to write, nothing is done and no name is believed (#8)."""

from __future__ import annotations

import argparse
import inspect
import re

import msgspec
import pytest

from locales import words
from models.rules.actor import Role
from models.tables import Account, Task
from server import behalf
from server.commands import shape_errors
from server.commands.deeds import DEEDS, shaped
from tests.server.commands.test_help import every
from tests.support import district as sample
from tests.support import fork_server

BARE = re.compile(r"Traceback|\[Errno|Expected|Invalid|Object |invalid literal|YYYY|FIELD=VALUE")
TYPED = [
    ("plan drafts 0", "年度"), ("plan drafts 99999", "年度"), ("plan drafts x", "整数"),
    ("checklists show 99999999999999999999", "整数"), ("set-aside retry 99999999999999999999", "整数"),
    ("deadline 2026-02-30", "2026-11-23"), ("deadline x", "2026-11-23"), ("deadline 2026-11-23 --days 0", "从 1 起"),
    ("import targets x.csv --heading-row 0", "从 1 起"), ("import calendar x.csv --date 明天", "2026-11-23"),
    ("init --name=", "登录名"), (f"init --name {'长' * 81}", "登录名"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), TYPED)
def test_a_value_that_cannot_be_is_refused_with_what_to_write(typed, said, capsys) -> None:
    whole = next(parser for parser in every("zh_Hans") if parser.prog == "shuangsuiji")
    with pytest.raises(SystemExit) as ended:
        whole.parse_args(typed.split(" "))
    told = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == 2 and said in told and not BARE.search(told), told


def test_c2_a_day_is_taken_as_people_write_it() -> None:
    whole = next(parser for parser in every("zh_Hans") if parser.prog == "shuangsuiji")
    for day in ("2026-11-23", "2026/11/23", "2026年11月23日", "２０２６－１１－２３", "20261123"):
        assert str(whole.parse_args(["deadline", day]).date) == "2026-11-23"


def test_no_number_of_a_command_is_without_bounds() -> None:
    loose = [
        (parser.prog, action.dest)
        for parser in every("en")
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction) and action.type in (int, float)
    ]
    assert loose == []


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_whatever_is_wrong_in_a_field_of_an_act_is_said_in_the_readers_language(language) -> None:
    spoken, seen = words(language), 0
    for name, (shape, _) in DEEDS.items():
        for field in msgspec.structs.fields(shape):
            for wrong in ("x", "-1", "9" * 30, "长" * 30_000, "2026-12-01T09:00:00"):
                try:
                    shaped(name, {field.name: wrong}, "k" * 22)
                except msgspec.ValidationError as no:
                    told = shape_errors.worded(str(no), spoken)
                    seen += 1
                    assert told != str(no) and not BARE.search(told), (name, field.name, told)
    assert seen > 300


def loose(kind, path: str) -> list[str]:
    """The numbers of a request that no column could hold, and the moments without a zone."""
    if isinstance(kind, msgspec.inspect.IntType):
        low = kind.ge if kind.ge is not None else kind.gt
        return [] if low is not None and kind.le is not None and kind.le < 2**31 else [path]
    if isinstance(kind, msgspec.inspect.DateTimeType):
        return [] if kind.tz else [path]
    inner = [(part, path) for part in getattr(kind, "types", ())] + [
        (part, path) for part in getattr(kind, "item_types", ())
    ]
    inner += [(kind.item_type, path)] if hasattr(kind, "item_type") else []
    inner += [(field.type, f"{path}.{field.name}") for field in getattr(kind, "fields", ())]
    return [found for part, place in inner for found in loose(part, place)]


def test_no_number_that_a_request_may_carry_is_larger_than_a_column() -> None:
    shapes = {shape for shape, _ in DEEDS.values()} | {entry[0] for entry in behalf.SAID.values()}
    assert len(shapes) > 40 and all(inspect.isclass(shape) for shape in shapes)
    assert [
        found for shape in shapes for found in loose(msgspec.inspect.type_info(shape), shape.__name__)
    ] == []


@pytest.fixture
async def house(db, tmp_path):
    """A drawn district with one account of the office."""
    await sample.found()
    await sample.account(Role.OFFICE, "测试联席办")
    await sample.drawn()

    def run(*given):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "zh_Hans"}
        done = fork_server.run(*given, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})
        told = done.stdout + done.stderr
        assert told.strip() and not BARE.search(told), told
        return done.returncode, told

    return run


async def test_a14_a_name_that_means_nothing_is_refused_and_not_believed(house, tmp_path):
    number = (await Task.all().order_by("rank").first()).number
    assert house("verify", "--task", number)[0] in (0, 1)
    for given, said in (
        (("verify", "--task", "NOPE"), "没有找到该任务"),
        (("act", "waiting", "NOPE"), "没有部门 NOPE"),
        (("credit", "export", str(tmp_path / "c.csv"), "--department", "NOPE"), "没有部门 NOPE"),
        (("untold", "settle", "head", "NOPE", "--said", "电话"), "未告知人员中没有"),
        (("invite", "--office", "没有的人"), "现有：测试联席办"),
        (("invite", "--inspector", ""), "没有执法证号"),
        (("invite", "--target", ""), "没有检查对象"),
        (("register", "show", "targets", "长" * 300), "太长"),
    ):
        code, told = house(*given)
        assert code != 0 and said in told, (given, told)
    assert await Account.filter(role=Role.OFFICE).count() == 1


async def test_a_file_that_cannot_be_written_or_read_is_named_with_what_to_do(house, tmp_path):
    spoilt, file = tmp_path / "spoilt.toml", tmp_path / "file"
    spoilt.write_bytes(b"\xff\xfe\x81")
    file.write_bytes(b"")
    for given, said in (
        (("export", "targets", str(tmp_path / "none" / "x.csv")), f"没有目录“{tmp_path / 'none'}”"),
        (("export", "targets", str(file / "x.csv")), f"“{file}”不是目录"),
        (("backup", str(file)), f"“{file}”不是目录"),
        (("platform", "export", str(tmp_path / "x.csv"), "--mapping", str(spoilt)), "不是 UTF-8"),
        (("credit", "export", str(tmp_path / "x.csv"), "--mapping", str(spoilt)), "不是 UTF-8"),
    ):
        code, told = house(*given)
        assert code == 1 and said in told and ".export-" not in told, (given, told)


async def test_what_a_command_did_or_did_not_find_is_said(house, tmp_path):
    empty = tmp_path / "empty.xlsx"
    assert house("import", "targets", str(empty), "--template") == (0, f"空白模板已写入 {empty}。\n")
    assert "没有正在起草" in house("checklists", "drafts")[1]
    assert "没有正在制订" in house("scheme", "drafts")[1]
