"""The registers and lists as rows, read a few hundred at a time: what stands in them now (Art. 4, 9, 10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from tortoise.models import Model

from models.queries import calendar, person
from models.queries import streets as listed_streets
from models.rules.actor import Actor, Role
from models.rules.registry.cells_out import cells
from models.tables import Agency, Checklist, Department, Inspector, Item, Question, Street, Target

Row = dict[str, Any]
AT_ONCE = 500
PERSONAL = ("targets", "inspectors")
CODED: Mapping[str, type[Model]] = {
    "departments": Department, "items": Item, "streets": Street, "targets": Target, "inspectors": Inspector,
    "agencies": Agency,
}  # fmt: skip


async def exported(kind: str, *, by: Actor | None = None) -> AsyncIterator[list[tuple[str, ...]]]:
    """Every row of a register as the cells of a file, in parts; streets and days off as they hold now. `by`: who
    reads; a liaison is given the own department's targets and inspectors alone, which hold what is personal."""
    zeros = kind in CODED and await CODED[kind].filter(code__startswith="0").exists()
    async for part in rows(kind, sight(kind, by)):
        yield [cells(kind, row, with_zeros=zeros) for row in part]


def sight(kind: str, by: Actor | None) -> str:
    """The department whose rows alone somebody may see of a register; "" for all of them."""
    return by.department if by and by.role == Role.LIAISON and kind in PERSONAL else ""


async def rows(kind: str, department: str = "") -> AsyncIterator[list[Row]]:
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
        async for part in _coded(CODED[kind], department):
            yield [row | {"unit": called.get(row["department"], "")} for row in part] if called else part


async def _coded(table: type[Model], department: str) -> AsyncIterator[list[Row]]:
    """By code, each part from where the last one ended."""
    last = ""
    seen = table.filter(department=department) if department and table is Inspector else table.all()
    while part := await seen.filter(code__gt=last).order_by("code").limit(AT_ONCE).values():
        yield [row for row in part if not department or owned(row, department)]
        last = part[-1]["code"]


def owned(row: Row, department: str) -> bool:
    """Whether a target or inspector is a department's own (谁监管、谁建设、谁维护)."""
    return bool(department in row["departments"] if "departments" in row else department == row["department"])


async def _questions() -> AsyncIterator[list[Row]]:
    """The questions of the newest version of each checklist."""
    newest = {row.code: row for row in await Checklist.all().order_by("version")}
    for code in sorted(newest):
        questions = await Question.filter(checklist_id=newest[code].id).order_by("number").values()
        yield [row | {"checklist": code, "title": newest[code].name} for row in questions]


async def form(code: str) -> tuple[str, int, list[Row]] | None:
    """A checklist's newest version: its name, the version, its questions; None where there is none."""
    newest = await Checklist.filter(code=code).order_by("-version").first()
    if newest is None:
        return None
    return (
        newest.name,
        newest.version,
        await Question.filter(checklist_id=newest.id).order_by("number").values(),
    )


async def _days() -> list[Row]:
    held = await calendar.current()
    days = [(day, False) for day in held.off] + [(day, True) for day in held.makeup]
    return [{"day": day, "worked": worked} for day, worked in sorted(days) if day.year in held.announced]
