"""Reading one row: every wrong cell is named by row, column, value and reason; none is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from models.rules import phone, text
from models.rules.registry_table import Table

T = TypeVar("T")
SHOWN = 80
FOREVER = date(9999, 9, 9)
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_WHOLE = re.compile(r"[0-9]{1,9}")
_LIST = re.compile(r"[;；、]")


@dataclass(frozen=True, slots=True)
class Remark:
    """`reason` names a sentence in the locale, `params` fill it. `number`: as a spreadsheet counts."""

    number: int
    column: str
    value: str
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked(Generic[T]):
    """`good` rows may be taken; each of `bad` forbids its row; `warnings` forbid nothing."""

    good: list[T]
    bad: list[Remark]
    warnings: list[Remark]


class Cells:
    """The cells of one row. A cell that cannot be read leaves a remark in `bad` and gives an empty value."""

    def __init__(self, number: int, values: Mapping[str, str]) -> None:
        self.number = number
        self.values = values
        self.bad: list[Remark] = []
        self.warnings: list[Remark] = []

    def refuse(self, column: str, reason: str, **params: Any) -> None:
        self.bad.append(self._remark(column, reason, params))

    def warn(self, column: str, reason: str, **params: Any) -> None:
        self.warnings.append(self._remark(column, reason, params))

    def _remark(self, column: str, reason: str, params: Mapping[str, Any]) -> Remark:
        return Remark(self.number, column, text.name(self.values[column])[:SHOWN], reason, params)

    def label(self, column: str, limit: int, *, required: bool = False) -> str:
        """A name or short text of at most `limit` characters."""
        return self._fitting(column, text.name(self.values[column]), limit, required)

    def code(self, column: str, limit: int, *, required: bool = False) -> str:
        """A code, folded to the form in which it is compared."""
        return self._fitting(column, text.code(self.values[column]), limit, required)

    def _fitting(self, column: str, value: str, limit: int, required: bool) -> str:
        if required and not value:
            self.refuse(column, "missing")
        if len(value) > limit:
            self.refuse(column, "too_long", limit=limit, length=len(value))
        return value

    def flag(self, column: str) -> bool:
        """是 or 否."""
        return self.choice(column, {"是": True, "否": False}, False)

    def choice(self, column: str, choices: Mapping[str, T], otherwise: T) -> T:
        value = text.name(self.values[column])
        if value not in choices:
            self.refuse(column, "not_listed", choices=[choice for choice in choices if choice])
        return choices.get(value, otherwise)

    def many(self, column: str) -> tuple[str, ...]:
        """Codes separated by `;`, each once, in their order."""
        parts = (text.code(part) for part in _LIST.split(self.values[column]))
        return tuple(dict.fromkeys(filter(None, parts)))

    def resolve(
        self, column: str, values: Iterable[str], find: Callable[[str], str | None], reason: str
    ) -> tuple[str, ...]:
        """The code that `find` gives for each value; one that it does not know is refused by name."""
        codes: dict[str, None] = {}
        for value in values:
            code = find(value)
            if code is None:
                self.refuse(column, reason, name=value)
            else:
                codes[code] = None
        return tuple(codes)

    def day(self, column: str) -> date | None:
        """2026-11-20, 2026/11/20, 20261120 or 2026年11月20日; 长期 is 9999-09-09."""
        value = text.code(self.values[column])
        if value == "长期":
            return FOREVER
        if found := _DATE.fullmatch(value):
            year, *rest = (int(part) for part in found.groups() if part)
            try:
                return date(year, *rest)
            except ValueError:
                pass
        if value:
            self.refuse(column, "date")
        return None

    def whole(self, column: str) -> int:
        value = text.code(self.values[column])
        if not _WHOLE.fullmatch(value):
            self.refuse(column, "whole_number")
            return 0
        return int(value)

    def degrees(self, column: str, limit: int) -> int | None:
        """Decimal degrees as millionths; None when empty."""
        value = text.code(self.values[column])
        if not value:
            return None
        try:
            degrees = Decimal(value)
        except InvalidOperation:
            degrees = Decimal("NaN")
        if not degrees.is_finite() or abs(degrees) > limit:
            self.refuse(column, "degrees", limit=limit)
            return None
        return round(degrees * 1_000_000)

    def phone(self, column: str) -> str:
        """As written; a number that only a person can read is warned about."""
        value = self.label(column, 40)
        if value and phone.international(value) is None:
            self.warn(column, "phone")
        return value

    def email(self, column: str) -> str:
        value = self.label(column, 200)
        if value and not _EMAIL.fullmatch(value):
            self.warn(column, "email")
        return value


class Once:
    """Values that may stand in one row only. Of two rows that share one neither can be trusted: both go."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[int, str]] = {}
        self.late: dict[int, Remark] = {}

    def claim(self, cells: Cells, column: str, value: str | None, name: str = "") -> None:
        """Take `value` for this row; each remark names the other row and what that row calls the thing."""
        if not value:
            return
        number, earlier = self._first.setdefault((column, value), (cells.number, name))
        if number != cells.number:
            cells.refuse(column, "twice", row=number, name=earlier)
            told = {"row": cells.number, "name": name}
            self.late.setdefault(number, Remark(number, column, value[:SHOWN], "twice", told))


def check_rows(table: Table, read: Callable[[Cells, Once], T]) -> Checked[T]:
    """Read every row; a row with any remark in `bad` gives no value."""
    once = Once()
    rows: list[tuple[int, T]] = []
    bad: list[Remark] = []
    warnings = [Remark(1, column, "", "column_unused") for column in table.unused]
    for number, values, raw in table.cells():
        if values is None:
            bad.append(Remark(number, "", "", "cells", {"cells": len(raw), "due": len(table.header)}))
            continue
        cells = Cells(number, values)
        row = read(cells, once)
        bad += cells.bad
        warnings += cells.warnings
        if not cells.bad:
            rows.append((number, row))
    bad += once.late.values()
    good = [row for number, row in rows if number not in once.late]
    return Checked(good, sorted(bad, key=lambda remark: remark.number), warnings)
