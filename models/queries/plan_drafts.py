"""计划草案: who drafts what, who has consented, who has handed in, who is late, who is silent (Art. 12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models.queries import checklists, scheme_figures, streets, year_visits
from models.queries.person import departments
from models.queries.registered import all_targets
from models.rules.actor import Actor, Role
from models.rules.eligibility import in_scope, stratum_of
from models.rules.plan import CLASSES, Entry, is_late
from models.rules.plan_draft import EntryForm, form_of
from models.rules.registry.rows import Method
from models.rules.visit import local_day
from models.tables import Department, DraftEntry, Item, Plan, PlanDraft, PlanEntry


@dataclass(frozen=True, slots=True)
class Consent:
    """What a participating department's head said; `agreed` None before."""

    department: str
    name: str
    agreed: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftedEntry:
    """`unchanged`: it stands so in the published plan, and nobody is asked again."""

    id: int
    draft: int
    year: int
    department: str
    initiating: str
    form: EntryForm
    participating: tuple[Consent, ...]
    unchanged: bool
    asked: bool
    open: bool  # its plan is not handed in yet

    @property
    def missing(self) -> tuple[str, ...]:
        """Departments whose consent it lacks."""
        return (
            ()
            if self.unchanged
            else tuple(consent.department for consent in self.participating if not consent.agreed)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """`amends`: the version of the published plan that it would replace, 0 without one; `withdrawn`: number and title of
    that plan's entries that it leaves out."""

    id: int
    year: int
    department: str
    name: str
    amends: int
    reason: str
    handed_in: datetime | None
    late: bool
    published: datetime | None
    entries: tuple[DraftedEntry, ...]
    withdrawn: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        return bool(self.entries or self.amends) and not any(entry.missing for entry in self.entries)


class DepartmentProgress(StrEnum):
    """How far a department is with its plan of a year."""

    PUBLISHED = "published"
    HANDED_IN = "handed_in"
    DRAFTED = "drafted"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    department: str
    name: str
    standing: DepartmentProgress
    handed_in: date | None
    late: bool  # handed in after 31 January, or not handed in although it is over
    draft: int | None


@dataclass(frozen=True, slots=True)
class EntryCount:
    """How many registered targets an entry has, and how many its rate asks for, by class; `spent`: of them those with no
    visit left this year without a declared exception, by class."""

    targets: int
    classes: tuple[tuple[str, int, int], ...]
    lacking: tuple[str, ...]  # items without a published checklist
    spent: tuple[tuple[str, int], ...] = ()


async def draft(draft_id: int) -> Draft | None:
    """The draft of this number, published or not."""
    row = await PlanDraft.get_or_none(id=draft_id)
    return await draft_of(row) if row else None


async def draft_of(row: PlanDraft) -> Draft:
    names, plan = await departments(), await published(row.year, row.department)
    standing = await contents(plan)
    rows = await DraftEntry.filter(draft=row).order_by("code")
    entries = tuple(_entry(draft_entry, row, names, standing) for draft_entry in rows)
    codes = {entry.form.code for entry in entries}
    withdrawn = (
        ()
        if row.published_at
        else tuple(
            (code, content["title"]) for code, content in sorted(standing.items()) if code not in codes
        )
    )
    late = row.handed_in_at is not None and is_late(row.year, local_day(row.handed_in_at))
    return Draft(
        row.id, row.year, row.department, names.get(row.department, row.department), plan.version if plan else 0, row.reason,
        row.handed_in_at, (plan.late if plan else late), row.published_at, entries, withdrawn,
    )  # fmt: skip


async def entry(entry_id: int) -> DraftedEntry | None:
    """The drafted entry of this number."""
    row = await DraftEntry.get_or_none(id=entry_id).select_related("draft")
    if row is None:
        return None
    standing = await contents(await published(row.draft.year, row.draft.department))
    return _entry(row, row.draft, await departments(), standing)


async def published(year: int, department: str) -> Plan | None:
    return await Plan.filter(year=year, department=department).order_by("-version").first()


async def amendable(year: int, department: str) -> bool:
    """Whether the department's plan is published and nobody is amending it."""
    drafted = PlanDraft.filter(year=year, department=department, published_at=None)
    return await published(year, department) is not None and not await drafted.exists()


async def contents(plan: Plan | None) -> dict[str, dict[str, Any]]:
    """The entries of a published plan, by code, as a draft keeps them."""
    rows = await PlanEntry.filter(plan=plan) if plan else []
    return {
        row.code: {
            "title": row.title, "items": row.items, "industries": row.industries, "areas": row.areas,
            "participating": row.participating, "rates": row.rates, "opens": row.opens.isoformat(),
            "closes": row.closes.isoformat(), "methods": row.methods,
        }
        for row in rows
    }  # fmt: skip


def _entry(
    row: DraftEntry, draft: PlanDraft, names: Mapping[str, str], standing: Mapping[str, Mapping[str, Any]]
) -> DraftedEntry:
    lines = [(code, row.consents.get(code, {})) for code in row.content["participating"]]
    return DraftedEntry(
        row.id, draft.id, draft.year, draft.department, names.get(draft.department, draft.department),
        form_of(row.code, row.content),
        tuple(Consent(code, names.get(code, code), consent.get("agreed"), consent.get("reason", "")) for code, consent in lines),
        standing.get(row.code) == row.content, row.asked_at is not None,
        draft.handed_in_at is None and draft.published_at is None,
    )  # fmt: skip


async def drafts(by: Actor, year: int) -> tuple[Draft, ...]:
    """The year's drafts that a person may see: the office what is handed in or drafted, a department its own and those
    that name it."""
    rows = await PlanDraft.filter(year=year, published_at=None).order_by("department")
    results = [await draft_of(row) for row in rows]
    return tuple(listed for listed in results if may_see(listed, by))


def may_see(result: Draft, by: Actor) -> bool:
    named = {consent.department for entry in result.entries for consent in entry.participating}
    return (
        by.role == Role.OFFICE
        or by.department == result.department
        or (by.role == Role.HEAD and by.department in named)
    )


async def to_consent(department: str) -> tuple[DraftedEntry, ...]:
    """Entries that wait for the word of this department's head."""
    rows = await DraftEntry.filter(draft__handed_in_at=None, draft__published_at=None).order_by("id")
    entries = [await entry(row.id) for row in rows if department in row.content["participating"]]
    return tuple(
        drafted for drafted in entries if drafted and not drafted.unchanged
        and any(consent.department == department and consent.agreed is None for consent in drafted.participating)
    )  # fmt: skip


async def to_hand_in(department: str) -> tuple[Draft, ...]:
    """Drafts of this department with every consent, which its head may sign."""
    rows = await PlanDraft.filter(department=department, handed_in_at=None, published_at=None).order_by("id")
    results = [await draft_of(row) for row in rows]
    return tuple(listed for listed in results if listed.complete)


async def standings(year: int, today: date) -> tuple[DepartmentLine, ...]:
    """Every department in force, with how far its plan of the year is."""
    plans = {row.department: row for row in await Plan.filter(year=year).order_by("version")}
    open_ = {row.department: row for row in await PlanDraft.filter(year=year, published_at=None)}
    lines = []
    for row in await Department.filter(retired_at=None).order_by("code"):
        plan, drafted = plans.get(row.code), open_.get(row.code)
        handed = local_day(drafted.handed_in_at) if drafted and drafted.handed_in_at else None
        day = plan.submitted_on if plan else handed
        standing = (
            DepartmentProgress.HANDED_IN
            if handed
            else DepartmentProgress.PUBLISHED
            if plan
            else DepartmentProgress.DRAFTED
            if drafted
            else DepartmentProgress.SILENT
        )
        late = plan.late if plan else is_late(year, day or today)
        lines.append(DepartmentLine(row.code, row.name, standing, day, late, drafted.id if drafted else None))
    return tuple(lines)


async def count(entry: Entry, *, most: int = 0) -> EntryCount:
    """What the filter and the rates of an entry come to in today's register. `most`: the district's cap on visits of a
    year."""
    targets, items = await all_targets(), await scheme_figures.items_of(entry)
    counter = Counter(stratum_of(target) for target in targets if in_scope(entry, target))
    spent = await year_visits.spent_of(entry, items, targets, most)
    classes = [
        (name, size, entry.due_from(name, size) if name in entry.rates else 0)
        for name, size in sorted(counter.items())
    ]
    lacking = tuple(await checklists.without(entry.items))
    return EntryCount(
        sum(counter.values()),
        tuple(classes),
        lacking,
        tuple(sorted((name, n) for name, n in spent.items() if n)),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form of an entry offers: code and name; `lacking`: items that cannot be planned for want of a checklist."""

    items: tuple[tuple[str, str], ...]
    lacking: frozenset[str]
    departments: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]
    methods: tuple[str, ...]
    classes: tuple[str, ...]


async def choices(department: str) -> Choices:
    items = [
        (str(code), str(name))
        for code, name in await Item.filter(retired_at=None).order_by("code").values_list("code", "name")
    ]
    others = Department.filter(retired_at=None).exclude(code=department).order_by("code")
    return Choices(
        tuple(items), frozenset(await checklists.without(code for code, _ in items)),
        tuple([(row.code, row.name) for row in await others]), tuple((await streets.current()).items()),
        tuple(map(str, Method)), CLASSES,
    )  # fmt: skip
