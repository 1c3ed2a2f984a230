"""A registry file as people send it: the table in it, with its heading found and its columns named (Art. 10)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.refusal import Refusal
from models.rules import text
from models.rules.registry.file import ARTICLE, RegisterSheet, sheets
from models.rules.registry.layout import Layout

LEADING_ROWS = 30
LEAST_HEADS = 2
SHOWN_HEADS = 6
_FOOT = re.compile(
    r"(合计|总计|小计|共计|累计)([::]|共?\d+[条户家行个人]?$|$)|(填?制表|填表|填报|制单|经办|审核|复核|审批|签发|负责|联系|统计|打印|导出|报送)"
    r"(人员?|单位|部门|机构|日期|时间)?(\((签[字章名]|盖章)\))?[::]|(注|备注|说明|附注|填表说明|数据来源|数据截至|单位)(\(盖章\))?[::]"
    r"|第\d+页|共\d+[页条户家行][,。.;]?$|\(?(盖章|公章)\)?$"
)


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table stands in its file: the sheet's name ("": the one that fits) and the number of the row with the
    headings, as a spreadsheet counts (0: the row that names the most columns)."""

    sheet: str = ""
    row: int = 0


FOUND = TablePlace()
"""Nobody chose: the sheet and the row that fit best are taken."""


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet of a file. `row`: where its headings seem to stand; `columns`: how many of them are known; `heads`: the
    first of them as written; `fits`: enough of them for this kind of list."""

    name: str
    row: int
    columns: int
    heads: tuple[str, ...]
    fits: bool


@dataclass(frozen=True)
class Table:
    """`header`: columns by their own names ("" where unused); `heads`: as written in the file.

    `rows`: (number, cells), numbered as a spreadsheet shows them: the file's first row is 1.
    `absent`: columns of the layout that the file does not have. `foot`: number and words of each line below the list.
    `number`, `sheet`: where the headings stand; `sheets`: every sheet of the file.
    """

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    encoding: str
    unused: tuple[str, ...]
    heads: dict[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    number: int = 1
    foot: tuple[tuple[int, str], ...] = ()
    sheet: str = ""
    sheets: tuple[FoundSheet, ...] = ()

    @property
    def place(self) -> TablePlace:
        """The sheet and the row of the headings that were read."""
        return TablePlace(self.sheet, self.number)

    def cells(self) -> Iterator[tuple[int, dict[str, str] | None, list[str]]]:
        """Number, cells by column (None when there are not as many as the header has), raw cells."""
        width = len(self.header)
        blank = dict.fromkeys(self.absent, "")
        for number, row in self.rows:
            fits = len(row) == width or not any(cell.strip() for cell in row[width:])
            whole = fits and len(row) >= width
            yield number, blank | dict(zip(self.header, row, strict=False)) if whole else None, row


def read_table(data: bytes, layout: Layout, place: TablePlace = FOUND) -> Table:
    """Find the table in a CSV file or workbook: the sheet, separator and row whose headings fit best, or the `place`
    that a person chose.

    Rows above the header (a title over merged cells) are passed over, and at the end those that are no row of the
    list (合计, 制表人：…), which the table names. Refuses: nothing in it, another kind
    of file, no known encoding, no known heading, columns missing or named twice: each by name and row; several sheets
    that fit while nobody chose, and a sheet or row that the file does not have.
    """
    tables = sheets(data, lambda heads: _known(heads, layout))
    sheet, at = _best(tables, layout, place)
    header, heads, unused = _named(sheet, at, layout)
    _check(sheet, at, header, layout)
    filled = [(number, row) for number, row in sheet.rows[at + 1 :] if "".join(row).strip()]
    foot = _foot(filled)
    filled = filled[: len(filled) - len(foot)]
    unused += _unnamed(sheet.rows[at][1], filled)
    absent = frozenset(layout.known) - frozenset(header)
    return Table(
        header, filled, sheet.encoding, unused, heads, absent, sheet.rows[at][0], foot, sheet.name,
        _found(tables, layout),
    )  # fmt: skip


def _foot(rows: Sequence[tuple[int, list[str]]]) -> tuple[tuple[int, str], ...]:
    """The lines that close a list: each begins with such words, and nothing but such lines follows."""
    foot: list[tuple[int, str]] = []
    for number, row in reversed(rows):
        words = [cell.strip() for cell in row if cell.strip()]
        if not _FOOT.match(text.likeness(words[0])):
            break
        foot.append((number, " ".join(words)))
    return tuple(reversed(foot))


def headings_of(
    data: bytes, layout: Layout, place: TablePlace = FOUND
) -> tuple[tuple[str, ...], tuple[FoundSheet, ...]]:
    """The headings of a file, known or not, and its sheets: of the row that was chosen or names the most columns, else
    of the first one filled."""
    tables = sheets(data, lambda heads: _known(heads, layout))
    chosen = [table for table in tables if not place.sheet or table.name == place.sheet] or tables
    sheet, at, score = max(((table, *_heading(table, layout)) for table in chosen), key=lambda row: row[2])
    rows = [row for _, row in sheet.rows]
    if 0 < place.row <= len(rows):
        heads = rows[place.row - 1]
    else:
        heads = rows[at] if score and rows else next((row for row in rows if any(row)), [])
    return tuple(dict.fromkeys(" ".join(head.split()) for head in heads if head.strip())), _found(
        tables, layout
    )


def _found(tables: Sequence[RegisterSheet], layout: Layout) -> tuple[FoundSheet, ...]:
    least, results = min(LEAST_HEADS, len(layout.required)), []
    for sheet in tables:
        at, score = _heading(sheet, layout)
        number, cells = sheet.rows[at] if sheet.rows else (0, [])
        heads = [" ".join(cell.split()) for cell in cells if cell.strip()][:SHOWN_HEADS]
        results.append(FoundSheet(sheet.name, number, score, tuple(heads), score >= least))
    return tuple(results)


def _known(heads: Sequence[str], layout: Layout) -> int:
    """How many columns these cells name."""
    return len({layout.column(head)[0] for head in heads if head} - {None})


def _best(tables: Sequence[RegisterSheet], layout: Layout, place: TablePlace) -> tuple[RegisterSheet, int]:
    chosen = [sheet for sheet in tables if not place.sheet or sheet.name == place.sheet]
    if not chosen:
        names = [sheet.name for sheet in tables if sheet.name]
        if not names:
            raise Refusal("registry.no_sheets", ARTICLE, sheet=place.sheet)
        raise Refusal("registry.no_sheet", ARTICLE, sheet=place.sheet, sheets=names)
    scored = [row for sheet in chosen if (row := _scored(sheet, layout, place.row))]
    if not scored:
        last = max(number for sheet in chosen for number, _ in sheet.rows[-1:] or [(0, [])])
        raise Refusal("registry.no_heading_row", ARTICLE, row=place.row, last=last)
    least = min(LEAST_HEADS, len(layout.required))
    fitting = [(sheet, at) for sheet, at, score in scored if score >= least]
    if not fitting:
        seen = next(
            (
                row
                for sheet in chosen
                for _, row in sheet.rows[place.row - 1 if place.row else 0 :]
                if any(row)
            ),
            [],
        )
        shown = [cell for cell in seen if cell][:SHOWN_HEADS]
        raise Refusal("registry.no_heads", ARTICLE, found=shown, columns=list(layout.required))
    if len(fitting) > 1:
        raise Refusal("registry.several_sheets", ARTICLE, sheets=[sheet.name for sheet, _ in fitting])
    return fitting[0]


def _scored(sheet: RegisterSheet, layout: Layout, row: int) -> tuple[RegisterSheet, int, int] | None:
    """The sheet with the index of its heading and how many columns that names; None where it lacks the chosen row."""
    if not row:
        return (sheet, *_heading(sheet, layout))
    at = next((index for index, (number, _) in enumerate(sheet.rows) if number == row), None)
    return None if at is None else (sheet, at, _known(sheet.rows[at][1], layout))


def _heading(sheet: RegisterSheet, layout: Layout) -> tuple[int, int]:
    """The row that names the most columns, and how many."""
    scores = [_known(row, layout) for _, row in sheet.rows[:LEADING_ROWS]] or [0]
    at = max(range(len(scores)), key=scores.__getitem__)
    return at, scores[at]


def _named(
    sheet: RegisterSheet, at: int, layout: Layout
) -> tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]:
    """Columns by their own names. A heading of the column's own name goes before one of its other names."""
    read = [(head.strip(), *layout.column(head)) for head in sheet.rows[at][1]]
    own = Counter(column for _, column, exact in read if exact)
    header, unused = [], []
    for head, column, exact in read:
        taken = column and (exact or not own[column])
        header.append(column if column and taken else "")
        if head and not taken:
            unused.append(" ".join(head.split()))
    heads = {
        column: " ".join(head.split()) for column, (head, _, _) in zip(header, read, strict=True) if column
    }
    return tuple(header), heads, tuple(unused)


def _unnamed(heads: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> tuple[str, ...]:
    """Columns with something in them and no heading, by the letters that a spreadsheet gives them."""
    blank = [index for index, head in enumerate(heads) if not head.strip()]
    return tuple(
        letters(index) for index in blank if any(index < len(row) and row[index].strip() for _, row in rows)
    )


def letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    first, last = divmod(index, 26)
    return (letters(first - 1) if first else "") + chr(ord("A") + last)


def _check(sheet: RegisterSheet, at: int, header: tuple[str, ...], layout: Layout) -> None:
    row = sheet.rows[at][0]
    named = zip(header, sheet.rows[at][1], strict=False)
    if twice := [head.strip() for column, head in named if column and header.count(column) > 1]:
        raise Refusal("registry.columns_twice", ARTICLE, row=row, columns=list(dict.fromkeys(twice)))
    missing = [column for column in layout.required if column not in header]
    missing += ["/".join(group) for group in layout.one_of if not set(group) & set(header)]
    if missing:
        blank = [index for index, head in enumerate(sheet.rows[at][1], start=1) if not head.strip()]
        lacking = [column for column in layout.columns if column not in header]
        if len(lacking) <= len(blank):  # the headings that stood over merged cells
            missing = lacking
        raise Refusal("registry.columns_missing", ARTICLE, row=row, columns=missing, blank=blank)
