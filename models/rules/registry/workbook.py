"""Workbooks (.xlsx, .xlsm, .xls, .ods) as rows of text, numbered as the spreadsheet shows them (Art. 10)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models.refusal import Refusal
from models.rules.registry import progress
from models.rules.registry.sheet_extras import SheetExtras, extras

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

ARTICLE = "10"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST = 600 * 1024 * 1024  # bytes unpacked: a hundred thousand rows take a tenth of it
EXACT = 10**15  # a spreadsheet keeps 15 digits
Rows = list[tuple[int, list[str]]]


def workbook(data: bytes) -> list[tuple[str, Rows]]:
    """Every sheet that holds something: its name and rows. A number of more than 15 digits is written with
    an exponent, since its last digits are not what was typed. Refuses what is no workbook, is damaged or is locked."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    _check(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        named = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        progress.begin(progress.ImportStep.OPENED)
        beside = extras(data) if data.startswith(ZIP) else {}
        rows = [
            (name, _sheet(book.get_sheet_by_name(name), beside.get(name, SheetExtras()))) for name in named
        ]
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise Refusal("registry.broken", ARTICLE, kind=_kind(data)) from error
    if filled := [(name, rows) for name, rows in rows if any(any(row) for _, row in rows)]:
        return filled
    raise Refusal("registry.empty", ARTICLE)


def _check(data: bytes) -> None:
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refusal("registry.locked", ARTICLE)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            unpacked = sum(member.file_size for member in packed.infolist())
            encrypted = any(member.flag_bits & 1 for member in packed.infolist())
    except zipfile.BadZipFile as error:
        raise Refusal("registry.broken", ARTICLE, kind="xlsx") from error
    if unpacked > LARGEST:
        raise Refusal("registry.too_large", ARTICLE, megabytes=unpacked // 2**20, limit=LARGEST // 2**20)
    if encrypted:
        raise Refusal("registry.locked", ARTICLE)
    if not any(name.startswith("xl/workbook") for name in names) and "content.xml" not in names:
        raise Refusal("registry.not_csv", ARTICLE, kind="docx" if "word/document.xml" in names else "zip")


def _kind(data: bytes) -> str:
    return "xls" if data.startswith(OLE) else "xlsx"


def _sheet(sheet: CalamineSheet, beside: SheetExtras) -> Rows:
    """The rows with each cell in its own column, a formula's error where it stands, a merged cell's value in all its rows."""
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    rows = _rows(sheet.iter_rows())
    if margin:
        rows = [(number, margin + row) for number, row in rows]
    for (row, column), seen in beside.errors.items():
        _put(rows, row, column, seen)
    ranges = [(top, left, bottom) for (top, left), (bottom, _) in sheet.merged_cell_ranges or ()]
    for top, left, bottom in ranges or beside.merged:
        if top < len(rows) and left < len(rows[top][1]):
            for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
                _put(rows, row, left, rows[top][1][left])
    return rows


def _put(rows: Rows, row: int, column: int, seen: str) -> None:
    """A cell at the end of a row may be one that the reader left out."""
    if row < len(rows):
        cells = rows[row][1]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = seen


def _rows(rows: Iterable[list[Any]]) -> Rows:
    read: Rows = []
    for number, row in enumerate(rows, 1):
        read.append((number, [cell if cell == "" else _text(cell) for cell in row]))
        if not number % progress.EVERY:
            progress.reached(number)
    return read


def _text(value: Any) -> str:
    """A text cell of digits keeps them all, and says so as `'0012` does in a file of text."""
    if isinstance(value, str):
        return f"'{value}" if len(value) > 3 and value.isascii() and value.isdigit() else value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        if abs(value) >= EXACT:
            return f"{value:.14E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)
