"""A registry file as people send it: the table in it, with its heading found and its columns named (Art. 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.refusal import Refusal
from models.rules.registry.file import ARTICLE, Sheet, sheets
from models.rules.registry.layout import Layout

LEADING_ROWS = 30
LEAST_HEADS = 2


@dataclass(frozen=True)
class Table:
    """`header`: columns by their own names ("" where unused); `heads`: as written in the file.

    `rows`: (number, cells), numbered as a spreadsheet shows them: the file's first row is 1.
    `absent`: columns of the layout that the file does not have.
    """

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    encoding: str
    unused: tuple[str, ...]
    heads: dict[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    number: int = 1

    def cells(self) -> Iterator[tuple[int, dict[str, str] | None, list[str]]]:
        """Number, cells by column (None when there are not as many as the header has), raw cells."""
        width = len(self.header)
        blank = dict.fromkeys(self.absent, "")
        for number, row in self.rows:
            fits = len(row) == width or not any(cell.strip() for cell in row[width:])
            whole = fits and len(row) >= width
            yield number, blank | dict(zip(self.header, row, strict=False)) if whole else None, row


def read_table(data: bytes, layout: Layout) -> Table:
    """Find the table in a CSV file or workbook: the sheet, separator and row whose headings fit best.

    Rows above the header (a title over merged cells) are passed over. Refuses: nothing in it, another kind
    of file, no known encoding, no known heading, columns missing or named twice: each by name and row.
    """
    sheet, at = _best(sheets(data, lambda heads: _known(heads, layout)), layout)
    header, heads, unused = _named(sheet, at, layout)
    _check(sheet, at, header, layout)
    filled = [(number, row) for number, row in sheet.rows[at + 1 :] if "".join(row).strip()]
    unused += _unnamed(sheet.rows[at][1], filled)
    absent = frozenset(layout.known) - frozenset(header)
    return Table(header, filled, sheet.encoding, unused, heads, absent, sheet.rows[at][0])


def headings_of(data: bytes, layout: Layout) -> tuple[str, ...]:
    """The headings of a file, known or not: of the row that names the most columns, else of the first one filled."""
    found = sheets(data, lambda heads: _known(heads, layout))
    sheet, at, score = max(((one, *_heading(one, layout)) for one in found), key=lambda one: one[2])
    rows = [row for _, row in sheet.rows]
    heads = rows[at] if score and rows else next((row for row in rows if any(row)), [])
    return tuple(dict.fromkeys(" ".join(head.split()) for head in heads if head.strip()))


def _known(heads: Sequence[str], layout: Layout) -> int:
    """How many columns these cells name."""
    return len({layout.column(head)[0] for head in heads if head} - {None})


def _best(found: Sequence[Sheet], layout: Layout) -> tuple[Sheet, int]:
    scored = [(sheet, *_heading(sheet, layout)) for sheet in found]
    least = min(LEAST_HEADS, len(layout.required))
    fitting = [(sheet, at) for sheet, at, score in scored if score >= least]
    if not fitting:
        seen = next((row for sheet in found for _, row in sheet.rows if any(row)), [])
        shown = [cell for cell in seen if cell][:6]
        raise Refusal("registry.no_heads", ARTICLE, found=shown, columns=list(layout.required))
    if len(fitting) > 1:
        raise Refusal("registry.several_sheets", ARTICLE, sheets=[sheet.name for sheet, _ in fitting])
    return fitting[0]


def _heading(sheet: Sheet, layout: Layout) -> tuple[int, int]:
    """The row that names the most columns, and how many."""
    scores = [_known(row, layout) for _, row in sheet.rows[:LEADING_ROWS]] or [0]
    at = max(range(len(scores)), key=scores.__getitem__)
    return at, scores[at]


def _named(sheet: Sheet, at: int, layout: Layout) -> tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]:
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


def _check(sheet: Sheet, at: int, header: tuple[str, ...], layout: Layout) -> None:
    row = sheet.rows[at][0]
    if twice := sorted({column for column in header if column and header.count(column) > 1}):
        raise Refusal("registry.columns_twice", ARTICLE, row=row, columns=twice)
    missing = [column for column in layout.required if column not in header]
    missing += ["/".join(group) for group in layout.one_of if not set(group) & set(header)]
    if missing:
        blank = [index for index, head in enumerate(sheet.rows[at][1], start=1) if not head.strip()]
        lacking = [column for column in layout.columns if column not in header]
        if len(lacking) <= len(blank):  # the headings that stood over merged cells
            missing = lacking
        raise Refusal("registry.columns_missing", ARTICLE, row=row, columns=missing, blank=blank)
