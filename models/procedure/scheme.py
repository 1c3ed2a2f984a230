"""方案制定: a scheme is adopted with its batches, held against pool and officers (Art. 13)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.operations import event
from models.procedure.plan import value_of
from models.queries import calendar as calendars
from models.queries import checklists, scheme_figures
from models.queries.known import known
from models.refusal import Refusal
from models.rules import scheme as rules
from models.rules.actor import Actor, Role, require
from models.rules.scheme import ARTICLE, BatchPlan, Concern, Forecast
from models.rules.text import visible
from models.rules.workdays import Calendar
from models.states import BatchState, SchemeState, move
from models.tables import Batch, Declaration, Draw, PlanEntry, Scheme


@dataclass(frozen=True, slots=True)
class AdoptedScheme:
    """`new` is False when this very file had been adopted already. `forecasts`: by batch."""

    code: str
    entry: str
    new: bool
    batches: tuple[str, ...]
    concerns: tuple[Concern, ...]
    forecasts: dict[str, Forecast]


@store.transactional
async def adopt(
    data: bytes, *, by: Actor, at: datetime, amend: str = "", calendar: Calendar | None = None, most: int = 0
) -> AdoptedScheme:
    """Adopt the scheme in a TOML file, signed by every department of its crews; its batches may be committed.

    Refuses a quantity above the pool, of one batch or of all together, with numbers; concerns come back with the
    answer. The same file again changes nothing; a changed one is refused unless `amend` gives the reason. A batch
    that is committed stays as it is; the others may change beside it. `most`: the district's cap on visits of a year.
    """
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    entry = await entry_of_plan(rules.plan_entry_of(data))
    if by.role == Role.HEAD and by.department != entry.plan.department:
        raise Refusal("plan.other_department", ARTICLE, department=entry.plan.department)
    return await put_in_force(data, entry, by=by, at=at, amend=amend, calendar=calendar, most=most)


async def put_in_force(
    data: bytes,
    entry: PlanEntry,
    *,
    by: Actor,
    at: datetime,
    amend: str,
    calendar: Calendar | None = None,
    most: int = 0,
) -> AdoptedScheme:
    """Let a signed scheme take effect. Part of an act."""
    scheme = rules.read_scheme(data, value_of(entry), entry.plan.department, await known())
    sha256 = hashlib.sha256(data).hexdigest()
    there = await Scheme.get_or_none(code=scheme.code)
    if there and there.sha256 == sha256:
        return AdoptedScheme(scheme.code, entry.code, False, tuple(b.code for b in scheme.batches), (), {})
    if there and not visible(amend).strip():
        raise Refusal("scheme.adopted_already", ARTICLE, scheme=scheme.code)
    if lacking := await checklists.without(entry.items):
        raise Refusal("scheme.no_checklist", "7", items=lacking)
    await refuse_short_crews(scheme.batches, entry.items)
    concerns, forecasts = await _weigh(scheme, entry, calendar or await calendars.current(), most)
    await _put(scheme, entry, there, data, sha256, at)
    await event.record(
        f"scheme:{scheme.code}", "scheme.adopted", by=by, at=at, sha256=sha256, reason=amend.strip(),
        adopted_by=dict(scheme.adopted_by), concerns=[concern.reason for concern in concerns],
    )  # fmt: skip
    codes = tuple(batch.code for batch in scheme.batches)
    return AdoptedScheme(scheme.code, entry.code, True, codes, tuple(concerns), forecasts)


async def refuse_short_crews(batches: Sequence[BatchPlan], items: Sequence[str]) -> None:
    """Refuse a crew without a department that the checklists ask, save of a batch that is committed already."""
    asked = await checklists.departments(items)
    committed = await Batch.filter(code__in=[batch.code for batch in batches]).exclude(state=BatchState.OPEN)
    codes = {row.code for row in committed}
    for batch in batches:
        if batch.code not in codes and (strangers := sorted(asked - set(batch.crew))):
            raise Refusal("scheme.checklist_department", "7", batch=batch.code, departments=strangers)


async def entry_of_plan(code: str) -> PlanEntry:
    """The published plan's entry of this number."""
    entry = await PlanEntry.get_or_none(code=code).select_related("plan")
    if entry is None:
        raise Refusal("scheme.no_plan_entry", ARTICLE, entry=code)
    return entry


async def _weigh(
    scheme: rules.Scheme, entry: PlanEntry, calendar: Calendar, most: int
) -> tuple[list[Concern], dict[str, Forecast]]:
    """Hold each batch against the targets and officers who would be eligible today."""
    concerns, forecasts, planned = [], {}, value_of(entry)
    today = await scheme_figures.sort(scheme.code, scheme.batches, planned, entry.plan.department, most=most)
    for batch in scheme.batches:
        if eligible := today.eligible.get(batch.code):
            load = forecasts[batch.code] = rules.forecast(batch, calendar)
            concerns += rules.check_quantities(batch, planned, eligible.sizes, eligible.spent)
            concerns += rules.check_load(batch, planned, load, eligible.officers)
    rules.check_together(today.together, today.sizes, today.again)
    return concerns, forecasts


async def _put(
    scheme: rules.Scheme, entry: PlanEntry, there: Scheme | None, data: bytes, sha256: str, at: datetime
) -> None:
    columns: dict[str, Any] = {
        "entry": entry, "state": SchemeState.ADOPTED, "adopted_by": dict(scheme.adopted_by), "adopted_at": at,
        "source": data.decode("utf-8-sig"), "sha256": sha256,
    }  # fmt: skip
    if there is None:
        there = await Scheme.create(code=scheme.code, **columns)
    else:
        await there.update_from_dict(columns).save()
    before = {row.code: row for row in await Batch.filter(scheme=there)}
    for batch in scheme.batches:
        if row := before.pop(batch.code, None):
            await _change(row, batch)
            continue
        if taken := await Batch.get_or_none(code=batch.code):
            raise Refusal("scheme.batch_taken", ARTICLE, batch=taken.code)
        await Batch.create(scheme=there, state=BatchState.OPEN, **_columns(batch))
    for row in before.values():
        await _withdraw(row)


async def _change(row: Batch, batch: BatchPlan) -> None:
    """An open batch takes what the amended scheme says; a committed one must be said as it was committed."""
    columns = _columns(batch)
    if row.state == BatchState.OPEN:
        await row.update_from_dict(columns).save()
        return
    if row.extensions:  # its window was moved by an act of its own
        columns.pop("closes")
    if any(getattr(row, name) != value for name, value in columns.items()):
        raise Refusal("scheme.batch_committed", ARTICLE, batch=row.code)


async def _withdraw(row: Batch) -> None:
    """Take back a batch that the amended scheme no longer names; one that has a draw or declarations stays, voided."""
    if row.state != BatchState.OPEN:
        raise Refusal("scheme.batch_committed", ARTICLE, batch=row.code)
    if await Draw.exists(batch=row) or await Declaration.exists(batch=row):
        row.state = move(row.state, BatchState.VOIDED, ARTICLE)
        await row.save(update_fields=["state"])
    else:
        await row.delete()


def _columns(batch: BatchPlan) -> dict[str, Any]:
    return {
        "code": batch.code, "strata": dict(batch.strata), "teams": dict(batch.teams),
        "crew": dict(batch.crew), "opens": batch.opens, "closes": batch.closes,
        "entropy": list(batch.entropy), "ceremony": batch.ceremony,
    }  # fmt: skip
