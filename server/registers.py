"""Which registers and lists come in from files, by whose act, and what an empty one looks like (Art. 9, 10, 16 (3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from models.procedure import calendar, registry
from models.procedure.registry import ImportReport
from models.rules.registry.calendar import CALENDAR, STREETS
from models.rules.registry.inspectors import LAYOUT as INSPECTORS
from models.rules.registry.layout import Layout
from models.rules.registry.lists import CHECKLISTS, DEPARTMENTS, ITEMS
from models.rules.registry.targets import LAYOUT as TARGETS
from server.documents.table_file import table_file, workbook


@dataclass(frozen=True)
class Register:
    """`sourced`: the act takes `source` and `dated`. `confirms`: it asks about rows that read alike."""

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
    "calendar": Register(calendar.import_calendar, CALENDAR, sourced=True),
}


def template(kind: str, form: str) -> bytes:
    """An empty list with its headings, as a workbook with cells of text or as CSV."""
    head = REGISTERS[kind].layout.known
    return workbook(head, ()) if form == "xlsx" else table_file(head, ())
