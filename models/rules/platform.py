"""省级平台: what of a task is entered there, in whose columns, and where a file of theirs differs from ours (Art. 8).

The platform's own interface is not known here. A mapping says which of our fields stands in which of its columns; a file
written by it is read back by it.
"""

from __future__ import annotations

import dataclasses
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.refusal import Refusal
from models.rules import text

FIELDS = (
    "number", "target", "code", "title", "items", "departments", "officers", "began", "ended", "types", "note", "receipt",
    "receipt_day",
)  # fmt: skip
DEPARTMENT_FIELDS = (
    "number", "target", "code", "title", "department", "types", "measures", "note", "officer", "entered", "late", "receipt",
    "receipt_day",
)  # fmt: skip
"""Of one department's result: 谁检查、谁录入、谁负责 (Art. 16 (3))."""
SEPARATOR = "；"
Values = Mapping[str, tuple[str, ...]]
"""Of one task: by field its values, none where there is nothing."""


@dataclass(frozen=True, slots=True)
class PlatformColumn:
    """`values`: what the platform calls a value of ours, such as a result type."""

    heading: str
    field: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlatformMapping:
    columns: tuple[PlatformColumn, ...]
    separator: str = SEPARATOR

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)


@dataclass(frozen=True, slots=True)
class PlatformDifferences:
    """`missing`: numbers that they do not have; `unknown`: that we do not have; `changed`: number, heading, ours, theirs;
    `twice`: numbers that stand in their file more than once."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    changed: tuple[tuple[str, str, str, str], ...]
    twice: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.unknown or self.changed or self.twice)


def read_mapping(written: str, fields: Sequence[str] = FIELDS) -> PlatformMapping:
    """A mapping as TOML: `[[column]]` with heading, field and, where needed, values. Refuses what it cannot mean."""
    try:
        given = tomllib.loads(written)
        columns = tuple(
            PlatformColumn(str(column["heading"]).strip(), str(column["field"]), {**column.get("values", {})})
            for column in given["column"]
        )
    except (tomllib.TOMLDecodeError, RecursionError, KeyError, TypeError, AttributeError):
        raise Refusal("platform.mapping", article="8") from None
    return checked(PlatformMapping(columns, str(given.get("separator", SEPARATOR))), fields)


def checked(mapping: PlatformMapping, fields: Sequence[str] = FIELDS) -> PlatformMapping:
    """Refuses a field that is none, a heading twice or empty, and columns that do not say which task a line is of."""
    if unknown := [column.field for column in mapping.columns if column.field not in fields]:
        raise Refusal("platform.field", article="8", field=unknown[0], fields=list(fields))
    if len(set(mapping.headings)) < len(mapping.columns) or "" in mapping.headings:
        raise Refusal("platform.headings", article="8")
    if "number" not in [column.field for column in mapping.columns]:
        raise Refusal("platform.no_number", article="8")
    return mapping


def laid_out(values: Values, mapping: PlatformMapping) -> tuple[str, ...]:
    """One task as a line of the platform's columns."""
    return tuple(
        mapping.separator.join(column.values.get(value, value) for value in values.get(column.field, ()))
        for column in mapping.columns
    )


def by_field(line: Sequence[str], mapping: PlatformMapping) -> dict[str, str]:
    """A line of a file by our fields."""
    return {column.field: cell for column, cell in zip(mapping.columns, line, strict=True)}


def differences(
    ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]], mapping: PlatformMapping
) -> PlatformDifferences:
    """Compared line by line under the task's number, spaces and forms of characters apart."""
    at = [column.field for column in mapping.columns].index("number")
    here, there = {_plain(line[at]): line for line in ours}, {_plain(line[at]): line for line in theirs}
    changed = [
        (number, heading, mine, other)
        for number in here.keys() & there.keys()
        for heading, mine, other in zip(mapping.headings, here[number], there[number], strict=True)
        if _plain(mine) != _plain(other)
    ]
    several = {number for number in there if sum(_plain(line[at]) == number for line in theirs) > 1}
    return PlatformDifferences(
        tuple(sorted(here.keys() - there.keys())), tuple(sorted(there.keys() - here.keys())), tuple(sorted(changed)),
        tuple(sorted(several)),
    )  # fmt: skip


def _plain(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.visible(cell)).split())
