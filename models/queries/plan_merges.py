"""合并建议: which published entries may be brought together, what is proposed, and who has accepted (Art. 12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models.queries.person import departments
from models.queries.plan_drafts import Consent
from models.queries.planned import entry_value
from models.queries.registered import all_targets
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.merging import MergingProposal, merge_entries, proposals, shared_industries
from models.rules.plan import ARTICLE, Entry
from models.rules.plan_draft import EntryForm, form_of
from models.states import PlanState
from models.tables import PlanEntry, PlanMerge, Scheme


@dataclass(frozen=True, slots=True)
class EntryMerge:
    """`form`: the entry as it would go on; `ends`: the number of the one that would be withdrawn."""

    id: int
    year: int
    department: str
    initiating: str
    other: str
    form: EntryForm
    ends: str
    ends_title: str
    shared: int
    heads: tuple[Consent, ...]
    proposed: datetime
    merged: datetime | None
    dropped: datetime | None
    reason: str
    drop_reason: str

    @property
    def open(self) -> bool:
        return self.merged is None and self.dropped is None


@dataclass(frozen=True, slots=True)
class MergeablePair:
    """A pair that the office may propose, with both titles and departments."""

    pair: MergingProposal
    titles: tuple[str, str]
    departments: tuple[str, str]


def asked(row: PlanMerge) -> tuple[str, ...]:
    """Whose heads must accept: who initiates either entry and who takes part in either."""
    return (row.department, *row.content["participating"])


async def merge(merge_id: int) -> EntryMerge | None:
    row = await PlanMerge.get_or_none(id=merge_id)
    return await merge_of(row) if row else None


async def merge_of(row: PlanMerge) -> EntryMerge:
    names = await departments()
    answers = [(code, row.signatures.get(code, {})) for code in asked(row)]
    return EntryMerge(
        row.id, row.year, row.department, names.get(row.department, row.department), names.get(row.other, row.other),
        form_of(row.goes_on, row.content), row.ends, row.ended["title"], row.shared,
        tuple(
            Consent(code, names.get(code, code), answer.get("agreed"), answer.get("reason", "")) for code, answer in answers
        ),
        row.proposed_at, row.merged_at, row.dropped_at, row.reason, row.drop_reason,
    )  # fmt: skip


async def merges(by: Actor, year: int) -> tuple[EntryMerge, ...]:
    """The year's proposals that a person may see, the newest first: the office all, a department those it is asked about."""
    rows = await PlanMerge.filter(year=year).order_by("-id")
    return tuple(
        [await merge_of(row) for row in rows if by.role == Role.OFFICE or by.department in asked(row)]
    )


async def to_accept(department: str) -> tuple[EntryMerge, ...]:
    """Open proposals that wait for the word of this department's head."""
    rows = await PlanMerge.filter(merged_at=None, dropped_at=None).order_by("id")
    waiting = [row for row in rows if department in asked(row) and department not in row.signatures]
    return tuple([await merge_of(row) for row in waiting])


async def open_about(*codes: str) -> bool:
    """Whether an open proposal names one of these entries."""
    rows = PlanMerge.filter(merged_at=None, dropped_at=None)
    return await rows.filter(goes_on__in=codes).exists() or await rows.filter(ends__in=codes).exists()


async def candidates(year: int) -> tuple[MergeablePair, ...]:
    """Pairs of different departments' entries that share targets, days and a method, without scheme or open proposal."""
    rows = await PlanEntry.filter(plan__year=year, plan__state=PlanState.PUBLISHED).select_related("plan")
    used = {scheme.entry_id for scheme in await Scheme.all().only("code", "entry_id")}
    named = {
        code
        for row in await PlanMerge.filter(year=year, merged_at=None, dropped_at=None)
        for code in (row.goes_on, row.ends)
    }
    free = {row.code: row for row in rows if row.code not in used | named}
    names = await departments()
    pairs = proposals(map(entry_value, free.values()), await all_targets())
    return tuple(
        MergeablePair(
            pair, (free[pair.one].title, free[pair.other].title),
            (names.get(free[pair.one].plan.department, ""), names.get(free[pair.other].plan.department, "")),
        )
        for pair in pairs if free[pair.one].plan.department != free[pair.other].plan.department
    )  # fmt: skip


async def merged(going: PlanEntry, ending: PlanEntry) -> tuple[Entry, int]:
    """The entry as it would go on for both, and how many targets they share. Refused where they share nothing."""
    entries, targets = (entry_value(going), entry_value(ending)), await all_targets()
    pairs = proposals(entries, targets)
    if not pairs:
        raise Refusal("plan.merge_nothing_shared", ARTICLE, entry=going.code, other=ending.code)
    industries: Iterable[str] = shared_industries(*entries, targets)
    return merge_entries(*entries, going.plan.department, ending.plan.department, tuple(industries)), pairs[
        0
    ].shared
