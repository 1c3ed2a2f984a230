"""A checklist that comes as XLSForm: what of the form is taken, and each row that is not, named (Art. 7).

Taken: `select_one` of pass, fail and na; `integer`, `decimal`, `date` and `text` as the value of a question (or as a
question of their own), `select_one` and `select_multiple` of other choices as its value; `relevant` that names questions
before it; `image` behind a question, always or where it failed; `text` or `barcode` behind it for the seal of its sample;
`note`; groups, which say the department.
Everything else is refused by its row: it would ask something that no rule here judges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.refusal import Refusal
from models.rules import cell
from models.rules.registry.cells import Remark
from models.rules.registry.file import ARTICLE, RegisterSheet
from models.rules.registry.lists import ANSWERS, CHECKLIST_COLUMNS
from models.rules.registry.table import Table

VERDICTS = {"pass": "pass", "fail": "fail", "na": "na", "合格": "pass", "不合格": "fail", "不适用": "na"}
VALUES = {"integer": "NUM", "int": "NUM", "decimal": "NUM", "date": "DATE", "text": "TEXT", "string": "TEXT"}
SELECTS = {"select_one": "ONE", "select_multiple": "MANY"}
NOT_TAKEN = (
    "constraint", "calculation", "choice_filter", "repeat_count", "default", "trigger", "bind::constraint",
    "bind::relevant", "bind::calculate",
)  # fmt: skip
"""Columns that would change what is asked or answered; the others, of looks and hints, change nothing here."""
PARTS = ("_value", "_photo", "_note", "_sample")
_TAIL = re.compile("(?:" + "|".join(PARTS) + ")$")
_FAILED = re.compile(r"\$\{([^{}]+)\}\s*=\s*(['\"])fail\2")
_APPLIES = re.compile(r"\$\{([^{}]+)\}\s*!=\s*(['\"])na\2")
CONDITION = "出现条件"
_NAMED = r"\$\{(?P<name>[^{}]+)\}"
_CLAUSE = re.compile(_NAMED + r"\s*(?P<sign>!=|>=|<=|=|>|<)\s*['\"]?(?P<word>[^'\"]*)['\"]?")
_SELECTED = re.compile(r"selected\(\s*" + _NAMED + r"\s*,\s*['\"](?P<word>[^'\"]+)['\"]\s*\)")
HEADS = {"检查表": "form_id", "检查表名称": "form_title", "检查要点": "label", "依据": "hint"}
"""Where a form holds what a checklist's columns say."""
Cells = Mapping[str, str]


@dataclass
class _Question:
    row: int
    cells: dict[str, str]
    image: bool = False
    options: str = ""  # the list of choices that its value is one of


@dataclass
class _Form:
    """`groups`: the departments of the groups that are open; `lists`: the verdicts of each list of choices."""

    code: str
    title: str
    lists: Mapping[str, frozenset[str]]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # list, name of a choice, label
    questions: dict[str, _Question] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    bad: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    out: set[str] = field(default_factory=set)  # questions that a refused row belongs to

    def refuse(self, row: int, column: str, value: str, reason: str, name: str = "") -> None:
        self.bad.append(Remark(row, column, value[:80], reason))
        self.out.add(name)


def is_form(sheets: Sequence[RegisterSheet]) -> bool:
    """Whether a workbook is an XLSForm: it has a sheet `survey` with the headings `type` and `name`."""
    survey = _sheet(sheets, "survey")
    return bool(survey and survey.rows and {"type", "name"} <= {_head(value) for value in survey.rows[0][1]})


def read_form(sheets: Sequence[RegisterSheet]) -> tuple[Table, list[Remark], list[Remark]]:
    """The form's questions as a table of a checklist, the rows that are refused, and hints."""
    settings = next((cells for _, cells in _rows(_sheet(sheets, "settings"))), {})
    code = cell.plain(settings.get("form_id", "") or settings.get("id_string", ""))
    title = cell.plain(settings.get("form_title", "") or settings.get("title", ""))
    if not code or not title:
        raise Refusal("registry.form_settings", ARTICLE)
    lists: dict[str, set[str]] = {}
    options: dict[str, dict[str, str]] = {}
    for _, cells in _rows(_sheet(sheets, "choices")):
        listed = cells.get("list_name", "") or cells.get("list name", "")
        lists.setdefault(listed, set()).add(_verdict(cells))
        options.setdefault(listed, {})[cells.get("name", "")] = cells.get("label", "") or cells.get(
            "name", ""
        )
    form = _Form(code, title, {name: frozenset(names) for name, names in lists.items()}, options)
    for row, cells in _rows(_sheet(sheets, "survey")):
        _read(form, row, cells)
    rows = [
        (question.row, [question.cells.get(column, "") for column in CHECKLIST_COLUMNS])
        for name, question in form.questions.items()
        if name not in form.out
    ]
    if not rows and not form.bad:
        raise Refusal("registry.empty", ARTICLE)
    return (
        Table(CHECKLIST_COLUMNS, rows, "workbook", (), HEADS),
        form.bad,
        form.warnings,
    )


def _sheet(sheets: Sequence[RegisterSheet], name: str) -> RegisterSheet | None:
    return next((sheet for sheet in sheets if sheet.name.strip().lower() == name), None)


def _head(written: str) -> str:
    """A heading; of several languages the first one's label and hint are read."""
    return " ".join(written.split()).lower() if written.isascii() else written.strip()


def _rows(sheet: RegisterSheet | None) -> list[tuple[int, dict[str, str]]]:
    if sheet is None or not sheet.rows:
        return []
    heads = [_head(head) for head in sheet.rows[0][1]]
    rows = []
    for number, values in sheet.rows[1:]:
        cells = {
            head: value.strip() for head, value in zip(heads, values, strict=False) if head and value.strip()
        }
        for name in ("label", "hint"):
            spoken = [value for head, value in cells.items() if head.split("::")[0].strip() == name]
            if spoken:
                cells.setdefault(name, spoken[0])
        if cells:
            rows.append((number, cells))
    return rows


def _verdict(cells: Cells) -> str:
    return VERDICTS.get(cells.get("name", ""), "") or VERDICTS.get(cells.get("label", ""), "")


def _read(form: _Form, row: int, cells: Cells) -> None:
    kind, name = " ".join(cells.get("type", "").split()), cells.get("name", "")
    first, _, rest = kind.partition(" ")
    of = _TAIL.sub("", name)
    wrong = next((column for column in NOT_TAKEN if cells.get(column)), "")
    if first in ("begin_group", "end_group") or kind in ("begin group", "end group"):
        _group(form, row, kind.startswith("begin"), cells)
    elif wrong:
        form.refuse(row, wrong, cells[wrong], "form_column", of)
    elif first == "note":
        form.warnings.append(Remark(row, "type", kind, "form_note"))
    elif of != name and of in form.questions:
        _part(form, row, kind, cells, form.questions[of], of)
    elif cells.get("relevant") and (condition := _condition(form, cells)) is None:
        form.refuse(row, "relevant", cells["relevant"], "form_column", name)
    elif cells.get("relevant"):
        _read(form, row, {**cells, "relevant": "", CONDITION: condition or ""})
    elif first == "select_one":
        verdicts = form.lists.get(rest, frozenset())
        if not {"pass", "fail"} <= verdicts <= {"pass", "fail", "na"}:
            form.refuse(row, "type", kind, "form_choices", name)
            return
        _add(form, row, cells, "TRI", may_not_apply="na" in verdicts)
    elif kind in VALUES:
        _add(form, row, cells, VALUES[kind], may_not_apply=True)
    else:
        form.refuse(row, "type", kind, "form_type", name)


def _condition(form: _Form, cells: Cells) -> str | None:
    """The condition of a question: our own column, or what `relevant` says of questions before it; None where it says
    something else."""
    if own := cells.get(CONDITION, ""):
        return own
    parts = []
    for part in re.split(r"\s+and\s+", cells["relevant"].strip()):
        match = _CLAUSE.fullmatch(part) or _SELECTED.fullmatch(part)
        question = form.questions.get(_TAIL.sub("", match["name"].strip())) if match else None
        if match is None or question is None:
            return None
        options = form.options.get(question.options, {})
        word = options.get(match["word"], "") if match["name"].endswith("_value") else match["word"]
        shown = {"pass": "合格", "fail": "不合格", "na": "不适用"}.get(word, word) or match["word"]
        parts.append(f"{question.cells['序号']}{match.groupdict().get('sign') or '='}{shown}")
    return "；".join(parts)


def _group(form: _Form, row: int, begins: bool, cells: Cells) -> None:
    if cells.get("relevant"):
        form.refuse(row, "relevant", cells["relevant"], "form_column")
    if begins:
        form.groups.append(cells.get("责任部门", "") or cells.get("label", "") or cells.get("name", ""))
    elif form.groups:
        form.groups.pop()


def _add(form: _Form, row: int, cells: Cells, answer: str, *, may_not_apply: bool) -> None:
    """A question. A value that is asked alone has its verdict too: no answer here is without one."""
    name = cells.get("name", "")
    if not name or name in form.questions:
        form.refuse(row, "name", name, "form_name", name)
        return
    own = (column for column in CHECKLIST_COLUMNS if column in cells and column != "允许不适用")
    ours = {column: cells[column] for column in own}
    defaults = {
        "检查表": form.code, "检查表名称": form.title, "序号": str(len(form.questions) + 1), "检查要点": cells.get("label", ""),
        "依据": cells.get("hint", ""), "答案类型": answer, "允许不适用": "是" if may_not_apply else "否", "拍照要求": "no",
        "网络检查先行": "no", "要点级别": "一般", "责任部门": next(iter(form.groups[::-1]), ""),
    }  # fmt: skip
    if answer != "TRI":
        defaults["单位或补充填写"] = cells.get("label", "")[:200]
    form.questions[name] = _Question(row, defaults | ours)


def _part(form: _Form, row: int, kind: str, cells: Cells, question: _Question, of: str) -> None:
    """What a question asks besides its verdict."""
    name, relevant = cells.get("name", ""), cells.get("relevant", "")
    failed, applies = _FAILED.fullmatch(relevant), _APPLIES.fullmatch(relevant)
    about = failed or applies
    if relevant and (not about or about[1].strip() != of):
        form.refuse(row, "relevant", relevant, "form_column", of)
    elif name.endswith("_value") and not failed and kind.split(" ", maxsplit=1)[0] in SELECTS:
        question.options = kind.partition(" ")[2]
        labels = "/".join(form.options.get(question.options, {}).values())
        fill_in = question.cells.get("单位或补充填写") or labels[:200]
        question.cells |= {"答案类型": SELECTS[kind.split(" ", maxsplit=1)[0]], "单位或补充填写": fill_in}
    elif name.endswith("_value") and kind in VALUES and not failed:
        fill_in = question.cells.get("单位或补充填写") or cells.get("label", "")[:200]
        if ANSWERS.get(question.cells["答案类型"], "TRI") != "TRI":
            return
        two = kind in ("text", "string") and len(re.split("[/,，]", fill_in)) > 1
        question.cells |= {"答案类型": "NUM" if two else VALUES[kind], "单位或补充填写": fill_in}
    elif name.endswith("_photo") and kind in ("image", "photo"):
        question.cells["拍照要求"] = "on_fail" if failed else "always"
    elif name.endswith("_sample") and kind in ("text", "string", "barcode") and not failed:
        question.cells["抽样要求"] = "required"
    elif not (name.endswith("_note") and kind in ("text", "string")):
        form.refuse(row, "type", kind, "form_type", of)
