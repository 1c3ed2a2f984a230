"""What a request says that cannot be taken: a refusal that names the field and its value, and what to do (D61, D66).

`name`: the field's name in the form or the address; `input.<name>` in the locales is what people call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time

import msgspec
from aiohttp import web

from models.refusal import Refusal
from models.rules import text

SHOWN = 60  # characters of a wrong value
AT = re.compile(r"`\$\.(\w+)")
FIELD = re.compile(r"field `(\w+)`")


def _shown(value: str) -> str:
    return text.visible(value).strip()[:SHOWN]


def choice(name: str, value: str) -> Refusal:
    """None of what the page offers."""
    return Refusal("request.choice", field=name, value=_shown(value))


def number(name: str, value: str) -> Refusal:
    """No whole number."""
    return Refusal("request.number", field=name, value=_shown(value))


def moment(name: str, value: str) -> Refusal:
    """No day, or no time with its zone."""
    return Refusal("request.moment", field=name, value=_shown(value))


def twice(name: str) -> Refusal:
    """Several values where one is asked for: all but one would be lost."""
    return Refusal("request.twice", field=name)


def too_long(name: str, limit: int) -> Refusal:
    return Refusal("request.too_long", field=name, limit=limit)


def too_many(name: str, limit: int) -> Refusal:
    return Refusal("request.too_many", field=name, limit=limit)


def no_text(name: str) -> Refusal:
    """A file where words are asked for."""
    return Refusal("request.no_text", field=name)


def no_file(name: str = "file") -> Refusal:
    return Refusal("request.no_file", field=name)


def lacking(name: str) -> Refusal:
    """Nothing is filled in."""
    return Refusal("request.lacking", field=name)


def broken() -> Refusal:
    """The request ends before its end, or is no form at all."""
    return Refusal("request.broken")


def shape(wrong: Exception) -> Refusal:
    """What msgspec says of a body: the field that lacks, that nobody asked for, or whose value is of another kind."""
    words = str(wrong)
    if named := FIELD.search(words):
        return Refusal("request.unasked", field=named[1]) if "unknown" in words else lacking(named[1])
    if isinstance(wrong, msgspec.ValidationError) and (named := AT.search(words)):
        return Refusal("request.kind", field=named[1])
    return broken()


def year_of(written: str, name: str = "year") -> int:
    """A year of this century, in four digits."""
    if not (written.isascii() and written.isdigit() and len(written) == 4 and written.startswith("20")):
        raise Refusal("request.year", field=name, value=_shown(written))
    return int(written)


def number_of(name: str, written: str) -> int:
    """A whole number in digits."""
    if not (written.isascii() and written.isdigit()):
        raise number(name, written)
    return int(written)


def day_of(name: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise moment(name, written) from None


def moment_of(name: str, written: str) -> datetime:
    """A moment with its zone."""
    try:
        stated = datetime.fromisoformat(written)
    except ValueError:
        raise moment(name, written) from None
    if stated.tzinfo is None:
        raise moment(name, written)
    return stated


def clock_of(name: str, written: str) -> time:
    try:
        return time.fromisoformat(written)
    except ValueError:
        raise moment(name, written) from None


def words_of_field(name: str, values: Iterable[object], limit: int) -> list[str]:
    """Every value of a field that may have several: visible characters, trimmed; a file or too long a one is refused."""
    given = []
    for value in values:
        if not isinstance(value, str):
            raise no_text(name)
        if len(value) > limit:
            raise too_long(name, limit)
        given.append(text.visible(value).strip())
    return given


def asked_once(request: web.Request) -> None:
    """Refuse an address that asks for one thing twice."""
    for name in request.query:
        if len(request.query.getall(name)) > 1:
            raise twice(name)
