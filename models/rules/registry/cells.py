"""Reading one row: every wrong cell is named by row, column, value and reason; none is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from models.rules import cell, phone, text
from models.rules.day import read_day, serial_day
from models.rules.registry import progress
from models.rules.registry.table import FoundSheet, Table, TablePlace

T = TypeVar("T")
SHOWN = 80
LOST = "\ufffd"
FLAGS = {
    "是": True, "否": False, "有": True, "无": False, "没有": False, "Y": True, "N": False, "YES": True, "NO": False,
    "TRUE": True, "FALSE": False, "1": True, "0": False, "√": True, "✓": True, "×": False, "对": True, "错": False,
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_DEGREES = re.compile(r"[0-9]{1,3}\.[0-9]{1,9}")
_SEXAGESIMAL = re.compile(
    r"(?:东经|北纬|[NE])?(\d{1,3})[°º度](?:(\d{1,2}(?:\.\d+)?)['′‘’分](?:(\d{1,2}(?:\.\d+)?)(?:[\"″“”秒]|''|′′)?)?)?(?:[NE])?"
)
_WHOLE = re.compile(r"[0-9]{1,9}")


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
    """`good` rows may be taken; each of `bad` forbids its row; `warnings` forbid nothing.

    `asked`: what only a person can tell (two rows may be one shop); the file waits until somebody has.
    `absent`: columns that the file does not have: what is known of them stays. `named`: the codes that its rows
    name, of the refused ones too, where somebody asked. `place`, `sheets`: where the list stood in the file, and what
    other sheets it has.
    """

    good: list[T]
    bad: list[Remark]
    warnings: list[Remark]
    absent: frozenset[str] = frozenset()
    asked: list[Remark] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list, compare=False)
    named: frozenset[str] = field(default=frozenset(), compare=False)
    place: TablePlace | None = field(default=None, compare=False)
    sheets: tuple[FoundSheet, ...] = field(default=(), compare=False)


class Cells:
    """The cells of one row. A cell that cannot be read leaves a remark in `bad` and gives an empty value."""

    def __init__(
        self, number: int, values: Mapping[str, str], absent: frozenset[str], heads: Mapping[str, str]
    ) -> None:
        self.number = number
        self.values = values
        self.absent = absent
        self.heads = heads
        self.bad: list[Remark] = []
        self.warnings: list[Remark] = []

    def refuse(self, column: str, reason: str, **params: Any) -> None:
        self.bad.append(self._remark(column, reason, params))

    def warn(self, column: str, reason: str, **params: Any) -> None:
        self.warnings.append(self._remark(column, reason, params))

    def _remark(self, column: str, reason: str, params: Mapping[str, Any]) -> Remark:
        """Names the column as the file does."""
        seen = text.name(cell.unmarked(self.values[column]))[:SHOWN]
        return Remark(self.number, self.heads.get(column, column), seen, reason, params)

    def raw(self, column: str) -> str:
        """The cell without marks of text, empty where it says so; a formula's error is refused."""
        written = self.values[column]
        return cell.plain(self._whole(column, written)) if written else ""

    def _whole(self, column: str, written: str) -> str:
        if written and written[0] in "#＃" and cell.error(written):
            self.refuse(column, "excel_error")
            return ""
        return written

    def label(self, column: str, limit: int, *, required: bool = False) -> str:
        """A name or short text of at most `limit` characters."""
        written = self.values[column]
        if not written and not required:
            return ""
        return self._fitting(column, cell.label(self._whole(column, written)), limit, required)

    def code(self, column: str, limit: int, *, required: bool = False) -> str:
        """A code without check digit, folded to the form in which it is compared. One that a spreadsheet
        destroyed is refused: nobody can bring its digits back."""
        written = self.values[column]
        if not written and not required:
            return ""
        value, reason = cell.code(self._whole(column, written))
        if reason:
            self.refuse(column, reason)
            return ""
        return self._fitting(column, value, limit, required)

    def printed(self, columns: Iterable[str], unprintable: Callable[[str], str]) -> None:
        """Name the characters of these cells that no paper of ours can show, and those that may be lost: a
        program that does not know a character writes ? for it."""
        for column in columns:
            if missing := unprintable(cell.label(self.values[column])):
                points = [f"U+{ord(value):X}" for value in missing]
                self.warn(column, "unprintable", characters=list(missing), points=points)
            if "?" in cell.label(self.values[column]):
                self.warn(column, "question_mark")

    def _fitting(self, column: str, value: str, limit: int, required: bool) -> str:
        if (
            required
            and not value
            and not any(bad.column == self.heads.get(column, column) for bad in self.bad)
        ):
            self.refuse(column, "missing")
        if len(value) > limit:
            self.refuse(column, "too_long", limit=limit, length=len(value))
        return value

    def lost(self) -> None:
        """Refuse each cell with U+FFFD: the character that stood there was lost when the file was converted."""
        for column, written in self.values.items():
            if LOST in written:
                self.refuse(column, "character_lost")

    def answered(self, column: str) -> bool:
        """是 or 否; an empty cell is 否, and says so by a hint."""
        if column not in self.absent and self.values[column].strip() not in FLAGS and not self.raw(column):
            self.warn(column, "blank_is_no")
            return False
        return self.flag(column)

    def flag(self, column: str, *, blank: bool | None = None) -> bool:
        """是 or 否. `blank`: what an empty cell says; None: it must be filled in."""
        if blank is not None and self.values[column].strip() not in FLAGS and not self.raw(column):
            return blank
        return self.choice(column, FLAGS, False)

    def choice(self, column: str, choices: Mapping[str, T], otherwise: T) -> T:
        """The value of a word of a closed list; width, case and spaces do not matter."""
        written = self.values[column]
        if written in choices:
            return choices[written]
        if column in self.absent:
            return otherwise
        for value in (cell.choice(cell.unmarked(written)), cell.choice(self.raw(column))):
            for word in choices:
                if cell.choice(word) == value:
                    return choices[word]
        self.refuse(column, "not_listed", choices=list(first_words(choices).values()))
        return otherwise

    def many(self, column: str) -> tuple[str, ...]:
        """What a list cell names, each once, in order."""
        written = self.values[column]
        if not written:
            return ()
        reason = cell.code(self._whole(column, written))[1]
        if reason and reason != "excel_grouped":  # 101,102 are two codes
            self.refuse(column, reason)
            return ()
        return cell.parts(written)

    def resolve(
        self,
        column: str,
        values: Iterable[str],
        find: Callable[[str], str | None],
        reason: str,
        **params: Any,
    ) -> tuple[str, ...]:
        """The code that `find` gives for each value; one that it does not know is refused by name. `params`: what
        else the refusal says."""
        codes: dict[str, None] = {}
        for value in values:
            code = find(value) or find(text.code(value))
            if code is None:
                self.refuse(column, reason, name=value, **params)
            else:
                codes[code] = None
        return tuple(codes)

    def references(self, column: str, find: Callable[[str], Sequence[str]], reason: str) -> tuple[str, ...]:
        """The objects that a list cell names. A name that fits one object is taken with a hint; one that
        fits none, or several, is refused. A cell that is one object's whole name is not parted."""
        names = self.many(column)
        if len(names) > 1 and len(find(cell.label(self.values[column]))) == 1:
            names = (cell.label(self.values[column]),)
        codes: dict[str, None] = {}
        for name in names:
            result = find(name)
            if len(result) == 1:
                if result[0] != name and result[0] != text.code(name):
                    self.warn(column, "taken_as", name=name, code=result[0])
                codes[result[0]] = None
            elif result:
                self.refuse(column, "several_fit", name=name, codes=list(result)[:5])
            else:
                self.refuse(column, reason, name=name)
        return tuple(codes)

    def day(self, column: str, *, endless: bool = False) -> date | None:
        """2026-11-20, 2026/11/20 8:00, 20261120 or 2026年11月20日; `endless`: 长期 is 9999-09-09."""
        written = self.raw(column)
        if not written:
            return None
        day = read_day(written, endless=endless)
        if day is None and (counted := serial_day(written)):
            self.refuse(column, "day_number", day=counted)
        elif day is None:
            self.refuse(column, "date")
        return day

    def whole(self, column: str, *, blank: int | None = None) -> int:
        written = self.values[column]
        value = written if written.isascii() and written.isdigit() else text.code(self.raw(column))
        if blank is not None and not value:
            return blank
        if not _WHOLE.fullmatch(value):
            self.refuse(column, "whole_number")
            return 0
        return int(value)

    def degrees(self, column: str, limit: int) -> int | None:
        """Decimal degrees as millionths; None when empty. Degrees, minutes and seconds are refused with the number
        to write instead: which of the two a list means nobody should guess."""
        written = self.values[column]
        if not written:
            return None
        value = written if _DEGREES.fullmatch(written) else text.code(self.raw(column)).rstrip("°")
        if not value:
            return None
        try:
            degrees = Decimal(value)
        except InvalidOperation:
            degrees = Decimal("NaN")
        if not degrees.is_finite() or abs(degrees) > limit:
            expected = _decimal_degrees(value, limit)
            if expected:
                self.refuse(column, "degrees_decimal", expected=expected)
            else:
                self.refuse(column, "degrees", limit=limit)
            return None
        return round(degrees * 1_000_000)

    def phone(self, column: str) -> str:
        """As written; a number that only a person can read is warned about, a destroyed one is refused."""
        value = self.label(column, 40)
        if not value or phone.international(value) is not None:
            return value
        if reason := cell.spoilt(self.values[column]):
            self.refuse(column, reason)
        elif value.isdecimal() and phone.international(f"0{value}") is not None and len(value) > 8:
            self.refuse(column, "zeros_lost", expected=f"0{value}")
        else:
            self.warn(column, "phone")
        return value

    def email(self, column: str) -> str:
        value = self.label(column, 200)
        if value and not _EMAIL.fullmatch(value):
            self.warn(column, "email")
        return value


def _decimal_degrees(written: str, limit: int) -> str:
    """113°17′24″ as 113.290000; empty for what is no degrees, minutes and seconds within the limit."""
    match = _SEXAGESIMAL.fullmatch(written)
    if match is None:
        return ""
    whole, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    degrees = whole + minutes / 60 + seconds / 3600
    return f"{degrees:.6f}" if minutes < 60 and seconds < 60 and degrees <= limit else ""


def first_words(choices: Mapping[str, Any]) -> dict[Any, str]:
    """The first word for each value: what a list should hold; its other names are taken, not taught."""
    first: dict[Any, str] = {}
    for word, value in choices.items():
        if word:
            first.setdefault(value, word)
    return first


class Once:
    """Values that may stand in one row only. Of two rows that share one neither can be trusted: both go."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[int, str, str, str]] = {}  # row, name, column, cell
        self.late: dict[int, Remark] = {}
        self._told: set[tuple[str, str]] = set()
        self._digits: dict[str, list[tuple[Cells, str]]] = {}

    def claim(self, cells: Cells, column: str, value: str | None, name: str = "", *, kind: str = "") -> None:
        """Take `value` for this row; each remark names the other row and what that row calls the thing.

        `kind`: what is claimed, where it may stand in more columns than one.
        """
        if not value:
            return
        claim = (cells.number, name, column, cells.values[column])
        number, earlier, where, written = self._first.setdefault((kind or column, value), claim)
        if number != cells.number:
            cells.refuse(column, "twice", row=number, name=earlier)
            told = {"row": cells.number, "name": name}
            seen = text.name(cell.unmarked(written))[:SHOWN]
            self.late.setdefault(number, Remark(number, cells.heads.get(where, where), seen, "twice", told))

    def repeated(self, warning: Remark, absent: frozenset[str]) -> bool:
        """Of a column that the file does not have one word is enough."""
        if warning.column not in absent:
            return False
        known = (warning.column, warning.reason) in self._told
        self._told.add((warning.column, warning.reason))
        return known

    def digits(self, cells: Cells, column: str, value: str) -> None:
        """Remember a code of digits alone, to be held against the others of its column."""
        if value.isdecimal():
            self._digits.setdefault(column, []).append((cells, value))

    def zeros_lost(self) -> list[Remark]:
        """Codes that are shorter than those of their column that begin with 0: a spreadsheet took them for
        numbers. One that says that it is text is believed."""
        lost = []
        for column, digit in self._digits.items():
            lengths = {len(value) for _, value in digit if value.startswith("0")}
            for cells, value in digit if len(lengths) == 1 else ():
                due = max(lengths)
                if len(value) < due and not cell.is_text(cells.values[column]):
                    head = cells.heads.get(column, column)
                    lost.append(
                        Remark(cells.number, head, value, "zeros_lost", {"expected": value.zfill(due)})
                    )
        return lost


def check_rows(table: Table, read: Callable[[Cells, Once], T]) -> Checked[T]:
    """Read every row; a row with any remark in `bad` gives no value."""
    once = Once()
    rows: list[tuple[int, T]] = []
    bad: list[Remark] = []
    warnings = [Remark(table.number, column, "", "column_unused") for column in table.unused]
    warnings += [Remark(number, "", text.name(words)[:SHOWN], "foot") for number, words in table.foot]
    progress.begin(progress.ImportStep.CHECKED, len(table.rows))
    for count, (number, values, raw) in enumerate(table.cells()):
        if not count % progress.EVERY:
            progress.reached(count)
        if values is None:
            bad.append(Remark(number, "", "", "cells", {"cells": len(raw), "due": len(table.header)}))
            continue
        cells = Cells(number, values, table.absent, table.heads)
        if any(LOST in written for written in values.values()):
            cells.lost()
        row = read(cells, once)
        bad += cells.bad
        warnings += [warning for warning in cells.warnings if not once.repeated(warning, table.absent)]
        if not cells.bad:
            rows.append((number, row))
    lost = once.zeros_lost()
    bad += [*once.late.values(), *lost]
    out = {*once.late, *(remark.number for remark in lost)}
    good = [(number, row) for number, row in rows if number not in out]
    return Checked(
        [row for _, row in good], sorted(bad, key=lambda remark: remark.number), warnings,
        table.absent, numbers=[number for number, _ in good], place=table.place, sheets=table.sheets,
    )  # fmt: skip
