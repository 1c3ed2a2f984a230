"""A file of results that stand on the provincial platform, read row by row, and where they differ from ours (Art. 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.refusal import Refusal
from models.rules import text
from models.rules.day import read_day
from models.rules.department_result import MEASURES, Measure
from models.rules.draw.files import normal
from models.rules.entry import NO_PROBLEM
from models.rules.platform import PlatformMapping, Values, differences, laid_out
from models.rules.platform_draw import BETWEEN
from models.rules.publication import receipt_number
from models.rules.registry.cells import Remark
from models.rules.registry.layout import Layout
from models.rules.registry.table import Table, read_table

TASK, TARGET, BATCH, DEPARTMENT, TYPES, MEASURED, NOTE, DAY, RECEIPT = (
    "任务编号", "检查对象", "批次", "部门", "检查结果", "后续处置措施", "结果说明", "平台登记日期", "平台回执编号",
)  # fmt: skip
LAYOUT = Layout(
    columns=(TASK, TARGET, BATCH, DEPARTMENT, TYPES, MEASURED, NOTE, DAY, RECEIPT),
    required=(TYPES, DAY, RECEIPT),
    one_of=((TASK, TARGET),),
    synonyms={
        TASK: ("任务号", "Task number"),
        TARGET: (
            "检查对象编号", "对象编号", "统一社会信用代码", "统一社会信用代码或编号", "统一社会信用代码或其他编号",
            "Credit code or other number",
        ),
        BATCH: ("批次编号", "抽查批次", "Batch"),
        DEPARTMENT: ("检查部门", "Department"),
        TYPES: ("抽查结果", "结果", "结果类型", "Result"),
        MEASURED: ("处置措施", "措施", "Measures"),
        NOTE: ("说明", "备注", "Note on the result"),
        DAY: ("登记日期", "录入日期", "日期", "Day of the receipt"),
        RECEIPT: ("回执编号", "回执号", "登记编号", "Receipt number"),
    },
)  # fmt: skip
MOST_ROWS, LONGEST_NOTE = 5000, 2000
FIELDS_BESIDE = ("number", "department", "types", "measures", "note", "receipt", "receipt_day")
"""The fields of a result of theirs, as `platform.DEPARTMENT_FIELDS` calls them."""


@dataclass(frozen=True, slots=True)
class ResultNames:
    """What a file may call a result type or a measure: name, as `bare` writes it, to code."""

    types: Mapping[str, str]
    measures: Mapping[str, str]


class ListedTask(NamedTuple):
    """A task as a file of theirs is read against it. `ended`: the day on which its visit ended."""

    number: str
    batch: str
    codes: frozenset[str]  # of the target, in normal form
    name: str
    archived: bool
    ended: date | None
    departments: Mapping[str, str]  # those that inspect: code to name


class PlatformResultRow(NamedTuple):
    """One row of theirs. `department`: its code, "" for the task as a whole; `row`: where it stands in the file."""

    row: int
    task: str
    target: str
    department: str
    types: tuple[str, ...]
    measures: tuple[str, ...]
    note: str
    day: date
    receipt: str

    @property
    def key(self) -> tuple[str, str]:
        return self.task, self.department

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, wherever its row stands."""
        return self.types, self.measures, self.note, self.day, self.receipt


@dataclass(frozen=True, slots=True)
class StandingResult:
    """A row that was taken already, out of which file."""

    content: tuple[object, ...]
    file: str


@dataclass(frozen=True, slots=True)
class KnownTasks:
    """`receipts`: number in its one form to the task that has it; `standing`: rows of theirs by task and department.

    `batch`: where the file is of one batch, that batch, else "".
    """

    tasks: tuple[ListedTask, ...]
    receipts: Mapping[str, str]
    standing: Mapping[tuple[str, str], StandingResult]
    batch: str = ""


@dataclass(frozen=True, slots=True)
class PlatformResults:
    """What a file says: rows to be taken, rows that stand already as they are, and each cell that cannot be taken."""

    new: tuple[PlatformResultRow, ...] = ()
    standing: tuple[PlatformResultRow, ...] = ()
    bad: tuple[Remark, ...] = ()

    @property
    def rows(self) -> tuple[PlatformResultRow, ...]:
        return tuple(sorted(self.new + self.standing))


def table_of(data: bytes) -> Table:
    """The file's table. Refuses a file without the columns that are needed."""
    return read_table(data, LAYOUT)


def names_in(table: Table) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The numbers of tasks, the codes of targets and the receipts that the file names, so that only these are looked up."""
    rows = [cells for number, cells, _ in table.cells() if cells and number <= MOST_ROWS]
    return (
        _written(cells[TASK] for cells in rows),
        _written(cells[TARGET] for cells in rows),
        frozenset(_receipt(cells[RECEIPT]) for cells in rows) - {""},
    )


def _written(cells: Iterable[str]) -> frozenset[str]:
    """Each as it stands there and in its normal form."""
    return frozenset(form for cell in cells for form in (cell.strip(), normal(cell))) - {""}


def read_results(table: Table, known: KnownTasks, names: ResultNames, today: date) -> PlatformResults:
    """The file's rows against what is known here, each wrong cell named."""
    reader = _ResultReader(known, names, today)
    for number, cells, raw in table.cells():
        if cells is None or number > MOST_ROWS:
            reader.bad.append(Remark(number, "", raw[0] if raw else "", "platform_width"))
        else:
            reader.row(number, cells)
    return PlatformResults(tuple(reader.new), tuple(reader.standing), tuple(reader.bad))


@dataclass
class _ResultReader:
    known: KnownTasks
    names: ResultNames
    today: date
    new: list[PlatformResultRow] = field(default_factory=list)
    standing: list[PlatformResultRow] = field(default_factory=list)
    bad: list[Remark] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)

    def row(self, number: int, cells: Mapping[str, str]) -> None:
        before = len(self.bad)
        task = self._task(number, cells)
        department = self._department(number, cells[DEPARTMENT], task) if task else ""
        types = self._types(number, cells[TYPES])
        measures = self._measures(number, cells[MEASURED])
        day = self._day(number, cells[DAY], task)
        receipt = self._receipt(number, cells[RECEIPT], task)
        note = text.visible(cells[NOTE]).strip()
        if len(note) > LONGEST_NOTE:
            self._no(number, NOTE, note[:40], "platform_result_note", limit=LONGEST_NOTE)
        if len(self.bad) > before or task is None or day is None:
            return
        self._keep(
            PlatformResultRow(number, task.number, task.name, department, types, measures, note, day, receipt)
        )

    def _keep(self, row: PlatformResultRow) -> None:
        if (first := self.seen.setdefault(row.key, row.row)) != row.row:
            self._no(row.row, TASK, row.task, "platform_result_twice", first=first)
            return
        there = self.known.standing.get(row.key)
        if there and there.content != row.content:
            self._no(row.row, TASK, row.task, "platform_result_standing", file=there.file)
        else:
            (self.standing if there else self.new).append(row)

    def _no(self, number: int, column: str, value: str, reason: str, **params: object) -> None:
        self.bad.append(Remark(number, column, value, reason, params))

    def _task(self, number: int, cells: Mapping[str, str]) -> ListedTask | None:
        """By our number, or by the target and its batch; where both are given, they must agree."""
        named, target, batch = (
            normal(cells[TASK]),
            normal(cells[TARGET]),
            cells[BATCH].strip() or self.known.batch,
        )
        column, value = (TASK, cells[TASK]) if named else (TARGET, cells[TARGET])
        if not named and not target:
            self._no(number, TASK, "", "platform_result_unnamed")
            return None
        if not named and not batch:
            self._no(number, BATCH, "", "platform_result_no_batch")
            return None
        matching = [
            task for task in self.known.tasks
            if (normal(task.number) == named if named else target in task.codes and normal(task.batch) == normal(batch))
        ]  # fmt: skip
        if len(matching) != 1:
            self._no(number, column, value, "platform_result_task")
            return None
        task = matching[0]
        if self.known.batch and task.batch != self.known.batch:
            self._no(number, column, value, "platform_result_batch", batch=self.known.batch)
            return None
        if target and target not in task.codes:
            self._no(number, TARGET, cells[TARGET], "platform_result_other", task=task.number)
        if cells[BATCH].strip() and normal(cells[BATCH]) != normal(task.batch):
            self._no(number, BATCH, cells[BATCH], "platform_result_other", task=task.number)
        if task.archived:
            self._no(number, column, value, "platform_result_archived")
        return task

    def _department(self, number: int, cell: str, task: ListedTask) -> str:
        """Its code; "" where the row is of the task as a whole."""
        asked = normal(cell)
        if not asked:
            return ""
        for code, name in task.departments.items():
            if asked in (normal(code), normal(name)):
                return code
        self._no(number, DEPARTMENT, cell, "platform_result_department")
        return ""

    def _types(self, number: int, cell: str) -> tuple[str, ...]:
        codes, unknown = listed(cell, self.names.types)
        for word in unknown:
            self._no(number, TYPES, word, "platform_result_type")
        if not codes and not unknown:
            self._no(number, TYPES, "", "platform_result_no_type")
        types = tuple(sorted(codes))
        if NO_PROBLEM in types and len(types) > 1:
            self._no(number, TYPES, cell, "platform_result_alone")
        return types

    def _measures(self, number: int, cell: str) -> tuple[str, ...]:
        given, unknown = listed(cell, self.names.measures)
        for word in unknown:
            self._no(number, MEASURED, word, "platform_result_measure")
        if Measure.NONE in given and len(given) > 1:
            self._no(number, MEASURED, cell, "platform_result_measures_alone")
        return in_order(given)

    def _day(self, number: int, cell: str, task: ListedTask | None) -> date | None:
        day = read_day(cell.strip())
        if day is None:
            self._no(number, DAY, cell, "platform_result_day")
        elif day > self.today:
            self._no(number, DAY, cell, "platform_result_to_come")
        elif task and task.ended and day < task.ended:
            self._no(number, DAY, cell, "platform_result_early", ended=task.ended)
        return day

    def _receipt(self, number: int, cell: str, task: ListedTask | None) -> str:
        """Its number in one form. One task may have several rows under one number, two tasks never."""
        receipt = _receipt(cell)
        if not receipt:
            self._no(number, RECEIPT, cell[:40], "platform_result_receipt")
        elif task:
            other = self.known.receipts.get(receipt, task.number)
            other = self.receipts.setdefault(receipt, task.number) if other == task.number else other
            if other != task.number:
                self._no(number, RECEIPT, cell, "platform_result_receipt_used", other=other)
        return receipt


def _receipt(cell: str) -> str:
    """The number in its one form; "" where there is none, or it is too long."""
    try:
        return receipt_number(cell)
    except Refusal:
        return ""


def bare(word: str) -> str:
    """A name as it is compared: without the marks that also stand between names, for some names have them."""
    return BETWEEN.sub("", normal(word))


def listed(cell: str, names: Mapping[str, str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The codes that a cell names, the longest name first, and what names none."""
    words = [word for word in BETWEEN.split(cell) if bare(word)]
    codes, unknown, at = set[str](), list[str](), 0
    while at < len(words):
        ends = range(len(words), at, -1)
        end = next((end for end in ends if bare("".join(words[at:end])) in names), None)
        if end:
            codes.add(names[bare("".join(words[at:end]))])
        else:
            unknown.append(words[at])
        at = end or at + 1
    return frozenset(codes), tuple(unknown)


def in_order(measures: Iterable[str]) -> tuple[str, ...]:
    """Measures as the record sheet lists them."""
    given = set(measures)
    return tuple(measure for measure in MEASURES if measure in given)


def apart(ours: Values, theirs: Values, mapping: PlatformMapping) -> tuple[tuple[str, str, str], ...]:
    """Heading, ours, theirs of each field that they give and that reads otherwise here."""
    given = tuple(
        column for column in mapping.columns if column.field == "number" or theirs.get(column.field)
    )
    asked = PlatformMapping(given, mapping.separator)
    changed = differences([laid_out(ours, asked)], [laid_out(theirs, asked)], asked).changed
    return tuple((heading, mine, other) for _, heading, mine, other in changed)
