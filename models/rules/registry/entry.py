"""One row of a register as a person enters it in a form: the same cells and the same rules as in a file (Art. 9, 10).

Whoever supervises, builds or runs something keeps its row (谁监管、谁建设、谁维护): `owners` says whose a row is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from models.rules import cell
from models.rules.registry.agencies import AGENCIES, read_agency
from models.rules.registry.agencies import OWN as AGENCY
from models.rules.registry.alike import alike
from models.rules.registry.calendar import STREETS, read_street
from models.rules.registry.cells import Cells, Checked, Once, Remark, check_rows, first_words
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.inspectors import LAYOUT as INSPECTORS
from models.rules.registry.inspectors import OWN as INSPECTOR
from models.rules.registry.inspectors import STATUSES as POSTS
from models.rules.registry.inspectors import read_inspector
from models.rules.registry.known import Known
from models.rules.registry.layout import Layout
from models.rules.registry.lists import DEPARTMENTS, ITEMS, KEY, read_department, read_item
from models.rules.registry.table import FOUND, Table, TablePlace, read_table
from models.rules.registry.targets import KINDS, STATUSES, read_target
from models.rules.registry.targets import LAYOUT as TARGETS
from models.rules.registry.targets import OWN as TARGET

Reader = Callable[[Known, Cells, Once], Any]
READERS: Mapping[str, tuple[Layout, Reader]] = {
    "departments": (DEPARTMENTS, read_department), "items": (ITEMS, read_item), "targets": (TARGETS, read_target),
    "inspectors": (INSPECTORS, read_inspector), "streets": (STREETS, lambda _, cells, once: read_street(cells, once)),
    "agencies": (AGENCIES, read_agency),
}  # fmt: skip
CODE: Mapping[str, str] = {
    "departments": "code", "items": "事项编号", "targets": TARGET, "inspectors": INSPECTOR, "streets": "code",
    "agencies": AGENCY,
}  # fmt: skip
"""The column that a row is known by: it is given once and never changed."""


def check_entry(kind: str, values: Mapping[str, str], known: Known) -> Checked[Any]:
    """The row that these cells make, by column; or what is wrong with each of them."""
    layout, read = READERS[kind]
    row = [values.get(column, "") for column in layout.known]
    checked = check_rows(
        Table(layout.known, [(1, row)], "", (), number=1), lambda c, once: read(known, c, once)
    )
    if kind == "targets":
        checked = replace(checked, asked=alike(checked.good, checked.numbers, "名称", known.targets))
    return checked


def check_file(
    kind: str, data: bytes, known: Known, headings: Mapping[str, str], place: TablePlace = FOUND
) -> Checked[Any]:
    """Every row of a file. `headings`: what a person said that headings mean, to the columns; `place`: the sheet and
    heading row that a person chose."""
    layout, read = READERS[kind]
    table = read_table(data, with_headings(layout, headings), place)
    checked = check_rows(table, lambda cells, once: read(known, cells, once))
    if kind == "targets":
        asked = alike(checked.good, checked.numbers, table.heads.get("名称", "名称"), known.targets)
        checked = replace(checked, asked=asked)
    own = [values.get(CODE[kind], "") for _, values, _ in table.cells() if values]
    return replace(checked, named=frozenset(cell.code(value)[0] for value in own))


def with_headings(layout: Layout, headings: Mapping[str, str]) -> Layout:
    known = {
        column: (*layout.synonyms.get(column, ()), *(head for head, of in headings.items() if of == column))
        for column in layout.known
    }
    return replace(layout, synonyms=known)


def own_alone(kind: str, checked: Checked[Any], department: str) -> Checked[Any]:
    """The file as a department's liaison may bring it in: rows that are not the department's own are refused."""
    own = [
        (number, row)
        for number, row in zip(checked.numbers, checked.good, strict=True)
        if _owned(kind, row, department)
    ]
    remaining = {number for number, _ in own}
    others = [
        Remark(number, CODE[kind], row.code, "not_own")
        for number, row in zip(checked.numbers, checked.good, strict=True)
        if number not in remaining
    ]
    return replace(
        checked, good=[row for _, row in own], numbers=[number for number, _ in own],
        bad=sorted([*checked.bad, *others], key=lambda remark: remark.number),
    )  # fmt: skip


def _owned(kind: str, row: Any, department: str) -> bool:
    return department in owners(kind, {name: getattr(row, name) for name in row.__dataclass_fields__})


def owners(kind: str, row: Mapping[str, Any]) -> Collection[str]:
    """The departments whose row it is; streets are the office's."""
    if kind in ("targets", "agencies"):
        return tuple(row["departments"])
    if kind == "items":
        return tuple(filter(None, str(row["initiating"]).split(";")))
    column = {"inspectors": "department", "departments": "code"}.get(kind)
    return (str(row[column]),) if column else ()


CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("targets", "对象类别"): tuple(first_words(KINDS).values()),
    ("targets", "登记状态"): tuple(first_words(STATUSES).values()),
    ("targets", "信用风险等级"): ("", *"ABCD"),
    ("inspectors", "人员状态"): tuple(first_words(POSTS).values()),
    ("inspectors", "性别"): ("", "男", "女"),
    ("items", "事项类别"): tuple(first_words(KEY).values()),
    **{
        (kind, column): ("是", "否")
        for kind, columns in {
            "targets": ("重点监管标记", "投诉举报或立案标记"), "inspectors": ("可任组长", "是否专家(仅协助)"),
        }.items()
        for column in columns
    },
}  # fmt: skip
"""Columns that take one of a few words."""
DERIVED = ("部门", "辖区街道")
"""Columns that follow from the code beside them: a form does not ask for them."""


def seen(cells: Collection[str]) -> str:
    """What somebody saw of a row, in a word: a form says by it what it was filled in from."""
    return hashlib.sha256(json.dumps(list(cells), ensure_ascii=False).encode()).hexdigest()[:32]


def by_column(kind: str, cells: Collection[str]) -> dict[str, str]:
    return dict(zip(COLUMNS[kind], cells, strict=True))


def shown(written: str) -> str:
    """A cell without the mark of text that only a file needs."""
    return written.removeprefix("'")


def merged(cells: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """`cells` with what a form gives in their place; a cell given back as it was shown keeps its mark."""
    return dict(cells) | {
        column: cells[column] if shown(cells.get(column, "")) == value and column in cells else value
        for column, value in values.items()
    }
