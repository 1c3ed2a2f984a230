"""Digits of what is handed on keep their zeros and their ends when a table is opened (Art. 16 (2), 20)."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from server.documents.table_file import workbook

HARD = [
    "03750000001",
    "1180012345678912345678",
    "00012",
    "=1+1",
    "+86 138",
    "2026-03-12",
    "1E+15",
    "0x1F",
    "'x",
    " 1 ",
]


def cells(data: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_c7_every_cell_is_text_and_reads_back_as_it_is() -> None:
    at = datetime(2026, 11, 27, 1, tzinfo=UTC)
    head, row = cells(workbook(["号码", "时间", "序号"], [["03750000001", at, 4]]))
    assert (head, row) == (["号码", "时间", "序号"], ["03750000001", "2026-11-27 09:00:00", "4"])
    assert [row[0] for row in cells(workbook(["号码"], [[one] for one in HARD]))[1:]] == HARD


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="0123456789-+=.E'", min_size=1, max_size=30), min_size=1, max_size=8))
def test_c7_no_digits_are_lost_whatever_they_look_like(values: list[str]) -> None:
    assert [row[0] for row in cells(workbook(["号码"], [[one] for one in values]))[1:]] == values


def test_c7_equal_tables_give_equal_bytes() -> None:
    assert workbook(["a"], [["1"]]) == workbook(["a"], [["1"]])
