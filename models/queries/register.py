"""The registers and lists as rows, read a few hundred at a time: what stands in them now (Art. 4, 9, 10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from tortoise.models import Model

from models.queries import calendar, person
from models.queries import streets as listed_streets
from models.rules.registry.cells_out import cells
from models.tables import Checklist, Department, Inspector, Item, Question, Street, Target

Row = dict[str, Any]
AT_ONCE = 500
CODED: Mapping[str, type[Model]] = {
    "departments": Department, "items": Item, "streets": Street, "targets": Target, "inspectors": Inspector,
}  # fmt: skip


async def exported(kind: str) -> AsyncIterator[list[tuple[str, ...]]]:
    """Every row of a register as the cells of a file, in parts; streets and days off as they hold now."""
    zeros = kind in CODED and await CODED[kind].filter(code__startswith="0").exists()
    async for part in rows(kind):
        yield [cells(kind, row, with_zeros=zeros) for row in part]


async def rows(kind: str) -> AsyncIterator[list[Row]]:
    if kind == "calendar":
        yield await _days()
    elif kind == "checklists":
        async for part in _questions():
            yield part
    elif kind == "streets" and not await Street.exists():
        yield [
            {"code": code, "name": name, "district": ""}
            for code, name in (await listed_streets.current()).items()
        ]
    else:
        called = await person.departments() if kind == "inspectors" else {}
        async for part in _coded(CODED[kind]):
            yield [row | {"unit": called.get(row["department"], "")} for row in part] if called else part


async def _coded(table: type[Model]) -> AsyncIterator[list[Row]]:
    """By code, each part from where the last one ended."""
    last = ""
    while part := await table.filter(code__gt=last).order_by("code").limit(AT_ONCE).values():
        yield part
        last = part[-1]["code"]


async def _questions() -> AsyncIterator[list[Row]]:
    """The questions of the newest version of each checklist."""
    newest = {row.code: row for row in await Checklist.all().order_by("version")}
    for code in sorted(newest):
        found = await Question.filter(checklist_id=newest[code].id).order_by("number").values()
        yield [row | {"checklist": code, "title": newest[code].name} for row in found]


async def _days() -> list[Row]:
    held = await calendar.current()
    days = [(day, False) for day in held.off] + [(day, True) for day in held.makeup]
    return [{"day": day, "worked": worked} for day, worked in sorted(days) if day.year in held.announced]
