"""A command on a database without tables, or with a file that is not there, says what to do first (Art. 10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import data
from tests.support import fork_server


@pytest.mark.parametrize(
    "asked",
    [
        ("import", "departments", "departments.csv"),
        ("export", "targets", "targets.csv"),
        ("verify",),
        ("repair",),
        ("clock",),
        ("anchor",),
        ("set-aside", "list"),
        ("untold", "list"),
        ("register", "show", "departments", "GA"),
        ("invite", "--head", "GA"),
        ("act", "waiting", "office"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_e11_a_command_before_init_says_that_init_comes_first(
    asked: tuple[str, ...], language: str, tmp_path: Path
) -> None:
    (tmp_path / "departments.csv").write_bytes(data.read("departments.csv"))
    words = [str(tmp_path / word) if word.endswith(".csv") else word for word in asked]
    env = {"SHUANGSUIJI_DATA_DIR": str(tmp_path / "data"), "SHUANGSUIJI_LANGUAGE": language}
    done = fork_server.run(*words, env=env)
    assert done.returncode == 1
    assert "shuangsuiji init" in done.stderr and "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("language", "said"), [("zh_Hans", "没有找到文件“{file}”"), ("en", "There is no file “{file}”")]
)
@pytest.mark.parametrize(
    "asked",
    [("import", "targets"), ("plan", "adopt"), ("scheme", "adopt"), ("import", "calendar")],
    ids=" ".join,
)
async def test_a_file_that_is_not_there_is_named(
    asked: tuple[str, ...], language: str, said: str, tmp_path: Path, db: str
) -> None:
    file = str(tmp_path / "示例.toml")
    env = {
        "SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path / "data"),
        "SHUANGSUIJI_LANGUAGE": language,
    }  # fmt: skip
    done = fork_server.run(*asked, file, env=env)
    assert done.returncode == 1
    assert said.format(file=file) in done.stderr and "Errno" not in done.stderr
