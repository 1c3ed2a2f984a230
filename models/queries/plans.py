"""年度计划、实施方案、批次 as people read them: planned, signed, how far it is (Art. 12, 13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from models import store
from models.queries import streets
from models.queries.public_words import hiding
from models.rules.public.plan import BatchFacts, PublicBatch, PublicPlanChange, is_public, public_batch
from models.states import BatchState, PlanState, SchemeState, TaskState
from models.tables import Batch, Department, Draw, Item, Plan, PlanChange, PlanDraft, PlanEntry, Scheme

STATES = "SELECT batch_id, state, COUNT(*) AS n FROM task GROUP BY batch_id, state"


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
class ListedInspection:
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
    industries: tuple[str, ...] = ()  # none: every one
    areas: tuple[str, ...] = ()  # names; none: the whole district
    amendments: tuple[tuple[datetime, str], ...] = ()  # of its department's plan: when, and the public reason


async def names() -> dict[str, str]:
    """Department code to name."""
    return {row.code: row.name for row in await Department.all()}


async def entries(year: int | None = None) -> tuple[ListedInspection, ...]:
    """Every joint inspection planned, of one year where it is given, the newest year first; what was amended only in its
    newest version."""
    asked = PlanEntry.filter(plan__year=year) if year else PlanEntry.all()
    rows = await asked.select_related("plan").order_by("code")
    shown = [row for row in rows if is_public(row.plan.state)]
    called, lines, places = await names(), await _schemes(), await streets.current()
    items = {row.code: row for row in await Item.all()}
    inspections = [_entry(row, called, items, lines.get(row.code, ()), places) for row in shown]
    return tuple(sorted(inspections, key=lambda inspection: (-inspection.year, inspection.code)))


async def entry(code: str) -> ListedInspection | None:
    inspection = next(
        (listed_inspection for listed_inspection in await entries() if listed_inspection.code == code), None
    )
    if inspection is None:
        return None
    drafts = PlanDraft.filter(year=inspection.year, department=inspection.departments[0])
    amended = [
        (row.published_at, row.reason)
        for row in await drafts.order_by("id")
        if row.published_at and row.reason
    ]
    return replace(inspection, amendments=tuple(amended))


async def years() -> tuple[int, ...]:
    """The years with a plan, the newest first."""
    rows = await Plan.all().distinct().order_by("-year").values_list("year", flat=True)
    return tuple(dict.fromkeys(int(str(year)) for year in rows))


async def as_of(year: int) -> datetime | None:
    """When the newest plan of the year took effect; None where there is none."""
    newest = await Plan.filter(year=year).order_by("-adopted_at").first()
    return newest.adopted_at if newest else None


async def changes(entry: str = "", year: int | None = None) -> tuple[PublicPlanChange, ...]:
    """What amendments withdrew, merged and widened, the newest first; of one entry or one year where it is given."""
    asked = PlanChange.filter(entry=entry) if entry else PlanChange.all()
    rows = await (asked.filter(year=year) if year else asked).order_by("-at", "entry")
    goes_on = {row.into for row in rows if row.into}
    called = await names() if rows else {}
    standing = {row.code for row in await PlanEntry.filter(code__in=goes_on)} if goes_on else set()
    return tuple(_change(row, called, row.into in standing) for row in rows)


def _change(row: PlanChange, called: Mapping[str, str], goes_on: bool) -> PublicPlanChange:
    days = [date.fromisoformat(day) for day in row.window]
    return PublicPlanChange(
        row.entry, row.title, called.get(row.department, row.department), row.kind, (days[0], days[1]),
        (days[2], days[3]) if len(days) == 4 else None, row.into if goes_on else "", row.reason, row.at,
    )  # fmt: skip


def _entry(
    row: PlanEntry,
    called: Mapping[str, str],
    items: Mapping[str, Item],
    schemes: tuple[SchemeLine, ...],
    places: Mapping[str, str],
) -> ListedInspection:
    departments = (row.plan.department, *row.participating)
    listed = tuple((code, items[code].name, items[code].key) for code in row.items if code in items)
    return ListedInspection(
        row.code, row.title, row.plan.year, row.plan.state, row.plan.late, row.plan.submitted_on,
        called.get(row.plan.department, row.plan.department), departments,
        tuple(called.get(code, code) for code in row.participating), listed,
        {risk: str(rate) for risk, rate in row.rates.items()}, row.opens, row.closes, tuple(row.methods),
        schemes, tuple(row.industries), tuple(places.get(code, code) for code in row.areas),
    )  # fmt: skip


async def _schemes() -> dict[str, tuple[SchemeLine, ...]]:
    called, batches = await names(), await _batches()
    scheme_lines: dict[str, tuple[SchemeLine, ...]] = {}
    for row in await Scheme.all().order_by("code"):
        signed = tuple((called.get(code, code), person) for code, person in row.adopted_by.items())
        line = SchemeLine(row.code, row.state, signed, batches.get(row.code, ()))
        scheme_lines[row.entry_id] = (*scheme_lines.get(row.entry_id, ()), line)
    return scheme_lines


async def _batches() -> dict[str, tuple[BatchLine, ...]]:
    standing = Draw.filter(voided_at=None).only("code", "batch_id", "committed_at", "held_at")
    draws = {row.batch_id: row for row in await standing}
    tasks: dict[str, dict[TaskState, int]] = defaultdict(dict)
    for row in await store.run_one(STATES):
        tasks[row["batch_id"]][TaskState(row["state"])] = row["n"]
    batch_lines: dict[str, tuple[BatchLine, ...]] = {}
    rows = await Batch.all().order_by("opens", "code")
    shown = await hiding() if any(row.void_reason for row in rows) else str
    for row in rows:
        draw, planned, teams = draws.get(row.code), sum(row.strata.values()), sum(row.teams.values())
        facts = BatchFacts(
            row.state, planned, teams, draw.committed_at if draw else None, draw.held_at if draw else None,
            tasks[row.code], shown(row.void_reason or ""),
        )  # fmt: skip
        public = public_batch(facts)
        line = BatchLine(
            row.code, row.state, row.opens, row.closes, planned, teams, row.crew, row.ceremony, draw.code if draw else "",
            sum(facts.tasks.values()), public.published, public,
        )  # fmt: skip
        batch_lines[row.scheme_id] = (*batch_lines.get(row.scheme_id, ()), line)
    return batch_lines
