"""How the draw is written down, so that anybody can repeat it (Art. 14): text, tables, JSON, hashes, times.

UTF-8, LF after every line, one TAB between fields, rows sorted by their UTF-8 bytes.
Python compares strings by code point, which is the order of their UTF-8 bytes.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from models.refusal import Refusal

ARTICLE = "14"
LOCAL = timezone(timedelta(hours=8))


def normal(code: str) -> str:
    """A code or certificate as it is compared and hashed: NFKC, upper case, no white space."""
    plainly = code if code.isascii() else unicodedata.normalize("NFKC", code)  # ASCII is its own NFKC
    return "".join(plainly.upper().split())


def plain(text: str, what: str) -> str:
    """`text` if it can stand in a field: not empty, no TAB, line break, comma or other control character."""
    if text.isascii() and text.isprintable() and text and "," not in text:
        return text
    if not text or any(c == "," or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        raise Refusal("draw.field_not_plain", ARTICLE, what=what, value=text)
    return text


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def lines(rows: Iterable[str]) -> bytes:
    """The rows as they come, each with its LF."""
    return "".join([f"{row}\n" for row in rows]).encode()


def ordered(rows: Iterable[Sequence[str]]) -> bytes:
    """A table whose rows are sorted by their bytes."""
    return lines(sorted("\t".join(row) for row in rows))


def split(data: bytes, name: str) -> list[str]:
    """The lines of a file; refuses bytes that are not UTF-8 text with LF after every line."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Refusal("draw.file_not_text", ARTICLE, file=name) from None
    if text and not text.endswith("\n"):
        raise Refusal("draw.file_row_malformed", ARTICLE, file=name, row=text.count("\n") + 1)
    return text.split("\n")[:-1]


def table(data: bytes, name: str, width: int) -> list[list[str]]:
    """The fields of a file, row by row; refuses a row that has not `width` of them."""
    rows = [line.split("\t") for line in split(data, name)]
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise Refusal("draw.file_row_malformed", ARTICLE, file=name, row=number)
    return rows


def canonical(value: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, no spaces, one LF at the end."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return (text + "\n").encode()


def sums(files: Mapping[str, bytes]) -> bytes:
    """What `sha256sum -c` reads: hex, two spaces, name; ordered by name."""
    return lines(f"{sha256(files[name])}  {name}" for name in sorted(files))


def stamp(at: datetime) -> str:
    """An instant as ISO 8601 with the district's offset."""
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return at.astimezone(LOCAL).isoformat()


def instant(text: str) -> datetime:
    """The instant of a `time` field; refuses what is not ISO 8601 with offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("draw.time_malformed", ARTICLE, value=text) from None
    if at.tzinfo is None:
        raise Refusal("draw.time_malformed", ARTICLE, value=text)
    return at


def refuse_duplicates(values: Iterable[Any], code: str, name: str) -> None:
    values = list(values)
    if len(set(values)) == len(values):
        return
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise Refusal(code, ARTICLE, **{name: value})
        seen.add(value)
