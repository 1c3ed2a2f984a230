"""方案草案: what is drafted, who has signed, who is asked, and what a form offers (Art. 13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from models.queries import scheme_figures, streets
from models.queries.person import departments
from models.queries.planned import batch_value, entry_value
from models.rules.actor import Actor, Role
from models.rules.scheme import WHOLE_DISTRICT, BatchPlan
from models.rules.scheme_draft import SchemeForm, batch_plan, content_of, form_of
from models.rules.scheme_figures import CrewShortage, SchemeFigures
from models.rules.workdays import Calendar
from models.states import BatchState, PlanState
from models.tables import Batch, PlanEntry, Scheme, SchemeDraft


@dataclass(frozen=True, slots=True)
class CrewSignature:
    """A department that sends officers, and what its head said; `agreed` None before."""

    department: str
    name: str
    agreed: bool | None = None
    reason: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class DraftOfScheme:
    """`amends`: a scheme of this number is in force. `initiating` is empty where the entry stands in no plan any more."""

    id: int
    form: SchemeForm
    title: str
    initiating: str
    initiating_name: str
    reason: str
    amends: bool
    crews: tuple[CrewSignature, ...]
    asked: datetime | None
    adopted: datetime | None
    dropped: datetime | None

    @property
    def open(self) -> bool:
        return self.adopted is None and self.dropped is None

    @property
    def complete(self) -> bool:
        return all(line.agreed for line in self.crews)


def crew_departments(row: SchemeDraft) -> tuple[str, ...]:
    """Whose heads must sign: the departments that send officers to any batch."""
    return tuple(sorted({department for batch in row.batches for department in batch["crew"]}))


async def draft(draft_id: int) -> DraftOfScheme | None:
    row = await SchemeDraft.get_or_none(id=draft_id)
    return await draft_of(row) if row else None


async def draft_of(row: SchemeDraft) -> DraftOfScheme:
    entry = await PlanEntry.get_or_none(code=row.entry).select_related("plan")
    names = await departments()
    initiating = entry.plan.department if entry else ""
    lines = [(code, row.signatures.get(code, {})) for code in crew_departments(row)]
    return DraftOfScheme(
        row.id, form_of(row.code, row.entry, row.batches), entry.title if entry else row.entry, initiating,
        names.get(initiating, initiating), row.reason, await Scheme.exists(code=row.code),
        tuple(
            CrewSignature(code, names.get(code, code), line.get("agreed"), line.get("reason", ""), line.get("name", ""))
            for code, line in lines
        ),
        row.asked_at, row.adopted_at, row.dropped_at,
    )  # fmt: skip


def may_see(draft: DraftOfScheme, by: Actor) -> bool:
    """The office, the department that drafts, and the heads whom it asks."""
    return by.role == Role.OFFICE or (
        bool(by.department)
        and (
            by.department == draft.initiating
            or (by.role == Role.HEAD and by.department in {line.department for line in draft.crews})
        )
    )


async def drafts(by: Actor) -> tuple[DraftOfScheme, ...]:
    """The open drafts that a person may see."""
    rows = await SchemeDraft.filter(adopted_at=None, dropped_at=None).order_by("code")
    schemes = [await draft_of(row) for row in rows]
    return tuple(draft for draft in schemes if may_see(draft, by))


async def to_sign(department: str) -> tuple[DraftOfScheme, ...]:
    """Drafts that wait for the word of this department's head."""
    rows = await SchemeDraft.filter(adopted_at=None, dropped_at=None).order_by("id")
    schemes = [await draft_of(row) for row in rows if row.asked_at and department not in row.signatures]
    return tuple(
        draft
        for draft in schemes
        if draft.initiating and department in {line.department for line in draft.crews}
    )


async def of_scheme(code: str) -> SchemeForm | None:
    """An adopted scheme as its amendment begins: what stands in it now."""
    row = await Scheme.get_or_none(code=code)
    if row is None:
        return None
    batches = await Batch.filter(scheme=row).order_by("opens", "code")
    return form_of(row.code, row.entry_id, content_of(map(_as_signed, batches)))


def _as_signed(row: Batch) -> BatchPlan:
    """A batch with the end of its window as the scheme has it, whatever an extension moved since."""
    batch = batch_value(row)
    return replace(batch, closes=date.fromisoformat(row.extensions[0][0])) if row.extensions else batch


async def fixed(scheme: str) -> frozenset[str]:
    """The batches of a scheme that an amendment must leave as they are."""
    rows = Batch.filter(scheme_id=scheme).exclude(state=BatchState.OPEN)
    return frozenset(str(code) for code in await rows.values_list("code", flat=True))


async def figures(draft: DraftOfScheme, calendar: Calendar, *, most: int = 0) -> SchemeFigures | None:
    """What a draft comes to today; None where its entry stands in no plan any more."""
    entry = await PlanEntry.get_or_none(code=draft.form.entry).select_related("plan")
    if entry is None:
        return None
    return await scheme_figures.figures(
        draft.form.code, _plans(draft), entry_value(entry), entry.plan.department, calendar, most=most
    )


async def shortages(draft: DraftOfScheme, *, most: int = 0) -> tuple[CrewShortage, ...]:
    """Departments of a draft whose officers do not fill their seats today; of a scheme in force, of its open batches."""
    entry = await PlanEntry.get_or_none(code=draft.form.entry).select_related("plan")
    if entry is None or draft.dropped:
        return ()
    return await scheme_figures.shortages(
        draft.form.code, _plans(draft), entry_value(entry), entry.plan.department, most=most
    )


async def shortages_of_batch(code: str, *, most: int = 0) -> tuple[CrewShortage, ...]:
    """The same of one batch of a scheme in force; none once it is committed."""
    row = await Batch.get(code=code).select_related("scheme__entry__plan")
    entry = row.scheme.entry
    return await scheme_figures.shortages(
        row.scheme_id, [batch_value(row)], entry_value(entry), entry.plan.department, most=most
    )


def _plans(draft: DraftOfScheme) -> list[BatchPlan]:
    return [batch_plan(batch) for batch in draft.form.batches]


@dataclass(frozen=True, slots=True)
class SchemeChoices:
    """What a form of a scheme offers: the entry's classes, days, streets and departments, code and name. `areas`: what
    teams may be set for, as a scheme writes it and as it is called."""

    entry: str
    title: str
    initiating: str
    opens: date
    closes: date
    classes: tuple[str, ...]
    areas: tuple[tuple[str, str], ...]
    departments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    code: str
    title: str


async def entries(by: Actor) -> tuple[PlannedEntry, ...]:
    """Published entries for which this person may draft a scheme."""
    rows = PlanEntry.filter(plan__state=PlanState.PUBLISHED)
    if by.role != Role.OFFICE:
        rows = rows.filter(plan__department=by.department)
    return tuple([PlannedEntry(row.code, row.title) for row in await rows.order_by("-opens", "code")])


async def next_codes(entry: str) -> tuple[str, str]:
    """Numbers for another scheme of an entry and for its first batch."""
    schemes = await Scheme.filter(entry_id=entry).count()
    batches = await Batch.filter(scheme__entry_id=entry).count()
    return f"{entry}-S{schemes + 1 if schemes else ''}", f"{entry}-{batches + 1}"


async def choices(entry: str) -> SchemeChoices | None:
    row = await PlanEntry.get_or_none(code=entry, plan__state=PlanState.PUBLISHED).select_related("plan")
    if row is None:
        return None
    names, called = await departments(), await streets.current()
    areas = [(name, name) for code, name in called.items() if not row.areas or code in row.areas]
    crews = (row.plan.department, *row.participating)
    return SchemeChoices(
        row.code, row.title, row.plan.department, row.opens, row.closes, tuple(sorted(row.rates)),
        ((WHOLE_DISTRICT, ""), *areas), tuple((code, names.get(code, code)) for code in crews),
    )  # fmt: skip
