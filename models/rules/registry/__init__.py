"""一单两库 on its way in: what a row must hold, and what is wrong with it (Art. 4, 7, 9, 10).

What makes somebody ineligible is no mistake in a list: expired certificates, leave, deregistered firms and
complaint clues are taken in as they are, and judged when a draw is committed (`rules/eligibility`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from models.rules.registry.alike import alike
from models.rules.registry.cells import Checked, Remark, check_rows
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
from models.rules.registry.table import read_table
from models.rules.registry.targets import LAYOUT as TARGETS
from models.rules.registry.targets import read_target

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
    return check_rows(read_table(data, DEPARTMENTS), partial(read_department, known))


def check_items(data: bytes, known: Known) -> Checked[ItemRow]:
    """`known` holds the departments."""
    return check_rows(read_table(data, ITEMS), partial(read_item, known))


def check_checklists(data: bytes, known: Known) -> Checked[ChecklistRow]:
    """`known` holds the departments and items."""
    return check_rows(read_table(data, CHECKLISTS), partial(read_question, known))


def check_targets(data: bytes, known: Known) -> Checked[TargetRow]:
    """`known` holds departments, items, streets, the registered targets and who has which credit code."""
    table = read_table(data, TARGETS)
    checked = check_rows(table, partial(read_target, known))
    column = table.heads.get("名称", "名称")
    return replace(checked, asked=alike(checked.good, checked.numbers, column, known.targets))


def check_inspectors(data: bytes, known: Known) -> Checked[InspectorRow]:
    """`known` holds departments, items, streets, the registered targets and who has which certificate."""
    return check_rows(read_table(data, INSPECTORS), partial(read_inspector, known))
