"""Which registers and lists come in from files and leave as such, by whose act, and what an empty one looks like
(Art. 9, 10, 16 (3))."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.procedure import calendar, registry
from models.procedure.registry import ImportReport
from models.queries import register
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.registry.agencies import AGENCIES
from models.rules.registry.calendar import CALENDAR, STREETS
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.inspectors import LAYOUT as INSPECTORS
from models.rules.registry.layout import Layout
from models.rules.registry.lists import CHECKLISTS, DEPARTMENTS, ITEMS
from models.rules.registry.targets import LAYOUT as TARGETS
from models.rules.registry.xlsform_out import form_sheets
from server.documents.table_file import (
    GrowingCsv,
    GrowingTable,
    GrowingWorkbook,
    table_file,
    workbook,
    workbook_of,
)


@dataclass(frozen=True)
class Register:
    """`sourced`: the act takes `source` and `dated`. `confirms`: it asks what only a person can tell."""

    take: Callable[..., Awaitable[ImportReport]]
    layout: Layout
    sourced: bool = False
    confirms: bool = False


# In the order in which they refer to each other.
REGISTERS: Mapping[str, Register] = {
    "departments": Register(registry.import_departments, DEPARTMENTS),
    "items": Register(registry.import_items, ITEMS),
    "checklists": Register(registry.import_checklists, CHECKLISTS),
    "streets": Register(registry.import_streets, STREETS, sourced=True),
    "targets": Register(registry.import_targets, TARGETS, confirms=True),
    "inspectors": Register(registry.import_inspectors, INSPECTORS),
    "agencies": Register(registry.import_agencies, AGENCIES),
    "calendar": Register(calendar.import_calendar, CALENDAR, sourced=True, confirms=True),
}


def template(kind: str, form: str) -> bytes:
    """An empty list with its headings, as a workbook with cells of text or as CSV."""
    head = REGISTERS[kind].layout.known
    return workbook(head, ()) if form == "xlsx" else table_file(head, ())


async def xlsform(code: str) -> bytes:
    """A checklist as XLSForm. Refuses one that is not there."""
    checklist = await register.form(code)
    if checklist is None:
        raise Refusal("registry.no_row", "7", number=code)
    title, version, questions = checklist
    return workbook_of(form_sheets(code, title, version, questions))


FORMS: Mapping[str, Callable[[Path, Sequence[str]], GrowingTable]] = {
    "csv": GrowingCsv,
    "xlsx": GrowingWorkbook,
}


async def export(kind: str, form: str, path: Path, *, by: Actor | None = None) -> int:
    """Write a register to a file, part by part, as it comes back unchanged. How many rows it has. `by`: who reads."""
    rows = 0
    with FORMS[form](path, COLUMNS[kind]) as file:
        async for part in register.exported(kind, by=by):
            await asyncio.to_thread(file.add, part)
            rows += len(part)
    return rows
