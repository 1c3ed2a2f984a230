"""A checklist as XLSForm, the field's own form: sheets survey, choices and settings (Art. 7).

Each question is a `select_one` of the verdict, named q and its number. Rows behind it hold what else it asks: its value
(`_value`), the photo that is due (`_photo`), the seal of the sample that is (`_sample`), the words that a failure needs
(`_note`). What XLSForm has no column for stands in columns of our own names, so that the file comes back unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.rules.checklist import SampleRule
from models.rules.condition import VERDICTS, Clause, read_condition
from models.rules.registry.cells_out import cells
from models.rules.registry.lists import CHECKLIST_COLUMNS
from models.rules.value import ValueKind, limits, options

OWN = tuple(
    column for column in CHECKLIST_COLUMNS if column not in ("检查表", "检查表名称", "检查要点", "允许不适用")
)
"""Columns of a checklist that XLSForm has none for."""
SURVEY = ("type", "name", "label", "hint", "required", "relevant", *OWN)
CHOICES = (
    ("list_name", "name", "label"),
    *(("verdict", name, label) for name, label in (("pass", "合格"), ("fail", "不合格"), ("na", "不适用"))),
    *(("verdict_must", name, label) for name, label in (("pass", "合格"), ("fail", "不合格"))),
)
MAY, MUST = "select_one verdict", "select_one verdict_must"
Lines = list[tuple[str, ...]]


def form_sheets(
    code: str, title: str, version: int, questions: Iterable[Mapping[str, Any]]
) -> dict[str, Lines]:
    """The three sheets by name, headings first. `questions`: rows as the tables hold them."""
    survey: Lines = [SURVEY]
    choices: Lines = list(CHOICES)
    rows = {question["number"]: question for question in questions}
    for question in rows.values():
        survey += _lines({"checklist": code, "title": title, **question}, rows)
        offered = options(ValueKind(question["answer"]), question["fill_in"])
        choices += [
            (f"q{question['number']}_options", f"o{n}", option) for n, option in enumerate(offered, 1)
        ]
    settings: Lines = [
        ("form_id", "form_title", "version", "default_language"),
        (code, title, str(version), "中文 (zh)"),
    ]
    return {"survey": survey, "choices": choices, "settings": settings}


def _lines(question: Mapping[str, Any], rows: Mapping[int, Mapping[str, Any]]) -> Lines:
    by_column = dict(zip(CHECKLIST_COLUMNS, cells("checklists", question), strict=True))
    name, may = f"q{question['number']}", bool(question["may_not_apply"])
    own = [by_column[column] for column in OWN]
    failed, there = f"${{{name}}} = 'fail'", f"${{{name}}} != 'na'" if may else ""
    asked = " and ".join(_clause(clause, rows) for clause in read_condition(question.get("condition") or ""))
    first = by_column["检查要点"], by_column["依据"], asked
    lines = [_line(MAY if may else MUST, name, *first, own=own)]
    kind = ValueKind(question["answer"])
    if kind != ValueKind.TRI:
        label = by_column["单位或补充填写"] or by_column["检查要点"]
        lines.append(
            _line(_value_type(kind, question["fill_in"], name), f"{name}_value", label, relevant=there)
        )
    if question["photo"] != "no":
        due = failed if question["photo"] == "on_fail" else there
        lines.append(_line("image", f"{name}_photo", "现场照片", relevant=due))
    if question["sample"] == SampleRule.REQUIRED:
        lines.append(_line("text", f"{name}_sample", "封样号", relevant=there))
    lines.append(_line("text", f"{name}_note", "问题描述", relevant=failed))
    return lines


def _line(
    kind: str, name: str, label: str, hint: str = "", relevant: str = "", own: Sequence[str] = ()
) -> tuple[str, ...]:
    """A row that may stay empty in the form is none here: each is required while it is relevant."""
    return (kind, name, label, hint, "yes", relevant, *(own or [""] * len(OWN)))


def _clause(clause: Clause, rows: Mapping[int, Mapping[str, Any]]) -> str:
    """One part of a condition in the form's own words."""
    about = f"q{clause.number}"
    if clause.word in VERDICTS.values():
        return f"${{{about}}} {clause.sign} '{clause.word}'"
    question = rows[clause.number]
    offered = options(ValueKind(question["answer"]), question["fill_in"])
    if clause.word in offered:
        word = f"o{offered.index(clause.word) + 1}"
        if question["answer"] == ValueKind.MANY and clause.sign == "=":
            return f"selected(${{{about}_value}}, '{word}')"
        return f"${{{about}_value}} {clause.sign} '{word}'"
    return f"${{{about}_value}} {clause.sign} {clause.word}"


def _value_type(kind: ValueKind, fill_in: str, name: str) -> str:
    """Of two numbers in one value a form knows nothing: they are typed as text, 10/9."""
    if kind in (ValueKind.ONE, ValueKind.MANY):
        return f"{'select_one' if kind == ValueKind.ONE else 'select_multiple'} {name}_options"
    if kind == ValueKind.DATE:
        return "date"
    numbers = limits(kind, fill_in).numbers
    if len(numbers) != 1:
        return "text"
    return "decimal" if numbers[0].decimals else "integer"
