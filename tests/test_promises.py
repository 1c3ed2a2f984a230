"""docs/promises.md names tests that exist, and says so where there is none."""

from tests.support.promised import MEASURED, NONE, ROW, TABLE, every_test, rows, shown_by, written


def test_every_test_that_the_table_names_exists():
    named = {one for tests_of_row in rows(TABLE.read_text()).values() for one in tests_of_row}
    assert len(named) > 150
    assert named - every_test() == set(), "write the table again: python -m tests.support.promised"


def test_every_promise_and_every_bad_input_has_its_row():
    sizes = {"R": 34, "D": 80, "A": 19, "B": 13, "C": 16, "FD": 11, "E": 16}
    expected = [f"{letter}{n}" for letter, size in sizes.items() for n in range(1, size + 1)]
    assert list(rows(TABLE.read_text())) == expected


def test_a_row_without_a_test_says_so():
    for row in ROW.finditer(TABLE.read_text().partition(MEASURED)[0]):
        assert (row["tests"].strip() == NONE) != ("`" in row["tests"]), row["row"]


def test_a_test_that_is_gone_or_new_changes_the_table():
    table = "| R1 | nothing is lost | `a.py::test_r1_old` |\n| D2 | doubled | no test |\n"
    shown = shown_by({"b.py::test_r1_new", "b.py::test_d2_r1_both"})
    after = written(table, shown)
    assert rows(after) == {
        "R1": ["b.py::test_d2_r1_both", "b.py::test_r1_new"],
        "D2": ["b.py::test_d2_r1_both"],
    }


def test_a_measured_figure_is_left_as_it_was_written():
    figures = f"{MEASURED}| R1 | 100 kills | 0 lost |\n"
    assert written(f"| R1 | nothing is lost | no test |\n{figures}", {"R1": ["a.py::test_r1_x"]}).endswith(
        figures
    )
