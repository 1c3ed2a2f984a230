"""What a file would do to a register, before anything is written (Art. 10)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from models import store
from models.queries import person
from models.queries.known import known
from models.queries.register import CODED, Row
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry import progress
from models.rules.registry.cells import Checked, Remark
from models.rules.registry.cells_out import COLUMNS, cells
from models.rules.registry.entry import READERS, check_file, own_alone, owners, shown, with_headings
from models.rules.registry.layout import Layout
from models.rules.registry.rows import InspectorStatus, TargetStatus
from models.rules.registry.table import FoundSheet, TablePlace, headings_of
from models.tables import RegisterHeading, RegisterImport

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the file: where it stands, what it is, and for a changed one column, as it is and as it would be."""

    number: int
    code: str
    name: str
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """`missing`: rows of the register that the file does not list. `unread`: headings of the file that no column is
    known by, `lacking`: columns that the file does not have; `refused`: why it cannot be read as it is. `place`: the
    sheet and heading row that were read; `sheets`: every sheet of the file."""

    new: tuple[Listed, ...] = ()
    changed: tuple[Listed, ...] = ()
    unchanged: int = 0
    bad: Sequence[Remark] = ()
    asked: Sequence[Remark] = ()
    warnings: Sequence[Remark] = ()
    missing: tuple[Listed, ...] = ()
    unread: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    refused: Refusal | None = None
    place: TablePlace | None = None
    sheets: tuple[FoundSheet, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was brought in. `department`: whose liaison brought it, "" for the office; `chosen`: the sheet and
    heading row that a person chose; `changes`: what taking it did, by act."""

    id: int
    kind: str
    name: str
    sha256: str
    by: str
    department: str
    at: datetime
    chosen: TablePlace
    taken_at: datetime | None
    taken_back_at: datetime | None
    changes: Mapping[str, int]


async def find(id: int, by: Actor) -> RegisterImport:
    """The file; a liaison finds the own department's alone."""
    return _theirs(id, await RegisterImport.get_or_none(id=id), by)


def _theirs(id: int, row: RegisterImport | None, by: Actor) -> RegisterImport:
    if row is None or (by.role != Role.OFFICE and row.department != by.department):
        raise Refusal("registry.no_import", "10", number=id)
    return row


DESCRIBED = (
    "id", "kind", "name", "sha256", "by", "department", "at", "sheet", "heading_row", "taken_at", "taken_back_at",
)  # fmt: skip
"""All but the bytes of the file, which a page that is asked for again and again does not need."""
DONE = "SELECT act, COUNT(*) AS n FROM register_change WHERE import_id = ? GROUP BY act ORDER BY act"
STATE = """SELECT (SELECT MAX(id) FROM register_change) AS changed, (SELECT MAX(id) FROM code_override) AS proposed,
(SELECT COUNT(*) FROM code_override WHERE decided_at IS NULL) AS undecided,
(SELECT COUNT(*) FROM code_override WHERE ended_at IS NULL) AS standing"""


async def stands_on(imported: ImportedFile, department: str) -> tuple[object, ...]:
    """What a preview was worked out from: where this is otherwise since, it has to be worked out anew."""
    [row] = await store.run_one(STATE)
    meant = await headings(department, imported.kind)
    state = row["changed"], row["proposed"], row["undecided"], row["standing"]
    return (*state, imported.chosen, tuple(sorted(meant.items())))


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read before its act began. `stands_on`: what it was read by."""

    checked: Checked[Any]
    stands_on: tuple[object, ...]


async def read_beforehand(id: int, *, by: Actor) -> ReadFile:
    """The rows of a file, read while nobody has to wait for it."""
    row, imported = await find(id, by), await brought(id, by=by)
    stands_on_ = await stands_on(imported, imported.department)
    return ReadFile(await checked(row), stands_on_)


async def still_stands(read: ReadFile, id: int, *, by: Actor) -> bool:
    """Whether nothing that the file was read by has changed since."""
    imported = await brought(id, by=by)
    return await stands_on(imported, imported.department) == read.stands_on


async def brought(id: int, *, by: Actor) -> ImportedFile:
    register_import = _theirs(id, await RegisterImport.filter(id=id).only(*DESCRIBED).first(), by)
    changes = {str(row["act"]): int(row["n"]) for row in await store.run_one(DONE, id)}
    return ImportedFile(
        register_import.id,
        register_import.kind,
        register_import.name,
        register_import.sha256,
        register_import.by,
        register_import.department,
        register_import.at,
        place(register_import),
        register_import.taken_at,
        register_import.taken_back_at,
        changes,
    )


async def latest(by: Actor, limit: int = 10) -> tuple[ImportedFile, ...]:
    """The files brought in last."""
    theirs = (
        RegisterImport.all() if by.role == Role.OFFICE else RegisterImport.filter(department=by.department)
    )
    ids = await theirs.order_by("-id").limit(limit).values_list("id", flat=True)
    return tuple([await brought(int(str(id)), by=by) for id in ids])


async def checked(row: RegisterImport) -> Checked[Any]:
    """The file as it is read now, by the headings that its department is known to use; read beside the event loop."""
    result = await asyncio.to_thread(
        check_file,
        row.kind,
        row.data,
        await known(CODED[row.kind]),
        await headings(row.department, row.kind),
        place(row),
    )
    return own_alone(row.kind, result, row.department) if row.department else result


def place(row: RegisterImport) -> TablePlace:
    """Where the table stands, as far as a person chose."""
    return TablePlace(row.sheet, row.heading_row)


async def headings(department: str, kind: str) -> dict[str, str]:
    """What a department's headings mean, as somebody said once."""
    rows = await RegisterHeading.filter(department=department, kind=kind)
    return {row.heading: row.column for row in rows}


async def preview(id: int, *, by: Actor) -> Preview:
    """New, changed, unchanged, refused and no longer listed; nothing is written."""
    row = await find(id, by)
    layout = with_headings(READERS[row.kind][0], await headings(row.department, row.kind))
    try:
        result = await checked(row)
    except Refusal as refused:
        return await asyncio.to_thread(_refused, row, layout, refused)
    compared = await _compared(row.kind, result)
    return Preview(
        *compared, result.bad, result.asked, result.warnings, await missing(row, result),
        tuple(warning.column for warning in result.warnings if warning.reason == "column_unused"),
        tuple(value for value in layout.known if value in result.absent), place=result.place, sheets=result.sheets,
    )  # fmt: skip


NO_TABLE = frozenset(
    {"registry.several_sheets", "registry.no_sheet", "registry.no_sheets", "registry.no_heading_row"}
)
NO_HEADINGS = frozenset({"registry.no_heads", "registry.columns_missing"})


def _refused(row: RegisterImport, layout: Layout, refused: Refusal) -> Preview:
    """Why the file cannot be read as it is, and what a person may say to it: another place, what a heading means."""
    if refused.code not in NO_TABLE | NO_HEADINGS:
        return Preview(refused=refused)
    heads, sheets = headings_of(row.data, layout, place(row))
    if refused.code in NO_TABLE:
        return Preview(refused=refused, sheets=sheets)
    known_ = {layout.column(head)[0] for head in heads}
    return Preview(
        unread=tuple(head for head in heads if layout.column(head)[0] is None),
        lacking=tuple(value for value in layout.known if value not in known_), refused=refused, sheets=sheets,
    )  # fmt: skip


async def _compared(kind: str, result: Checked[Any]) -> tuple[tuple[Listed, ...], tuple[Listed, ...], int]:
    new, changed, unchanged = [], [], 0
    called = await person.departments() if kind == "inspectors" else {}
    absent = {COLUMNS[kind].index(column) for column in result.absent if column in COLUMNS[kind]}
    progress.begin(progress.ImportStep.COMPARED, len(result.good))
    for count, part in enumerate(_parts(list(zip(result.numbers, result.good, strict=True)))):
        progress.reached(count * AT_ONCE)
        there = {
            item["code"]: item
            for item in await CODED[kind].filter(code__in=[row.code for _, row in part]).values()
        }
        for number, row in part:
            was = there.get(row.code)
            if was is None:
                new.append(Listed(number, row.code, row.name))
                continue
            differ = _differences(kind, was, row, called, absent)
            if differ or was.get("retired_at"):
                changed.append(Listed(number, row.code, row.name, differ))
            else:
                unchanged += 1
    return tuple(new), tuple(changed), unchanged


def _differences(
    kind: str, was: Row, row: Any, called: Mapping[str, str], absent: set[int]
) -> tuple[tuple[str, str, str], ...]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    before, after = (
        cells(
            kind,
            item | {"unit": called.get(item.get("department", ""), "")} if kind == "inspectors" else item,
        )
        for item in (was, was | values)
    )
    pairs = enumerate(zip(COLUMNS[kind], before, after, strict=True))
    return tuple((column, shown(a), shown(b)) for at, (column, a, b) in pairs if a != b and at not in absent)


async def missing(row: RegisterImport, result: Checked[Any]) -> tuple[Listed, ...]:
    """What stands in the register and the file neither takes nor refuses: its own department's rows for a liaison."""
    listed = {listed_row.code for listed_row in result.good} | result.named
    states: Mapping[str, dict[str, Any]] = {
        "targets": {"status__not": TargetStatus.RETIRED}, "inspectors": {"status__not": InspectorStatus.LEFT},
    }  # fmt: skip
    standing = states.get(row.kind, {"retired_at": None})
    rows, last, asked = CODED[row.kind].filter(**standing).order_by("code"), "", OWNED_BY.get(row.kind, ())
    results: list[Listed] = []
    while part := await rows.filter(code__gt=last).limit(AT_ONCE).values("code", "name", *asked):
        results += [
            Listed(0, item["code"], item["name"])
            for item in part
            if item["code"] not in listed and (not row.department or row.department in owners(row.kind, item))
        ]
        last = part[-1]["code"]
    return tuple(results)


OWNED_BY: Mapping[str, tuple[str, ...]] = {
    "targets": ("departments",), "agencies": ("departments",), "items": ("initiating",), "inspectors": ("department",),
}  # fmt: skip
"""The column by which a row is somebody's (`rules.registry.entry.owners`)."""


def _parts(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def columns(kind: str) -> tuple[str, ...]:
    """The columns that a heading may be said to mean."""
    return READERS[kind][0].known
