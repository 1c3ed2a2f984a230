"""年度计划、实施方案、批次 as people read them: planned, signed, how far it is (Art. 12, 13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.rules.public.plan import BatchFacts, PublicBatch, is_public, public_batch
from models.states import BatchState, PlanState, SchemeState, TaskState
from models.tables import Batch, Department, Draw, Item, PlanDraft, PlanEntry, Scheme, Task


@dataclass(frozen=True, slots=True)
class BatchLine:
    code: str
    state: BatchState
    opens: date
    closes: date
    targets: int
    teams: int
    crew: Mapping[str, int]
    ceremony: str
    draw: str  # the draw that stands, "" before
    tasks: int
    published: int
    public: PublicBatch


@dataclass(frozen=True, slots=True)
class SchemeLine:
    code: str
    state: SchemeState
    signed: tuple[tuple[str, str], ...]  # department name, person
    batches: tuple[BatchLine, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One joint inspection of a plan."""

    code: str
    title: str
    year: int
    state: PlanState
    late: bool
    submitted: date
    initiating: str
    departments: tuple[str, ...]  # codes
    participating: tuple[str, ...]  # names
    items: tuple[tuple[str, str, bool], ...]  # code, name, key
    rates: Mapping[str, str]
    opens: date
    closes: date
    methods: tuple[str, ...]
    schemes: tuple[SchemeLine, ...]
    amendments: tuple[tuple[datetime, str], ...] = ()  # of its department's plan: when, and the public reason


async def names() -> dict[str, str]:
    """Department code to name."""
    return {row.code: row.name for row in await Department.all()}


async def entries() -> tuple[Entry, ...]:
    """Every joint inspection planned, the newest year first; what was amended only in its newest version."""
    rows = await PlanEntry.all().select_related("plan").order_by("code")
    shown = [row for row in rows if is_public(row.plan.state)]
    called, lines = await names(), await _schemes()
    items = {row.code: row for row in await Item.all()}
    made = [_entry(row, called, items, lines.get(row.code, ())) for row in shown]
    return tuple(sorted(made, key=lambda one: (-one.year, one.code)))


async def entry(code: str) -> Entry | None:
    found = next((one for one in await entries() if one.code == code), None)
    if found is None:
        return None
    drafts = PlanDraft.filter(year=found.year, department=found.departments[0])
    amended = [
        (row.published_at, row.reason)
        for row in await drafts.order_by("id")
        if row.published_at and row.reason
    ]
    return replace(found, amendments=tuple(amended))


def _entry(
    row: PlanEntry, called: Mapping[str, str], items: Mapping[str, Item], schemes: tuple[SchemeLine, ...]
) -> Entry:
    departments = (row.plan.department, *row.participating)
    listed = tuple((code, items[code].name, items[code].key) for code in row.items if code in items)
    return Entry(
        row.code, row.title, row.plan.year, row.plan.state, row.plan.late, row.plan.submitted_on,
        called.get(row.plan.department, row.plan.department), departments,
        tuple(called.get(code, code) for code in row.participating), listed,
        {risk: str(rate) for risk, rate in row.rates.items()}, row.opens, row.closes, tuple(row.methods),
        schemes,
    )  # fmt: skip


async def _schemes() -> dict[str, tuple[SchemeLine, ...]]:
    called, batches = await names(), await _batches()
    found: dict[str, tuple[SchemeLine, ...]] = {}
    for row in await Scheme.all().order_by("code"):
        signed = tuple((called.get(code, code), person) for code, person in row.adopted_by.items())
        line = SchemeLine(row.code, row.state, signed, batches.get(row.code, ()))
        found[row.entry_id] = (*found.get(row.entry_id, ()), line)
    return found


async def _batches() -> dict[str, tuple[BatchLine, ...]]:
    standing = Draw.filter(voided_at=None).only("code", "batch_id", "committed_at", "held_at")
    draws = {row.batch_id: row for row in await standing}
    tasks: dict[str, list[TaskState]] = defaultdict(list)
    for code, state in await Task.all().values_list("batch_id", "state"):
        tasks[str(code)].append(TaskState(str(state)))
    found: dict[str, tuple[BatchLine, ...]] = {}
    for row in await Batch.all().order_by("opens", "code"):
        draw, planned, teams = draws.get(row.code), sum(row.strata.values()), sum(row.teams.values())
        facts = BatchFacts(
            row.state, planned, teams, draw.committed_at if draw else None, draw.held_at if draw else None,
            tuple(tasks[row.code]),
        )  # fmt: skip
        public = public_batch(facts)
        line = BatchLine(
            row.code, row.state, row.opens, row.closes, planned, teams, row.crew, row.ceremony, draw.code if draw else "",
            len(facts.tasks), public.published, public,
        )  # fmt: skip
        found[row.scheme_id] = (*found.get(row.scheme_id, ()), line)
    return found
