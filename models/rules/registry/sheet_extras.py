"""What a workbook says beside its values: cells with a formula's error, cells merged over several rows (Art. 10).

The reader of workbooks gives an error as an empty cell, and a merged cell's value in its first row alone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from models.rules.cell import ERROR_CELL

CHUNK = 2**20
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"[^>]*?\b\w+:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\s([^>]*)>")
_PART = re.compile(rb'\b(Id|Target)="([^"]*)"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*\bt="e")[^<>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<',
    re.DOTALL,
)
_OF_CALC = (b'value-type="error"', b"number-rows-spanned=")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


@dataclass
class SheetExtras:
    """`errors`: what is seen in the cell at (row, column), both from 0; `merged`: (first row, column, last row)."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def extras(data: bytes) -> dict[str, SheetExtras]:
    """By sheet; of `.xlsx`, `.xlsm` and `.ods`. Errors alone of the first two, whose merged cells the reader knows."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = set(packed.namelist())
        if "content.xml" in names:
            return _of_document(packed)
        if "xl/workbook.xml" in names and "xl/_rels/workbook.xml.rels" in names:
            return {
                name: SheetExtras(_errors(packed, part)) for name, part in _parts(packed) if part in names
            }
    return {}


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the file that holds it."""
    files = {}
    for relation in _RELATION.findall(packed.read("xl/_rels/workbook.xml.rels")):
        parts = dict(_PART.findall(relation))
        if b"Id" in parts and b"Target" in parts:
            target = parts[b"Target"].decode("utf-8", "replace")
            files[parts[b"Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    for name, relation in _SHEET.findall(packed.read("xl/workbook.xml")):
        if relation in files:
            yield _unescaped(name), files[relation]


def _unescaped(name: bytes) -> str:
    return str(ElementTree.fromstring(b"<a>" + name + b"</a>").text or "")  # noqa: S314


def _errors(packed: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    """Read a piece at a time, whatever the sheet's size."""
    errors, rest = {}, b""
    with packed.open(part) as sheet:
        while piece := sheet.read(CHUNK):
            piece = rest + piece
            if b't="e"' in piece:
                for letters, row, seen in _ERROR.findall(piece):
                    errors[int(row) - 1, _column(letters)] = _typed(seen.decode("utf-8", "replace"))
            rest = piece[max(piece.rfind(b"</c>"), piece.rfind(b":c>"), len(piece) - 2 * CHUNK) :]
    return errors


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _typed(seen: str) -> str:
    """A text of the same letters may stand for nothing (#N/A); an error never does."""
    return f"{seen or '#VALUE!'}{ERROR_CELL}"


def _of_document(packed: zipfile.ZipFile) -> dict[str, SheetExtras]:
    """OpenDocument: rows and cells are counted, those that are written once for many too."""
    sheets: dict[str, SheetExtras] = defaultdict(SheetExtras)
    content = packed.read("content.xml")
    if not any(mark in content for mark in _OF_CALC):
        return sheets
    name, row, column = "", 0, 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314
        if event == "start":
            if element.tag == TABLE + "table":
                name, row = element.get(TABLE + "name", ""), 0
            elif element.tag == TABLE + "table-row":
                column = 0
            continue
        if element.tag in (TABLE + "table-cell", TABLE + "covered-table-cell"):
            if element.get(CALC) == "error":
                sheets[name].errors[row, column] = _typed("".join(element.itertext()).strip())
            if (spanned := int(element.get(TABLE + "number-rows-spanned", 1))) > 1:
                sheets[name].merged.append((row, column, row + spanned - 1))
            column += int(element.get(TABLE + "number-columns-repeated", 1))
        elif element.tag == TABLE + "table-row":
            row += int(element.get(TABLE + "number-rows-repeated", 1))
            element.clear()
    return sheets
