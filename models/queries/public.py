"""What anybody may read: published results, and which of them are objected to. People and telephones never (Art. 8, 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from models.queries.plans import names
from models.states import TaskState
from models.tables import Batch, Item, Objection, PlanEntry, Result, Scheme, Target, Task

PUBLISHED = (TaskState.PUBLISHED, TaskState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One published result: a company by name and code, what was checked, when, by which departments."""

    target: str
    code: str
    title: str
    items: tuple[str, ...]
    day: datetime
    published_at: datetime
    departments: tuple[str, ...]
    types: tuple[str, ...]
    objected: str  # open, upheld; "" when there is no objection or it was not upheld


async def results(
    *, page: int = 1, per_page: int = 50, wanted: str = ""
) -> tuple[tuple[ResultLine, ...], int]:
    """Published results, newest first, and how many there are. `wanted`: part of a name or the whole code."""
    found = Task.filter(state__in=PUBLISHED)
    if wanted:
        found = found.filter(Q(target__name__contains=wanted) | Q(target__credit_code=wanted.upper()))
    count = await found.count()
    rows = await (
        found.select_related("target", "batch")
        .order_by("-published_at", "-id")
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    called = await names()
    behind = await _behind({row.batch_id for row in rows})
    types: dict[int, list[str]] = {}
    for one in await Result.filter(task_id__in=[row.id for row in rows]).order_by("version"):
        types[one.task_id] = list(one.types)
    objected = await _objected([row.id for row in rows])
    return tuple(
        _result(row, types.get(row.id, []), behind, called, objected.get(row.id, "")) for row in rows
    ), count


async def _objected(ids: list[int]) -> dict[int, str]:
    """异议处理中, 异议成立; what was not upheld leaves no mark."""
    rows = await Objection.filter(task_id__in=ids)
    return {row.task_id: "upheld" if row.upheld else "open" for row in rows if row.upheld is not False}


def _result(
    row: Task,
    types: list[str],
    behind: Mapping[str, tuple[Batch, PlanEntry, tuple[str, ...]]],
    called: Mapping[str, str],
    objected: str,
) -> ResultLine:
    batch, entry, items = behind[row.batch_id]
    target: Target = row.target
    assert row.published_at
    return ResultLine(
        target.name, target.credit_code or target.registration or target.code, entry.title, items,
        row.ended_at or row.published_at, row.published_at, tuple(called.get(d, d) for d in batch.crew),
        tuple(types), objected,
    )  # fmt: skip


async def _behind(codes: set[str]) -> dict[str, tuple[Batch, PlanEntry, tuple[str, ...]]]:
    found: dict[str, Any] = {}
    for batch in await Batch.filter(code__in=list(codes)):
        scheme = await Scheme.get(code=batch.scheme_id)
        entry = await PlanEntry.get(code=scheme.entry_id)
        items = {item.code: item.name for item in await Item.filter(code__in=entry.items)}
        found[batch.code] = (batch, entry, tuple(items[code] for code in entry.items if code in items))
    return found
