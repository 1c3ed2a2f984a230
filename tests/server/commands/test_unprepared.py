"""A command on a database without tables says what to do first (Art. 10)."""

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
