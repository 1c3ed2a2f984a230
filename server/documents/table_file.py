"""A table as a file for a spreadsheet: text stays text and is never run as a formula (D70).

Of a CSV a spreadsheet takes digits for numbers and drops zeros and ends; a workbook beside it keeps them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from locales import SHANGHAI
from models.rules import text

FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")
BOM = "\ufeff"
LONGEST = 32_767  # characters that a cell of a workbook holds
EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no zones


def table_file(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8 with its mark, as spreadsheets expect it; lines end as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(value) for value in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def workbook(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The same table as XLSX: every cell is text, so that no digit, zero or date is changed on opening."""
    out = io.BytesIO()
    with GrowingWorkbook(out, head, in_memory=True) as book:
        book.add(rows)
    return out.getvalue()


def workbook_of(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Several sheets of text by name, the headings in the first row of each."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    ) as book:
        book.set_properties({"created": EPOCH})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value:
                        sheet.write_string(number, place, value)
    return out.getvalue()


class GrowingTable(Protocol):
    """A file that takes rows part by part and is whole when its block ends."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def add(self, rows: Iterable[Sequence[object]]) -> None: ...


class GrowingCsv:
    """A CSV file on its way to the disk."""

    def __init__(self, path: Path, head: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self.add([head])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        self._writer.writerows([cell(value) for value in row] for row in rows)


class GrowingWorkbook:
    """A workbook whose rows leave memory as they come: on the disk beside `out`, or in memory where told so."""

    def __init__(self, out: Path | io.BytesIO, head: Sequence[str], *, in_memory: bool = False) -> None:
        from xlsxwriter import Workbook

        grows = (
            {"in_memory": True}
            if in_memory
            else {"constant_memory": True, "tmpdir": str(Path(str(out)).parent)}
        )
        plain = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(out if in_memory else str(out), grows | plain)
        self._book.set_properties({"created": EPOCH})  # equal tables give equal bytes
        self._sheet, self._plain = self._book.add_worksheet(), self._book.add_format({"num_format": "@"})
        self._sheet.set_column(0, max(0, len(head) - 1), 18, self._plain)
        self._sheet.freeze_panes(1, 0)
        self._number = 0
        self.add([head])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        for row in rows:
            for column, value in enumerate(row):
                self._sheet.write_string(self._number, column, shown(value)[:LONGEST], self._plain)
            self._number += 1


def cell(value: object) -> str:
    """What a spreadsheet would run begins with an apostrophe; numbers stay numbers, times are the district's."""
    remark = shown(value)
    if isinstance(value, (int, datetime)):
        return remark
    return "'" + remark if remark.lstrip().startswith(FORMULA) or remark.startswith(FORMULA) else remark


def shown(value: object) -> str:
    """A value as it is read; times are the district's."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return text.visible("" if value is None else str(value)).replace("\x00", "")
