"""Batches whose window ends soon, or has ended, with visits still to be held: what a head is asked to extend (Art. 13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.refusal import Refusal
from models.rules.draw.rows import IN_EARNEST, Mode
from models.rules.visit import local_day
from models.states import BATCH_RUNNING, TO_VISIT_OR_ON_SITE, BatchState
from models.tables import Batch, Draw, Task

SOON = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class EndingBatch:
    """A batch under way, or closed with tasks left. `number`, `practice`: of its draw, as a button carries it."""

    code: str
    title: str
    department: str  # whose head extends
    number: int
    practice: bool
    closes: date
    left: int
    open: bool  # may be extended


async def soon(departments: Collection[str], at: datetime) -> tuple[EndingBatch, ...]:
    """Of these departments' own batches, those that want a word within `SOON`."""
    batches = []
    rows = Draw.filter(
        voided_at=None, held_at__isnull=False, batch__scheme__entry__plan__department__in=list(departments),
        batch__closes__lte=local_day(at) + SOON, batch__state=BatchState.DRAWN,
    )  # fmt: skip
    for row in await rows.order_by("batch__closes", "code"):
        batch = await _ending(row)
        if batch.left:
            batches.append(batch)
    return tuple(batches)


async def of_draw(number: int, practice: bool) -> EndingBatch:
    modes = [str(mode) for mode in ((Mode.PRACTICE,) if practice else IN_EARNEST)]
    row = await Draw.get_or_none(number=number, mode__in=modes)
    if row is None:
        raise Refusal("batch.unknown", "13", batch=str(number))
    return await _ending(row)


async def of_batch(batch: Batch) -> EndingBatch:
    """Of a batch that was read with its plan, and has a draw that stands."""
    row = await Draw.filter(batch=batch, voided_at=None).order_by("-number").first()
    if row is None:
        raise Refusal("batch.unknown", "13", batch=batch.code)
    return await _of(row, batch)


async def _ending(row: Draw) -> EndingBatch:
    return await _of(row, await Batch.get(code=row.batch_id).select_related("scheme__entry__plan"))


async def _of(row: Draw, batch: Batch) -> EndingBatch:
    left = await Task.filter(batch=batch, state__in=TO_VISIT_OR_ON_SITE).count()
    under_way = batch.state in BATCH_RUNNING
    entry = batch.scheme.entry
    return EndingBatch(
        batch.code, entry.title, entry.plan.department, row.number, row.mode == "practice", batch.closes, left,
        under_way or bool(batch.state == BatchState.CLOSED and batch.left),
    )  # fmt: skip
