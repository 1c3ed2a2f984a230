"""A table as a file for a spreadsheet: text stays text and is never run as a formula (D70).

Of a CSV a spreadsheet takes digits for numbers and drops zeros and ends; a workbook beside it keeps them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

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
    writer.writerow([cell(one) for one in head])
    writer.writerows([cell(one) for one in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def workbook(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The same table as XLSX: every cell is text, so that no digit, zero or date is changed on opening."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with Workbook(out, options) as book:
        book.set_properties({"created": EPOCH})  # equal tables give equal bytes
        sheet, plain = book.add_worksheet(), book.add_format({"num_format": "@"})
        sheet.set_column(0, max(0, len(head) - 1), 18, plain)
        for number, row in enumerate((head, *rows)):
            for column, value in enumerate(row):
                sheet.write_string(number, column, shown(value)[:LONGEST], plain)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def cell(value: object) -> str:
    """What a spreadsheet would run begins with an apostrophe; numbers stay numbers, times are the district's."""
    said = shown(value)
    if isinstance(value, (int, datetime)):
        return said
    return "'" + said if said.lstrip().startswith(FORMULA) or said.startswith(FORMULA) else said


def shown(value: object) -> str:
    """A value as it is read; times are the district's."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return text.visible("" if value is None else str(value)).replace("\x00", "")
