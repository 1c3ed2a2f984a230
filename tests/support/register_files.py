"""Register files as people send them: CSV of any separator and encoding, and workbooks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from html import escape
from typing import Any

import xlsxwriter

from models.data import read

TARGET_HEAD, *TARGETS = csv.reader(io.StringIO(read("targets.csv").decode("utf-8-sig")))
INSPECTOR_HEAD, *INSPECTORS = csv.reader(io.StringIO(read("inspectors.csv").decode("utf-8-sig")))
TARGET = dict(zip(TARGET_HEAD, TARGETS[0], strict=True))
OTHER_TARGET = dict(zip(TARGET_HEAD, TARGETS[1], strict=True))
INSPECTOR = dict(zip(INSPECTOR_HEAD, INSPECTORS[0], strict=True))


MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def lines(*rows: dict[str, str]) -> list[list[str]]:
    """The heading and the rows."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def table(*rows: dict[str, str], title: str = "", separator: str = ",", codec: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(lines(*rows))
    return ((title + "\r\n" if title else "") + out.getvalue()).encode(codec)


def xlsx(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook; numbers stay numbers, as Excel keeps them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write_string(number, column, value) if isinstance(value, str) else sheet.write(
                        number, column, value
                    )
    return out.getvalue()


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """A sheet of text as LibreOffice and WPS keep it."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        "<table:table-row>" + "".join(cell.format(escape(one)) for one in row) + "</table:table-row>"
        for row in rows
    )
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="a">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        packed.writestr("content.xml", content)
    return out.getvalue()
