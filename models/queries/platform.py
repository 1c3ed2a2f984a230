"""省级平台: of each reviewed result what has to be entered there (Art. 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.queries import public
from models.queries.plans import names
from models.rules import text
from models.rules.platform import Values
from models.rules.public.result import answered_on_site, settled_online
from models.rules.target_number import number_of
from models.rules.visit import local_day
from models.states import PUBLIC, REVIEWED
from models.tables import Assignment, Item, PlatformReceipt, Result, Task


async def to_enter(*, every: bool = False) -> tuple[Values, ...]:
    """Reviewed results that have no receipt yet, or `every` one, by number."""
    rows = Task.filter(state__in=[*REVIEWED, *PUBLIC]).select_related("target").order_by("number")
    return await _values([row for row in await rows if every or not row.platform_receipt])


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
