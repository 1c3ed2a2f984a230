"""What we hand on is opened in LibreOffice: codes keep their zeros, no cell is a formula (D45, D70, D71)."""

from __future__ import annotations

import io
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.documents.table_file import GrowingWorkbook, table_file, workbook, workbook_of
from tests.server.documents.test_workbook_file import HARD

pytestmark = pytest.mark.office
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}  # fmt: skip
RUN = [
    "=1+1", "+1+1", "-1+1", "@SUM(1;1)", "\t=1+1", "\r=1+1", "＝1+1", '=HYPERLINK("http://example.test";"示例")',
    "=cmd|' /C calc'!A0", "|1", "%1", " =1+1", '"=1+1', '示例";=1+1;"', "示例\n=1+1",
]  # fmt: skip


def opened(data: bytes, name: str, folder: Path) -> ET.Element:
    """The file as LibreOffice reads it, written as a flat OpenDocument."""
    (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "fods", "--outdir", folder, folder / name]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return ET.parse((folder / name).with_suffix(".fods")).getroot()


def attribute(cell: ET.Element, space: str, name: str) -> str | None:
    return cell.get(f"{{{NAMES[space]}}}{name}")


def cells(document: ET.Element) -> Iterator[ET.Element]:
    """Every cell that holds something."""
    for cell in document.iterfind(".//table:table-cell", NAMES):
        if cell.find("text:p", NAMES) is not None:
            yield cell


def said(cell: ET.Element) -> str:
    return "\n".join("".join(part.itertext()) for part in cell.iterfind("text:p", NAMES))


def grown(folder: Path) -> bytes:
    with GrowingWorkbook(folder / "grown.xlsx", ["号码"]) as book:
        book.add([[one] for one in HARD + RUN])
    return (folder / "grown.xlsx").read_bytes()


WORKBOOKS = {
    "a table": lambda folder: workbook(["号码"], [[one] for one in HARD + RUN]),
    "a table that grows": grown,
    "sheets": lambda folder: workbook_of({"示例": [["号码"], *([one] for one in HARD + RUN)]}),
}


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_d45_d70_a_workbook_opens_as_text_to_the_last_zero(kind: str, tmp_path: Path) -> None:
    found = list(cells(opened(WORKBOOKS[kind](tmp_path), "opened.xlsx", tmp_path)))
    assert {attribute(cell, "office", "value-type") for cell in found} == {"string"}
    assert [
        attribute(cell, "table", "formula") for cell in found if attribute(cell, "table", "formula")
    ] == []
    texts = [said(cell) for cell in found][1:]
    assert [one.strip() for one in texts[: len(HARD)]] == [one.strip() for one in HARD]
    assert len(texts) == len(HARD + RUN)


def test_d70_d71_no_cell_of_a_csv_is_run(tmp_path: Path) -> None:
    data = table_file(["号码", "示例"], [[one, "示例"] for one in RUN])
    document = opened(data, "opened.csv", tmp_path)
    found = list(cells(document))
    assert [cell for cell in found if attribute(cell, "table", "formula")] == []
    assert "2" not in [said(cell).strip() for cell in found]
    assert io.BytesIO(data).read(3) == b"\xef\xbb\xbf" and len(found) == 2 * (len(RUN) + 1)
