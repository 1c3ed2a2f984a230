"""一单两库 on its way in: what a row must hold, and what is wrong with it (Art. 4, 7, 9, 10).

What makes somebody ineligible is no mistake in a list: expired certificates, leave, deregistered firms and
complaint clues are taken in as they are, and judged when a draw is committed (`rules/eligibility`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from models.rules.registry.agencies import AGENCIES, AgencyRow, read_agency
from models.rules.registry.alike import alike
from models.rules.registry.cells import Checked, Remark, check_rows
from models.rules.registry.conditions import conditions_checked
from models.rules.registry.file import sheets
from models.rules.registry.inspectors import LAYOUT as INSPECTORS
from models.rules.registry.inspectors import read_inspector
from models.rules.registry.known import Known
from models.rules.registry.lists import (
    CHECKLISTS,
    DEPARTMENTS,
    ITEMS,
    read_department,
    read_item,
    read_question,
)
from models.rules.registry.rows import ChecklistRow, DepartmentRow, InspectorRow, ItemRow, TargetRow
from models.rules.registry.table import FOUND, TablePlace, read_table
from models.rules.registry.targets import LAYOUT as TARGETS
from models.rules.registry.targets import read_target
from models.rules.registry.workbook import OLE, ZIP
from models.rules.registry.xlsform import is_form, read_form

__all__ = [
    "Checked",
    "Known",
    "Remark",
    "check_agencies",
    "check_checklists",
    "check_departments",
    "check_inspectors",
    "check_items",
    "check_targets",
]


def check_departments(data: bytes, known: Known, place: TablePlace = FOUND) -> Checked[DepartmentRow]:
    return check_rows(read_table(data, DEPARTMENTS, place), partial(read_department, known))


def check_items(data: bytes, known: Known, place: TablePlace = FOUND) -> Checked[ItemRow]:
    """`known` holds the departments."""
    return check_rows(read_table(data, ITEMS, place), partial(read_item, known))


def check_checklists(data: bytes, known: Known, place: TablePlace = FOUND) -> Checked[ChecklistRow]:
    """A list of questions, or one checklist as XLSForm. `known` holds the departments and items."""
    results = sheets(data, lambda _: 0) if data.startswith((ZIP, OLE)) else ()
    if not is_form(results):
        table = read_table(data, CHECKLISTS, place)
        return conditions_checked(check_rows(table, partial(read_question, known)), table.heads)
    table, bad, warnings = read_form(results)
    checked = conditions_checked(check_rows(table, partial(read_question, known)), table.heads)
    return replace(
        checked, bad=sorted([*bad, *checked.bad], key=lambda remark: remark.number),
        warnings=[*warnings, *checked.warnings],
    )  # fmt: skip


def check_targets(data: bytes, known: Known, place: TablePlace = FOUND) -> Checked[TargetRow]:
    """`known` holds departments, items, streets, the registered targets and who has which credit code."""
    table = read_table(data, TARGETS, place)
    checked = check_rows(table, partial(read_target, known))
    column = table.heads.get("名称", "名称")
    return replace(checked, asked=alike(checked.good, checked.numbers, column, known.targets))


def check_inspectors(data: bytes, known: Known, place: TablePlace = FOUND) -> Checked[InspectorRow]:
    """`known` holds departments, items, streets, the registered targets and who has which certificate."""
    return check_rows(read_table(data, INSPECTORS, place), partial(read_inspector, known))


def check_agencies(data: bytes, known: Known, place: TablePlace = FOUND) -> Checked[AgencyRow]:
    """`known` holds the departments and who has which credit code."""
    return check_rows(read_table(data, AGENCIES, place), partial(read_agency, known))
