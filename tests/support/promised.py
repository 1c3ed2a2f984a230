"""The table of promises in docs/promises.md: each row with the tests that carry its number.

    python -m tests.support.promised        # write the tests into the table again

What a promise says is written by hand in the table; which tests show it is taken from their names
(`test_r9_...`, `test_d36_d39_...`), and those named in `ALSO` show a promise without its number.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "promises.md"
ROW = re.compile(r"\| (?P<row>(?:FD|[A-ER])\d+) \| (?P<says>.*?) \| (?P<tests>[^|]*) \|")
NUMBER = re.compile(r"(?<=_)((?:fd|[a-er])\d+)(?=_)")
NONE = "no test"
MEASURED = "\n## Measured\n"  # from here on figures, written by hand
ALSO = {
    "R19": (
        "server/courier/test_dispatcher.py::test_d10_a_chat_that_asked_to_wait_is_left_alone_and_no_other",
    ),
    "R20": (
        "server/courier/test_dispatcher.py::test_d11_who_blocked_the_bot_is_written_to_no_more_until_they_are_back",
        "models/procedure/test_delivery.py::test_d11_who_blocked_the_bot_gets_the_letter_by_mail_and_then_a_call",
    ),
    "R23": ("server/intake/test_leader_lease.py::test_never_two_at_once_and_another_within_ten_seconds",),
    "R31": (
        "server/test_health.py::test_d50_a_store_that_takes_nothing_makes_it_unready",
        "server/intake/test_webhook.py::test_d8_a_full_disk_is_answered_503",
    ),
}


def every_test() -> set[str]:
    """Every test as `file::name`."""
    return {
        f"{path.relative_to(TESTS)}::{one.name}"
        for path in TESTS.rglob("test_*.py")
        for one in ast.walk(ast.parse(path.read_text()))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test_")
    }


def shown_by(known: set[str]) -> dict[str, list[str]]:
    """The tests of each row, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in known:
        for number in NUMBER.findall(one.partition("::")[2]):
            found[number.upper()].add(one)
    for row, names in ALSO.items():
        found[row].update(names)
    return {row: sorted(names) for row, names in found.items()}


def rows(text: str) -> dict[str, list[str]]:
    """The table as it stands: the tests named in each row."""
    return {
        one["row"]: re.findall(r"`([^`]+)`", one["tests"])
        for one in ROW.finditer(text.partition(MEASURED)[0])
    }


def written(text: str, shown: dict[str, list[str]]) -> str:
    """The table with these tests in it."""

    def row(one: re.Match[str]) -> str:
        named = " ".join(f"`{test}`" for test in shown.get(one["row"], [])) or NONE
        return f"| {one['row']} | {one['says']} | {named} |"

    promised, heading, figures = text.partition(MEASURED)
    return ROW.sub(row, promised) + heading + figures


if __name__ == "__main__":
    TABLE.write_text(written(TABLE.read_text(), shown_by(every_test())))
