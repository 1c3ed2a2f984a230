"""Rows of the registers as cells of a file that comes back unchanged (Art. 9, 10): what `cells` reads, the other way.

A row is a mapping of field to value, as the tables hold it; an answer has a cell for each column of `COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.rules import cell
from models.rules.channel import NAMES as CHANNELS
from models.rules.registry.agencies import AGENCY_COLUMNS
from models.rules.registry.calendar import CALENDAR, STREETS
from models.rules.registry.cells import first_words
from models.rules.registry.inspectors import INSPECTOR_COLUMNS, OPTIONAL
from models.rules.registry.inspectors import STATUSES as POSTS
from models.rules.registry.lists import CHECKLIST_COLUMNS, DEPARTMENT_COLUMNS, ITEM_COLUMNS, KEY, METHODS
from models.rules.registry.targets import CHANNEL_COLUMN, KINDS, STATUSES, TARGET_COLUMNS

Row = Mapping[str, Any]
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "departments": DEPARTMENT_COLUMNS, "items": ITEM_COLUMNS, "checklists": CHECKLIST_COLUMNS,
    "streets": tuple(column for column in STREETS.columns if column != "district_code"),
    "targets": (*TARGET_COLUMNS, CHANNEL_COLUMN), "inspectors": (*INSPECTOR_COLUMNS, *OPTIONAL),
    "agencies": AGENCY_COLUMNS, "calendar": CALENDAR.columns,
}  # fmt: skip


def department(row: Row) -> tuple[str, ...]:
    return _texts(row, "code", "name", "unit", "note", "phone")


def item(row: Row) -> tuple[str, ...]:
    return (
        *_texts(row, "code", "field", "name", "targets", "target_kind"),
        first_words(KEY)[row["key"]], _joined(first_words(METHODS)[method] for method in row["methods"].split(";") if method),
        *_texts(row, "initiating", "participating", "basis", "content", "rate", "frequency", "basis_checked", "verified"),
    )  # fmt: skip


def question(row: Row) -> tuple[str, ...]:
    """`checklist` and `title` beside the fields of the question."""
    return (
        *_texts(row, "checklist", "title"), str(row["number"]),
        *_texts(row, "department", "text", "basis", "answer", "fill_in", "photo", "network", "network_source"),
        first_words(KEY)[row["key"]], _flag(row["may_not_apply"]), *_texts(row, "prepare"), _joined(row["items"] or ()),
        *_texts(row, "condition", "sample"),
    )  # fmt: skip


def street(row: Row) -> tuple[str, ...]:
    return _texts(row, "code", "name", "district")


def target(row: Row) -> tuple[str, ...]:
    channels = first_words(CHANNELS)
    return (
        *_texts(row, "code"), first_words(KINDS)[row["kind"]],
        *_texts(row, "form", "name", "credit_code", "registration", "mark", "linked", "industry", "industry_name"),
        *_texts(row, "address", "street", "street_name"),
        _degrees(row["longitude_e6"]), _degrees(row["latitude_e6"]),
        *_texts(row, "datum", "representative", "contact", "phone", "email", "fax", "registrar"),
        first_words(STATUSES)[row["status"]], _day(row["founded"]), *_texts(row, "licence", "licence_number"),
        _day(row["licence_until"]), *_texts(row, "risk"), _day(row["risk_on"]), _flag(row["key"]),
        _joined(row["departments"]), _joined(row["items"]), str(row["checked_this_year"]),
        _flag(row["complaint"]), *_texts(row, "source"), _day(row["updated_on"]),
        _joined(channels[channel] for channel in row["channels"]),
    )  # fmt: skip


def inspector(row: Row) -> tuple[str, ...]:
    """`unit`: what the department is called, beside the fields of the inspector."""
    return (
        *_texts(row, "code", "name", "gender", "department", "unit", "section", "certificate", "certificate_kind"),
        _day(row["certificate_until"]), *_texts(row, "level"), _joined(row["areas"]), *_texts(row, "expertise"),
        _joined(row["items"]), *_texts(row, "rank"), _flag(row["may_lead"]), _flag(row["expert"]),
        first_words(POSTS)[row["status"]], _joined(row["recused"]), *_texts(row, "phone", "email"),
        _day(row["updated_on"]), _day(row["leave_from"]), _day(row["leave_until"]), *_texts(row, "hours"),
    )  # fmt: skip


def agency(row: Row) -> tuple[str, ...]:
    return (
        *_texts(row, "code", "name", "credit_code", "scope", "certificate"), _day(row["certificate_until"]),
        _joined(row["departments"]), *_texts(row, "contact", "phone", "email", "address", "note"),
    )  # fmt: skip


def day(row: Row) -> tuple[str, ...]:
    return row["day"].isoformat(), "补班" if row["worked"] else "放假", ""


WRITERS: Mapping[str, Callable[[Row], tuple[str, ...]]] = {
    "departments": department, "items": item, "checklists": question, "streets": street, "targets": target,
    "inspectors": inspector, "agencies": agency, "calendar": day,
}  # fmt: skip


def cells(kind: str, row: Row, *, with_zeros: bool = False) -> tuple[str, ...]:
    """The cells of a row. One that would be read otherwise says that it is text, as `'0012` does.

    `with_zeros`: some numbers of this register begin with 0, so that a shorter one beside them has to say that it
    is whole.
    """
    first, *others = WRITERS[kind](row)
    if with_zeros and first.isdecimal() and not first.startswith("0"):
        first = f"'{first}"
    return first, *others


def text_cell(value: str) -> str:
    """A cell that is read as this value: marked as text where a spreadsheet's damage looks like it."""
    doubtful = value and (cell.spoilt(value) is not None or cell.plain(value) != value or cell.error(value))
    return f"'{value}" if doubtful else value


def _texts(row: Row, *names: str) -> tuple[str, ...]:
    return tuple(text_cell(str(row[name] or "")) for name in names)


def _joined(values: Iterable[str]) -> str:
    return text_cell(";".join(values))


def _flag(value: bool) -> str:
    return "是" if value else "否"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _degrees(millionths: int | None) -> str:
    return "" if millionths is None else f"{Decimal(millionths).scaleb(-6):.6f}"
