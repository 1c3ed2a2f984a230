"""What docs/performance.md says was measured is what the kept results of the benches say."""

import re

import pytest

from tests.support import measured


def test_the_page_says_what_was_measured():
    assert measured.PAGE.read_text("utf-8") == measured.page(), "python -m tests.support.measured"


@pytest.mark.parametrize("name", measured.results())
def test_a_result_says_how_when_and_on_what_it_was_measured(name):
    result = measured.results()[name]
    assert set(result) == {"command", "date", "machine", "versions", "figures", "note"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", result["date"])
    assert "python" in result["versions"]
    assert result["figures"]


@pytest.mark.parametrize("name", measured.results())
def test_a_result_names_a_bench_or_a_test_that_exists(name):
    command = measured.results()[name]["command"]
    bench = re.search(r"tests\.bench\.(\w+)", command)
    assert bench is None or (measured.ROOT / "tests" / "bench" / f"{bench[1]}.py").exists()
    assert bench or "run.py test" in command


@pytest.mark.parametrize("name", measured.results())
def test_a_result_holds_no_path_of_a_machine(name):
    assert not re.search(r"[\"' ](/[a-z]+/|[A-Z]:\\)", (measured.RESULTS / f"{name}.json").read_text("utf-8"))
