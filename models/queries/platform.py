"""省级平台: of each reviewed result what has to be entered there (Art. 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.queries import department_result, public
from models.queries.department_result import DepartmentPart
from models.queries.plans import names
from models.rules import text
from models.rules.platform import Values
from models.rules.public.result import answered_on_site, settled_online
from models.rules.target_number import number_of
from models.rules.visit import local_day
from models.states import PUBLIC, REVIEWED
from models.tables import Assignment, Item, PlatformReceipt, Result, Task

PLANNED = ("batch__scheme__entry__plan",)


async def to_enter(*, every: bool = False) -> tuple[Values, ...]:
    """Reviewed results that have no receipt yet, or `every` one, by number."""
    rows = Task.filter(state__in=[*REVIEWED, *PUBLIC]).select_related("target").order_by("number")
    return await _values([row for row in await rows if every or not row.platform_receipt])


async def department_rows(*, every: bool = False) -> tuple[Values, ...]:
    """The same results with a line for each department's own row; one that counts as 视为未完成 says nothing but that. A
    result entered as one, before departments entered apart, has the initiating department's line alone."""
    chosen = Task.filter(state__in=[*REVIEWED, *PUBLIC]).select_related("target", *PLANNED).order_by("number")
    rows = [row for row in await chosen if every or not row.platform_receipt]
    wholes, called = await _values(rows), await names()
    results = {
        row.task_id: row
        for row in await Result.filter(task_id__in=[row.id for row in rows]).order_by("version")
    }
    parts = await department_result.parts_of([row.id for row in results.values()])
    lines: list[Values] = []
    for row, whole in zip(rows, wholes, strict=True):
        result = results.get(row.id)
        own = parts[result.id] if result else ()
        common = {
            name: whole[name] for name in ("number", "target", "code", "title", "receipt", "receipt_day")
        }
        if not own:
            department = row.batch.scheme.entry.plan.department
            lines.append(common | {"department": (called.get(department, department),)}
                         | {name: whole[name] for name in ("types", "note")})  # fmt: skip
        lines += [{**common, **_of_department(part)} for part in own]
    return tuple(lines)


def _of_department(part: DepartmentPart) -> Values:
    return {
        "department": (part.name,), "types": part.types, "measures": part.measures,
        "note": (part.note,) if part.note else (), "officer": (part.officer,) if part.officer else (),
        "entered": (local_day(part.at).isoformat(),) if part.at else (),
        "late": ("late",) if part.late else ("silent",) if part.silent else (),
    }  # fmt: skip


async def of_task(number: str) -> Values | None:
    """What is entered of one task; None while its result is not reviewed."""
    rows = await Task.filter(number=number, state__in=[*REVIEWED, *PUBLIC]).select_related("target")
    values = await _values(rows)
    return values[0] if values else None


async def _values(rows: Sequence[Task]) -> tuple[Values, ...]:
    ids, facts, called = [row.id for row in rows], await public.facts_of(rows), await names()
    items, titles = (
        {item.code: item.name for item in await Item.all()},
        await public.titles({row.batch_id for row in rows}),
    )
    results = {row.task_id: row for row in await Result.filter(task_id__in=ids).order_by("version")}
    receipts = {row.task_id: row for row in await PlatformReceipt.filter(task_id__in=ids, replaced_at=None)}
    officers: dict[int, list[str]] = defaultdict(list)
    seats = (
        Assignment.filter(task_id__in=ids, until=None).select_related("inspector").order_by("-leader", "id")
    )
    for seat in await seats:
        officers[seat.task_id].append(text.name(seat.inspector.name))
    lines = []
    for row in rows:
        sheet, result, receipt = facts[row.id].sheet, results.get(row.id), receipts.get(row.id)
        asked = answered_on_site(sheet) | settled_online(sheet)
        inspected = [item for item, asks in facts[row.id].serves.items() if asks & asked]
        lines.append({
            "number": (row.number,), "target": (text.name(row.target.name),),
            "code": (number_of(row.target)[0],), "title": (titles[row.batch_id],),
            "items": tuple(items.get(item, item) for item in inspected),
            "departments": tuple(dict.fromkeys(called.get(a.department, a.department) for a in sheet.asks if a.number in asked)),
            "officers": tuple(officers[row.id]),
            "began": (local_day(row.started_at).isoformat(),) if row.started_at else (),
            "ended": (local_day(row.ended_at).isoformat(),) if row.ended_at else (),
            "types": tuple(result.types) if result else (),
            "note": (text.visible(result.note),) if result and result.note else (),
            "receipt": (receipt.number,) if receipt else (), "receipt_day": (receipt.day.isoformat(),) if receipt else (),
        })  # fmt: skip
    return tuple(lines)
