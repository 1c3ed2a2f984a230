"""What a file would do to a register, before anything is written (Art. 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from models.queries import person
from models.queries.known import known
from models.queries.register import CODED, Row
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.cells import Checked, Remark
from models.rules.registry.cells_out import COLUMNS, cells
from models.rules.registry.entry import READERS, check_file, own_alone, owners, shown, with_headings
from models.rules.registry.layout import Layout
from models.rules.registry.rows import InspectorStatus, TargetStatus
from models.rules.registry.table import FoundSheet, TablePlace, headings_of
from models.tables import RegisterChange, RegisterHeading, RegisterImport

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
    """A file that was brought in. `chosen`: the sheet and heading row that a person chose; `changes`: what taking it
    did, by act."""

    id: int
    kind: str
    name: str
    sha256: str
    by: str
    at: datetime
    chosen: TablePlace
    taken_at: datetime | None
    taken_back_at: datetime | None
    changes: Mapping[str, int]


async def find(id: int, by: Actor) -> RegisterImport:
    """The file; a liaison finds the own department's alone."""
    register_import = await RegisterImport.get_or_none(id=id)
    if register_import is None or (by.role != Role.OFFICE and register_import.department != by.department):
        raise Refusal("registry.no_import", "10", number=id)
    return register_import


async def brought(id: int, *, by: Actor) -> ImportedFile:
    register_import = await find(id, by)
    changes: dict[str, int] = {}
    for act in await RegisterChange.filter(import_id=id).values_list("act", flat=True):
        changes[str(act)] = changes.get(str(act), 0) + 1
    return ImportedFile(
        register_import.id,
        register_import.kind,
        register_import.name,
        register_import.sha256,
        register_import.by,
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
    """The file as it is read now, by the headings that its department is known to use."""
    result = check_file(
        row.kind, row.data, await known(CODED[row.kind]), await headings(row.department, row.kind), place(row)
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
        return _refused(row, layout, refused)
    compared = await _compared(row.kind, result)
    return Preview(
        *compared, result.bad, result.asked, result.warnings, await missing(row, result),
        tuple(warning.column for warning in result.warnings if warning.reason == "column_unused"),
        tuple(value for value in layout.known if value in result.absent), place=result.place, sheets=result.sheets,
    )  # fmt: skip


NO_TABLE = frozenset({"registry.several_sheets", "registry.no_sheet", "registry.no_heading_row"})
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
    for part in _parts(list(zip(result.numbers, result.good, strict=True))):
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
    rows = await CODED[row.kind].filter(**standing).order_by("code").values()
    return tuple(
        Listed(0, item["code"], item["name"])
        for item in rows
        if item["code"] not in listed and (not row.department or row.department in owners(row.kind, item))
    )


def _parts(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def columns(kind: str) -> tuple[str, ...]:
    """The columns that a heading may be said to mean."""
    return READERS[kind][0].known
