"""计划制订: a department's plan for the year is adopted, and amended where it must be (Art. 12)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models import store
from models.operations import event
from models.procedure import recipients
from models.queries import checklists
from models.queries.known import known
from models.queries.registered import all_targets
from models.refusal import Refusal
from models.rules import plan as rules
from models.rules.actor import Actor, Role, require
from models.rules.eligibility import in_scope
from models.rules.merging import MergingProposal, proposals
from models.rules.plan import ARTICLE, Entry
from models.rules.plan_change import EntryChange, PlanChangeKind, changes
from models.rules.registry.rows import Method
from models.rules.text import visible
from models.rules.visit import local_day
from models.states import BatchState, PlanState, move
from models.tables import Batch, Plan, PlanChange, PlanEntry, Scheme


@dataclass(frozen=True, slots=True)
class AdoptedPlan:
    """`new` is False when this very file had been adopted already. `submitted_on`, `late`: by the clock of the
    first adoption. `mergeable`: pairs of entries of the year that the office may bring together (shared targets,
    overlapping windows, a method in common)."""

    year: int
    department: str
    version: int
    submitted_on: date
    late: bool
    new: bool
    entries: tuple[str, ...]
    mergeable: tuple[MergingProposal, ...]


@store.transactional
async def adopt(data: bytes, *, by: Actor, at: datetime, amend: str = "") -> AdoptedPlan:
    """Adopt the plan in a TOML file and publish it; the same file again changes nothing.

    A changed file for the same year and department is refused, unless `amend` gives the reason: then it is a
    new version. Under a committed batch an entry keeps what its tasks say: title, items, methods, and a window
    that holds the batch's. Refuses an item without a published checklist, by its number.
    """
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    plan = rules.read_plan(data, await known(in_force=True))
    if by.role == Role.HEAD and by.department != plan.department:
        raise Refusal("plan.other_department", ARTICLE, department=plan.department)
    await check_entries(plan.entries)
    last = await _last(plan)
    if last and last.sha256 == hashlib.sha256(data).hexdigest():
        return await _adopted(plan, last, new=False)
    if last and not visible(amend).strip():
        raise Refusal("plan.adopted_already", ARTICLE, year=plan.year, department=plan.department)
    return await _publish(plan, data, local_day(at), by=by, at=at, amend=amend)


async def publish(
    data: bytes,
    *,
    handed_in: date,
    by: Actor,
    at: datetime,
    amend: str,
    merged: Mapping[str, str] | None = None,
) -> AdoptedPlan:
    """Publish a plan that was drafted, consented to and handed in on a day. Part of an act. `merged`: number of an entry
    that ends to that of the one that goes on for it."""
    plan = rules.read_plan(data, await known(in_force=True))
    await check_entries(plan.entries)
    return await _publish(plan, data, handed_in, by=by, at=at, amend=amend, merged=merged)


async def check_entries(entries: Iterable[Entry]) -> None:
    """Refuse items without a published checklist, by their numbers, and an entry that no registered target answers to."""
    planned = tuple(entries)
    if lacking := await checklists.without(item for entry in planned for item in entry.items):
        raise Refusal("plan.no_checklist", "7", items=lacking)
    await _check_scope(planned)


async def _last(plan: rules.Plan) -> Plan | None:
    return await Plan.filter(year=plan.year, department=plan.department).order_by("-version").first()


async def _publish(
    plan: rules.Plan,
    data: bytes,
    handed_in: date,
    *,
    by: Actor,
    at: datetime,
    amend: str,
    merged: Mapping[str, str] | None = None,
) -> AdoptedPlan:
    last = await _last(plan)
    if not (plan.entries or last):
        raise Refusal("plan.draft_empty", ARTICLE)
    first = await Plan.filter(year=plan.year, department=plan.department).order_by("version").first()
    sha256 = hashlib.sha256(data).hexdigest()
    created = await Plan.create(
        year=plan.year, department=plan.department, version=last.version + 1 if last else 1,
        state=PlanState.PUBLISHED, submitted_on=first.submitted_on if first else handed_in,
        late=first.late if first else rules.is_late(plan.year, handed_in), adopted_at=at,
        source=data.decode("utf-8-sig"), sha256=sha256,
    )  # fmt: skip
    before = [value_of(row) for row in await PlanEntry.filter(plan=last)] if last else []
    await _put_entries(plan, created, last)
    amended = changes(before, plan.entries, merged or {})
    await _note_changes(created, amended, amend.strip(), at)
    if last:
        last.state = move(last.state, PlanState.AMENDED, ARTICLE)
        await last.save(update_fields=["state"])
    await event.record(
        f"plan:{plan.year}-{plan.department}", "plan.adopted", by=by, at=at,
        version=created.version, sha256=sha256, late=created.late, reason=amend.strip(),
    )  # fmt: skip
    await _tell_changes(created, amended, amend.strip(), by=by, at=at)
    return await _adopted(plan, created, new=True)


async def _tell_changes(
    plan: Plan, amended: Iterable[EntryChange], reason: str, *, by: Actor, at: datetime
) -> None:
    """The heads who take part in what was withdrawn or widened, and the own head, each once for an entry."""
    for change in amended:
        if change.kind is PlanChangeKind.MERGED:
            continue
        heads = await recipients.heads([plan.department, *change.before.participating])
        await recipients.tell(
            heads.but(by.account), "plan.changed", key=f"changed:{plan.id}:{change.before.code}", at=at,
            chain=f"plan:{plan.year}-{plan.department}", entry=change.before.code, title=change.before.title,
            change=str(change.kind), window=change.window, reason=reason[:300],
        )  # fmt: skip


async def _note_changes(plan: Plan, amended: Iterable[EntryChange], reason: str, at: datetime) -> None:
    """What the public is told of: each withdrawn, merged or widened entry, with the amendment's reason."""
    for change in amended:
        await PlanChange.create(
            year=plan.year, department=plan.department, version=plan.version, entry=change.before.code,
            title=change.before.title, kind=change.kind, into=change.into, window=change.window, reason=reason[:500], at=at,
        )  # fmt: skip


async def _adopted(plan: rules.Plan, row: Plan, *, new: bool) -> AdoptedPlan:
    rows = await PlanEntry.filter(plan__year=plan.year)
    own = tuple(entry.code for entry in plan.entries)
    pairs = tuple(proposals(map(value_of, rows), await all_targets()))
    return AdoptedPlan(plan.year, plan.department, row.version, row.submitted_on, row.late, new, own, pairs)


def value_of(row: PlanEntry) -> Entry:
    """A stored entry as the rules know it."""
    return Entry(
        row.code, row.title, tuple(row.items), tuple(row.industries), tuple(row.areas),
        tuple(row.participating), {name: Decimal(str(rate)) for name, rate in row.rates.items()},
        row.opens, row.closes, tuple(map(Method, row.methods)),
    )  # fmt: skip


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title, "items": list(entry.items), "industries": list(entry.industries),
        "areas": list(entry.areas), "participating": list(entry.participating),
        "rates": {stratum: f"{rate.normalize():f}" for stratum, rate in entry.rates.items()},
        "opens": entry.opens, "closes": entry.closes, "methods": list(map(str, entry.methods)),
    }  # fmt: skip


async def _check_scope(entries: Iterable[Entry]) -> None:
    targets = await all_targets()
    for entry in entries:
        if not any(in_scope(entry, target) for target in targets):
            raise Refusal("plan.scope_empty", ARTICLE, entry=entry.code)


async def _put_entries(plan: rules.Plan, created: Plan, last: Plan | None) -> None:
    before = {row.code: row for row in await PlanEntry.filter(plan=last)} if last else {}
    for entry in plan.entries:
        row = before.pop(entry.code, None)
        if row is None:
            if await PlanEntry.exists(code=entry.code):
                raise Refusal("plan.entry_taken", ARTICLE, entry=entry.code)
            await PlanEntry.create(code=entry.code, plan=created, **_columns(entry))
            continue
        await _check_committed(value_of(row), entry)
        await row.update_from_dict({"plan": created, **_columns(entry)}).save()
    for code, row in before.items():
        if await Scheme.exists(entry=row):
            raise Refusal("plan.entry_in_use", ARTICLE, entry=code)
        await row.delete()


async def _check_committed(before: Entry, entry: Entry) -> None:
    """Refuse to change what the tasks of a committed batch say; everything else may change beside it."""
    told = {"title", "items", "methods"}
    changed = sorted(name for name in told if getattr(before, name) != getattr(entry, name))
    for batch in (
        await Batch.filter(scheme__entry_id=entry.code).exclude(state=BatchState.OPEN).order_by("code")
    ):
        outside = not entry.opens <= batch.opens <= batch.closes <= entry.closes
        if changed or (outside and (before.opens, before.closes) != (entry.opens, entry.closes)):
            raise Refusal(
                "plan.entry_committed",
                ARTICLE,
                entry=entry.code,
                batch=batch.code,
                fields=changed or ["window"],
            )
