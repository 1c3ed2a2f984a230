"""A checklist as it is drafted: its points as cells, judged by the rules of a file, the whole of them together (Art. 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from models.rules.condition import read_condition, written
from models.rules.registry.cells import Checked, Remark, check_rows
from models.rules.registry.cells_out import cells
from models.rules.registry.conditions import COLUMN as CONDITION
from models.rules.registry.conditions import conditions_checked
from models.rules.registry.entry import by_column, shown
from models.rules.registry.known import Known
from models.rules.registry.lists import CHECKLISTS, read_question
from models.rules.registry.rows import ChecklistRow
from models.rules.registry.table import Table

Point = Mapping[str, str]
NUMBER, OWNER, BASIS, CODE, TITLE = "序号", "责任部门", "依据", "检查表", "检查表名称"
OF_THE_WHOLE = ("condition_", "twice")
"""Reasons that a change of one point can bring upon another."""
_DATED = re.compile(r"\d{4}(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日)")


def dated(basis: str) -> bool:
    """Whether a legal basis says of which day its wording is: 《…》第36条[2021-07-27]."""
    return bool(_DATED.search(basis))


def number_of(point: Point) -> int:
    return int(point[NUMBER])


def point_of(row: Mapping[str, Any]) -> dict[str, str]:
    """A question, `checklist` and `title` beside its fields, as the cells of a point."""
    return by_column("checklists", cells("checklists", row))


def check_points(code: str, title: str, points: Sequence[Point], known: Known) -> Checked[ChecklistRow]:
    """Every point, remarks numbered by it. A basis without the day of its wording is a warning."""
    rows = [
        (number_of(point), [(dict(point) | {CODE: code, TITLE: title}).get(name, "") for name in CHECKLISTS.known])
        for point in points
    ]  # fmt: skip
    table = Table(CHECKLISTS.known, rows, "", ())
    checked = conditions_checked(check_rows(table, partial(read_question, known)), table.heads)
    undated = [
        Remark(row.number, BASIS, row.basis[:80], "basis_undated") for row in checked.good if not dated(row.basis)
    ]  # fmt: skip
    return replace(checked, warnings=[*checked.warnings, *undated])


def bad_with(checked: Checked[ChecklistRow], number: int) -> list[Remark]:
    """What forbids keeping this point: its own cells, a basis without a day, and what it breaks of others."""
    own = [remark for remark in checked.bad if remark.number == number]
    own += [
        remark for remark in checked.warnings if (remark.number, remark.reason) == (number, "basis_undated")
    ]
    return own + broken(checked, number)


def broken(checked: Checked[ChecklistRow], number: int) -> list[Remark]:
    """What other points are refused for because of this one."""
    return [
        remark for remark in checked.bad if remark.number != number and remark.reason.startswith(OF_THE_WHOLE)
    ]  # fmt: skip


def inserted(points: Sequence[Point], number: int) -> list[dict[str, str]]:
    """The points with room for one at `number`: those from there on move by one, and conditions on them follow."""
    if all(number_of(point) != number for point in points):
        return [dict(point) for point in points]
    return [_moved(point, number) for point in points]


def _moved(point: Point, number: int) -> dict[str, str]:
    own = number_of(point)
    clauses = read_condition(shown(point.get(CONDITION, "")))
    moved = tuple(c._replace(number=c.number + (c.number >= number)) for c in clauses)
    return dict(point) | {NUMBER: str(own + (own >= number)), CONDITION: written(moved)}
