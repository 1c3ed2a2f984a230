"""A registry file as people send it: CSV from a spreadsheet, in whatever encoding it was saved (Art. 10)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.refusal import Refusal
from models.rules import text

ARTICLE = "10"
SEPARATORS = ",;\t，；"
_LEADING_ROWS = 10
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_FOREIGN = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "pdf"}


@dataclass(frozen=True)
class Table:
    """`rows`: (number, cells). Rows are numbered as a spreadsheet shows them: the file's first row is 1."""

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    encoding: str
    unused: tuple[str, ...]

    def cells(self) -> Iterator[tuple[int, dict[str, str] | None, list[str]]]:
        """Number, cells by column (None when there are not as many as the header has), raw cells."""
        width = len(self.header)
        for number, row in self.rows:
            fits = len(row) == width or not any(cell.strip() for cell in row[width:])
            whole = fits and len(row) >= width
            yield number, dict(zip(self.header, row, strict=False)) if whole else None, row


def read_table(data: bytes, columns: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Decode (UTF-8 with or without BOM, UTF-16, GBK/GB 18030) and find the header that holds `columns`.

    Rows above the header (a title over merged cells) are passed over. Refuses: nothing in it, another kind
    of file, no known encoding, NUL, columns missing or named twice: each by name and row. `optional` ones
    may be missing.
    """
    encoding, decoded = _decode(data)
    rows = _records(decoded)
    at, header = _header(rows, columns, optional)
    unused = tuple(name for name in header if name and name not in (*columns, *optional))
    filled = [(number, row) for number, row in rows[at + 1 :] if any(cell.strip() for cell in row)]
    return Table(header, filled, encoding, unused)


def _decode(data: bytes) -> tuple[str, str]:
    if not data.strip():
        raise Refusal("registry.empty", ARTICLE)
    for magic, kind in _FOREIGN.items():
        if data.startswith(magic):
            raise Refusal("registry.not_csv", ARTICLE, kind=kind)
    marked = next((codec for mark, codec in _MARKS.items() if data.startswith(mark)), None)
    furthest = 0
    for codec in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            decoded = data.decode(codec)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
        else:
            return codec, decoded
    raise Refusal("registry.encoding", ARTICLE, row=data[:furthest].count(b"\n") + 1)


def _records(decoded: str) -> list[tuple[int, list[str]]]:
    if "\0" in decoded:
        raise Refusal("registry.nul", ARTICLE, row=decoded[: decoded.index("\0")].count("\n") + 1)
    first = next(line for line in decoded.splitlines() if line.strip(SEPARATORS + " "))
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend(enumerate(reader, start=1))
    except csv.Error as error:
        raise Refusal("registry.broken_row", ARTICLE, row=len(rows) + 1, line=reader.line_num) from error
    return rows


def _header(
    rows: list[tuple[int, list[str]]], columns: Sequence[str], optional: Sequence[str]
) -> tuple[int, tuple[str, ...]]:
    found = [tuple(_title(cell) for cell in row) for _, row in rows[:_LEADING_ROWS]]
    at = max(range(len(found)), key=lambda index: len(set(found[index]) & set(columns)))
    header = found[at]
    if missing := [column for column in columns if column not in header]:
        blank = [index for index, name in enumerate(header, start=1) if not name]
        raise Refusal("registry.columns_missing", ARTICLE, row=at + 1, columns=missing, blank=blank)
    if twice := sorted({column for column in (*columns, *optional) if header.count(column) > 1}):
        raise Refusal("registry.columns_twice", ARTICLE, row=at + 1, columns=twice)
    return at, header


def _title(cell: str) -> str:
    return text.name(cell).rstrip("*").replace(" ", "")
