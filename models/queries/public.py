"""What anybody may read: results as they are public now, their corrections, objections. People never (Art. 8, 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.queries import publication, signing
from models.queries.plans import names
from models.queries.sheet import sheets_of
from models.rules import text
from models.rules.checklist import Sheet
from models.rules.public.result import PublicationRow, PublicResult, TaskFacts, public_result
from models.rules.visit import local_day
from models.states import PUBLIC
from models.tables import (
    Batch,
    Item,
    Objection,
    PlanEntry,
    Revision,
    Scheme,
    Target,
    Task,
)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What is public of one inspection, its items and departments by name."""

    target: str
    code: str
    title: str
    result: PublicResult
    on_site: tuple[str, ...]  # names of items
    online: tuple[str, ...]
    departments: tuple[str, ...]


async def results(
    *, page: int = 1, per_page: int = 50, wanted: str = ""
) -> tuple[tuple[ResultLine, ...], int]:
    """Published results, newest first, and how many there are. `wanted`: part of a name or the whole code."""
    found = Task.filter(state__in=PUBLIC)
    if wanted:
        found = found.filter(Q(target__name__contains=wanted) | Q(target__credit_code=wanted.upper()))
    count = await found.count()
    rows = await (
        found.select_related("target")
        .order_by("-published_at", "-id")
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return await _lines(rows), count


async def _lines(rows: Sequence[Task]) -> tuple[ResultLine, ...]:
    facts, called = await facts_of(rows), await names()
    titles, items = await _titles({row.batch_id for row in rows}), {i.code: i.name for i in await Item.all()}
    lines = []
    for row in rows:
        result = public_result(facts[row.id])
        if result is None:
            continue
        target: Target = row.target
        lines.append(
            ResultLine(
                text.name(target.name), target.credit_code or target.registration or target.code,
                titles[row.batch_id], result, tuple(items.get(one, one) for one in result.on_site),
                tuple(items.get(one, one) for one in result.online), tuple(called.get(d, d) for d in result.departments),
            )
        )  # fmt: skip
    return tuple(lines)


async def facts_of(rows: Sequence[Task]) -> dict[int, TaskFacts]:
    """By task what its rows say was done."""
    ids = [row.id for row in rows]
    published, sheets = await publication.published(ids), await sheets_of(rows)
    planned = await _planned({row.batch_id for row in rows})
    objections: dict[int, list[tuple[datetime, bool | None]]] = defaultdict(list)
    for objection in await Objection.filter(task_id__in=ids).order_by("id"):
        objections[objection.task_id].append((objection.at, objection.upheld))
    correcting = {revision.task_id for revision in await Revision.filter(task_id__in=ids, outcome="")}
    signed = await signing.signed_of(rows)
    return {
        row.id: TaskFacts(
            tuple(PublicationRow(one.kind, one.types, one.reason, one.at) for one in published.get(row.id, ())),
            sheets[row.id], _serves(planned[row.batch_id], sheets[row.id]), local_day(row.started_at) if row.started_at else None,
            local_day(row.ended_at) if row.ended_at else None, tuple(objections[row.id]), row.id in correcting,
            *signed[row.id],
        )
        for row in rows
    }  # fmt: skip


async def of_task(task: Task) -> PublicResult | None:
    """What is said in public of one task."""
    await task.fetch_related("target")
    return public_result((await facts_of([task]))[task.id])


async def _titles(codes: set[str]) -> dict[str, str]:
    found = {}
    for batch in await Batch.filter(code__in=list(codes)):
        scheme = await Scheme.get(code=batch.scheme_id)
        found[batch.code] = (await PlanEntry.get(code=scheme.entry_id)).title
    return found


async def _planned(codes: set[str]) -> dict[str, tuple[str, ...]]:
    """By batch the planned items."""
    found: dict[str, tuple[str, ...]] = {}
    for batch in await Batch.filter(code__in=list(codes)):
        scheme = await Scheme.get(code=batch.scheme_id)
        found[batch.code] = tuple((await PlanEntry.get(code=scheme.entry_id)).items)
    return found


def _serves(items: Sequence[str], sheet: Sheet) -> dict[str, frozenset[int]]:
    """By planned item the numbers of its own questions."""
    return {item: frozenset(ask.number for ask in sheet.asks if item in ask.items) for item in items}
