"""The benches of the source tree from the command line."""

from __future__ import annotations

import pytest

from locales import LANGUAGES, words
from server.commands import bench
from tests.support import fork_server


@pytest.fixture
def command(tmp_path):
    def run(*given, language="zh_Hans"):
        return fork_server.run(
            *given, env={"SHUANGSUIJI_DATA_DIR": str(tmp_path), "SHUANGSUIJI_LANGUAGE": language}
        )

    return run


def test_every_bench_is_listed_with_what_it_measures(command):
    done = command("bench")
    assert done.returncode == 0, done.stderr
    for name, path in bench.benches().items():
        assert name in done.stdout and bench.about(path) in done.stdout


def test_a_bench_is_run_with_its_own_options(command):
    done = command("bench", "timetable", "--visits", "6", "--officers", "8")
    assert done.returncode == 0, done.stderr


def test_what_no_bench_is_called_is_refused_with_the_names(command):
    done = command("bench", "nothing", language="en")
    assert done.returncode == 2 and "timetable" in done.stdout
    assert command("bench", "timetable", "--full").returncode == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_no_source_tree_it_says_what_to_do(language, tmp_path):
    assert bench.benches(tmp_path) == {}
    assert "requirements/test.lock" in words(language)("cli.bench.no_tree", folder=tmp_path)
