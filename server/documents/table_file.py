"""A table as a file for a spreadsheet: text stays text and is never run as a formula (D70)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from locales import SHANGHAI
from models.rules import text

FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")
BOM = "\ufeff"


def table_file(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8 with its mark, as spreadsheets expect it; lines end as RFC 4180 says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(one) for one in head])
    writer.writerows([cell(one) for one in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def cell(value: object) -> str:
    """What a spreadsheet would run begins with an apostrophe; numbers stay numbers, times are the district's."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    said = text.visible("" if value is None else str(value)).replace("\x00", "")
    return "'" + said if said.lstrip().startswith(FORMULA) or said.startswith(FORMULA) else said
