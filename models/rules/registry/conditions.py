"""Conditions of a checklist held against the questions that they name (Art. 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.rules.condition import VERDICTS, Clause, read_condition
from models.rules.registry.cells import Checked, Remark
from models.rules.registry.rows import ChecklistRow
from models.rules.value import ValueKind, options

COLUMN = "出现条件"


def conditions_checked(checked: Checked[ChecklistRow], heads: Mapping[str, str]) -> Checked[ChecklistRow]:
    """Refuse a condition on a point that is not there, that another department answers, or that cannot be answered so."""
    there = {(row.checklist, row.number): row for row in checked.good}
    bad, good, numbers = [], [], []
    for row, number in zip(checked.good, checked.numbers, strict=True):
        if reason := _reason(row, there):
            bad.append(Remark(number, heads.get(COLUMN, COLUMN), row.condition[:80], reason))
        else:
            good.append(row)
            numbers.append(number)
    if not bad:
        return checked
    return replace(
        checked,
        good=good,
        numbers=numbers,
        bad=sorted([*checked.bad, *bad], key=lambda remark: remark.number),
    )


def _reason(row: ChecklistRow, there: Mapping[tuple[str, int], ChecklistRow]) -> str:
    for clause in read_condition(row.condition):
        about = there.get((row.checklist, clause.number))
        if about is None:
            return "condition_unknown"
        if about.department != row.department:
            return "condition_department"
        if not _answerable(clause, about):
            return "condition_never"
    return ""


def _answerable(clause: Clause, about: ChecklistRow) -> bool:
    """Whether such an answer can ever be given to that point."""
    kind = ValueKind(about.answer)
    if clause.word in VERDICTS.values():
        return clause.word != "na" or about.may_not_apply
    if offered := options(kind, about.fill_in):
        return clause.word in offered
    if clause.sign in ("=", "!="):
        return kind != ValueKind.TRI
    return kind == ValueKind.NUM
