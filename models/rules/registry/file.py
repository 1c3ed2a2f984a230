"""The bytes of a register file, tried as what they can be: text in some encoding, or a workbook (Art. 10).

What is neither is named: a page of HTML under the name of a workbook, a PDF, a picture, a locked workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from models.refusal import Refusal
from models.rules.registry import progress
from models.rules.registry.text import decode, first_line_number
from models.rules.registry.workbook import OLE, ZIP, workbook

ARTICLE = "10"
SEPARATORS = (",", ";", "\t", "|", "，", "；")
LEADING_ROWS = 30
LONGEST_CELL = 1_000_000
_FOREIGN = {
    b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"Rar!": "rar", b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip", b"{\\rtf": "rtf",
}  # fmt: skip
_MARKUP = {
    "<html": "html", "<!doctype html": "html", "<table": "html", "<meta": "html", "<div": "html",
    "<style": "html", "mime-version:": "mhtml", "<?xml": "xml",
}  # fmt: skip


@dataclass(frozen=True)
class RegisterSheet:
    """`rows`: (number, cells), the first row of the file is 1. `name`: "" for a file of text."""

    name: str
    rows: list[tuple[int, list[str]]]
    encoding: str


def sheets(data: bytes, known: Callable[[Sequence[str]], int]) -> list[RegisterSheet]:
    """Every table in the file. `known(cells)`: how many of them are headings that are looked for."""
    if not data.strip():
        raise Refusal("registry.empty", ARTICLE)
    if data.startswith((ZIP, OLE)):
        return [RegisterSheet(name, rows, "workbook") for name, rows in workbook(data)]
    for magic, kind in _FOREIGN.items():
        if data.startswith(magic):
            raise Refusal("registry.not_csv", ARTICLE, kind=kind)

    def best(text: str) -> int:
        return max((known(row) for _, row in _leading(text)), default=0)

    codec, decoded = decode(data, best)
    start = decoded[:2000].lstrip().lower()
    for opening, kind in _MARKUP.items():
        if start.startswith(opening):
            raise Refusal("registry.not_csv", ARTICLE, kind=kind)
    if "\0" in decoded:
        raise Refusal("registry.nul", ARTICLE, row=first_line_number(decoded, "\0"))
    return [RegisterSheet("", _records(decoded, known), codec)]


def _leading(text: str) -> Iterator[tuple[str, list[str]]]:
    """The first rows under each separator; a row that cannot be read ends its separator's."""
    lines = text[:LONGEST_CELL].splitlines(keepends=True)[: LEADING_ROWS * 4]
    for separator in SEPARATORS:
        if not any(separator in line for line in lines):
            continue
        reader = csv.reader(lines, delimiter=separator)
        try:
            for _, row in zip(range(LEADING_ROWS), reader, strict=False):
                yield separator, row
        except csv.Error:
            continue
    for line in lines[:LEADING_ROWS]:
        yield ",", [line]


def _records(decoded: str, known: Callable[[Sequence[str]], int]) -> list[tuple[int, list[str]]]:
    separator, _ = max(_leading(decoded), key=lambda results: known(results[1]), default=(",", []))
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    progress.begin(progress.ImportStep.OPENED)
    try:
        for number, row in enumerate(reader, start=1):  # one by one, so that others have their turn meanwhile
            rows.append((number, row))
            if not number % progress.EVERY:
                progress.reached(number)
    except csv.Error as error:
        raise Refusal("registry.broken_row", ARTICLE, row=len(rows) + 1, line=reader.line_num) from error
    return rows
