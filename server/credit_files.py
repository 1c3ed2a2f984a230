"""信用记录 as a file for the credit platform: by mapping, in XLSX, CSV or JSON; what is disputed is never in it (Art. 19)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from locales import Words
from models.queries.credit import CreditLine
from models.rules import credit as rules
from models.rules.credit import STOPPED, CreditState
from models.rules.entry import ALL
from models.rules.platform import PlatformColumn, PlatformMapping, Values, laid_out, read_mapping
from server.platform_files import Lines, file_of


def exported(lines: Iterable[CreditLine], mapping: PlatformMapping) -> Lines:
    """One line for each entry that may leave, in the mapping's columns."""
    return [laid_out(_values(line), mapping) for line in lines if rules.leaves(line.state)]


def credit_file(lines: Iterable[CreditLine], mapping: PlatformMapping, form: str) -> bytes:
    """The same as bytes. `form`: .xlsx, .csv or .json."""
    return file_of(form, mapping, exported(lines, mapping))


def credit_mapping(written: str, words: Words) -> PlatformMapping:
    """A mapping file's text; every field under its own name where there is none."""
    if written:
        return read_mapping(written, rules.FIELDS)
    types = {code: words(f"web.result.{code}") for code in ALL}
    states = {str(state): words(f"credit.state.{state}") for state in (CreditState.STANDS, *STOPPED)}
    named = {"types": types, "state": states}
    return PlatformMapping(
        tuple(
            PlatformColumn(words(f"credit.field.{name}"), name, named.get(name, {})) for name in rules.FIELDS
        )
    )


def _values(line: CreditLine) -> Values:
    """Public facts; of what is stopped no more than which entry it was and since when it is."""
    stopped = line.state in STOPPED
    values = {
        "number": line.number, "task": line.task, "target": line.target, "code": line.code[0], "title": line.title,
        "department": line.called, "published": line.published_on.isoformat(), "valid_until": line.valid_until.isoformat(),
        "state": str(line.state), "stopped": _day(line.stopped),
    }  # fmt: skip
    given = {name: (value,) for name, value in values.items() if value}
    return given if stopped else {**given, "types": line.types}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
