"""一单两库 on its way in: what a row must hold, and what is wrong with it (Art. 4, 7, 9, 10).

What makes somebody ineligible is no mistake in a list: expired certificates, leave, deregistered firms and
complaint clues are taken in as they are, and judged when a draw is committed (`rules/eligibility`).
"""

from __future__ import annotations

from functools import partial

from models.rules.registry_cells import Checked, Remark, check_rows
from models.rules.registry_inspectors import INSPECTOR_COLUMNS, read_inspector
from models.rules.registry_known import Known
from models.rules.registry_lists import (
    CHECKLIST_COLUMNS,
    DEPARTMENT_COLUMNS,
    ITEM_COLUMNS,
    read_department,
    read_item,
    read_question,
)
from models.rules.registry_rows import ChecklistRow, DepartmentRow, InspectorRow, ItemRow, TargetRow
from models.rules.registry_table import read_table
from models.rules.registry_targets import CHANNEL_COLUMN, TARGET_COLUMNS, read_target

__all__ = [
    "Checked",
    "Known",
    "Remark",
    "check_checklists",
    "check_departments",
    "check_inspectors",
    "check_items",
    "check_targets",
]


def check_departments(data: bytes, known: Known) -> Checked[DepartmentRow]:
    return check_rows(read_table(data, DEPARTMENT_COLUMNS), partial(read_department, known))


def check_items(data: bytes, known: Known) -> Checked[ItemRow]:
    """`known` holds the departments."""
    return check_rows(read_table(data, ITEM_COLUMNS), partial(read_item, known))


def check_checklists(data: bytes, known: Known) -> Checked[ChecklistRow]:
    """`known` holds the departments and items."""
    return check_rows(read_table(data, CHECKLIST_COLUMNS), partial(read_question, known))


def check_targets(data: bytes, known: Known) -> Checked[TargetRow]:
    """`known` holds departments, items, streets and who has which credit code."""
    return check_rows(read_table(data, TARGET_COLUMNS, [CHANNEL_COLUMN]), partial(read_target, known))


def check_inspectors(data: bytes, known: Known) -> Checked[InspectorRow]:
    """`known` holds departments, items, streets and who has which certificate."""
    return check_rows(read_table(data, INSPECTOR_COLUMNS), partial(read_inspector, known))
