"""Who may be drawn, who may be sent, and who is left out on which ground (Art. 3, 10, 14).

Every target in the plan's scope is either in the pool or among the exclusions, never silently neither.
Targets under a complaint clue (Art. 3 (3)) stay in the pool and are held: their absence would say something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from models.rules.draw.eligible import Candidate, Eligible, Exclusion, Recusal
from models.rules.draw.rows import RosterRow
from models.rules.fitness import away
from models.rules.plan import UNRATED, Entry
from models.rules.registered import InspectorLike, ItemLike, TargetLike
from models.rules.registry.rows import EVERYWHERE, InspectorStatus, TargetStatus
from models.rules.scheme import WHOLE_DISTRICT, BatchPlan
from models.rules.yearly_cap import GROUNDS, YearVisits, item_cap, items_left, waits, year_ground

__all__ = ["HELD", "Eligible", "EntryBatch", "draw_code", "find_eligible", "in_scope", "stratum_of"]

HELD = "art3-3"
AUTHORITIES = ("国家", "省", "市", "县", "区")  # levels with authority over the district; a station has none


@dataclass(frozen=True)
class EntryBatch:
    """One batch of a plan's entry. `streets`: name to code, for areas written by name.

    `declared`: target number to `art3-1`, `art3-2` or `art3-4`, each backed by a document; `clues`: numbers of
    targets under a complaint clue; `lifted`: numbers of those that a cited exception lets be drawn again.
    `years`: by target's number what counts against its year elsewhere than in this batch and in the register; `most`: the
    district's cap on visits of a year, 0 without one.
    """

    entry: Entry
    batch: BatchPlan
    initiating: str
    items: Mapping[str, ItemLike]
    streets: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)
    years: Mapping[str, YearVisits] = field(default_factory=dict)
    clues: Collection[str] = frozenset()
    lifted: Collection[str] = frozenset()
    most: int = 0

    def key_items(self, target: TargetLike) -> dict[str, int | None]:
        """The 重点检查事项 of the entry that apply to this target, with their caps: for these, and no others of the
        entry, it may be drawn again in a year (Art. 14 (1))."""
        return key_items_of(self.entry, self.items, target)

    def year(self, target: TargetLike) -> YearVisits:
        return year_of(self.years, target)

    def counts(self, target: TargetLike) -> bool:
        """Whether anything counts against its year: for most of a register nothing does."""
        return target.code in self.years or bool(target.checked_this_year)

    def cited(self, target: TargetLike) -> tuple[str, ...]:
        """The key items for which it may be drawn although it was before this year; none where it was not."""
        year = self.year(target)
        return items_left(year, self.key_items(target)) if year.total else ()

    def excepted(self, target: TargetLike) -> bool:
        """Whether a declared exception, or a complaint in the register, lifts every cap of it (Art. 14 (1))."""
        return target.complaint or target.code in self.lifted

    def year_ground(self, target: TargetLike) -> str | None:
        """Why its year leaves it out; None when it may be drawn."""
        year = self.year(target)
        if not year.total or self.excepted(target):
            return None
        return year_ground(year, self.key_items(target), self.most)

    def waits(self, target: TargetLike) -> bool:
        """Whether another open draw decides about its year."""
        year = self.year(target)
        return (
            bool(year.pools) and not self.excepted(target) and waits(year, self.key_items(target), self.most)
        )

    def may_be_checked_again(self, target: TargetLike) -> bool:
        """Whether it may be drawn in another batch too once it was drawn in this one."""
        return self.excepted(target) or self._left_after(target)

    def _left_after(self, target: TargetLike) -> bool:
        year, keys = self.year(target), self.key_items(target)
        counted = {code: year.items.get(code, 0) + 1 for code in keys}
        return year_ground(replace(year, drawn=year.drawn + 1, items=counted), keys, self.most) is None

    def area_of(self, street: str) -> str | None:
        """The batch's area that a street lies in, as the scheme writes it."""
        if WHOLE_DISTRICT in self.batch.teams:
            return WHOLE_DISTRICT
        return next((area for area in self.batch.teams if self.streets.get(area, area) == street), None)

    def items_of(self, department: str) -> set[str]:
        """The entry's items in which a department takes part; all of them where the list names it in none."""
        items = set(self.entry.items)
        return {code for code in items if department in _departments(self.items[code])} or items


def in_scope(entry: Entry, target: TargetLike) -> bool:
    """Is this target one of the plan entry's objects: industry, street, and an item that applies to it."""
    return (
        (not entry.industries or target.industry in entry.industries)
        and (not entry.areas or target.street in entry.areas)
        and (not target.items or not set(entry.items).isdisjoint(target.items))
    )


def key_items_of(entry: Entry, items: Mapping[str, ItemLike], target: TargetLike) -> dict[str, int | None]:
    """Code to cap of the entry's 重点检查事项 that apply to a target, in the plan's order."""
    applying = set(target.items) or set(entry.items)
    return {
        code: item_cap(items[code].frequency) for code in entry.items if items[code].key and code in applying
    }


def year_of(years: Mapping[str, YearVisits], target: TargetLike) -> YearVisits:
    """What counts against a target's year, the register's own number with it."""
    year = years.get(target.code, YearVisits())
    return replace(year, registered=target.checked_this_year) if target.checked_this_year else year


def draw_code(target: TargetLike) -> str:
    """What a target's id is made from: the code it knows itself by, its number where it has none."""
    return target.credit_code or target.code


def stratum_of(target: TargetLike) -> str:
    """Its credit-risk class; targets that nobody rates (non-profit, non-market) form their own."""
    return target.risk or UNRATED


@dataclass(frozen=True, slots=True)
class _Standing:
    """What targets have in common that are alike but for their names. `closed`, `elsewhere`: why none of them may be drawn,
    before and after what is known of one alone."""

    stratum: str
    area: str
    closed: str | None
    elsewhere: str | None


def _standing(round_: EntryBatch, target: TargetLike) -> _Standing | None:
    """None of those that are not in scope."""
    if not in_scope(round_.entry, target):
        return None
    stratum, area = stratum_of(target), round_.area_of(target.street)
    closed = None if target.status == TargetStatus.OPERATING else str(target.status)
    elsewhere = None if area is not None else "area-not-drawn"
    if stratum not in round_.batch.strata:
        elsewhere = "class-not-drawn" if target.risk else "no-class"
    return _Standing(stratum, area or WHOLE_DISTRICT, closed, elsewhere)


def _in_scope(
    round_: EntryBatch, targets: Iterable[TargetLike]
) -> Iterator[tuple[TargetLike, _Standing, str | None]]:
    """Every target in scope, with the ground on which it may not be drawn; None when it may. Few are different in what
    decides about all but their year."""
    known: dict[tuple[object, ...], _Standing | None] = {}
    for target in targets:
        alike = (target.industry, target.street, target.status, target.risk, tuple(target.items))
        if alike not in known:
            known[alike] = _standing(round_, target)
        if (standing := known[alike]) is None:
            continue
        ground = standing.closed or round_.declared.get(target.code)
        if not ground and round_.counts(target):
            ground = round_.year_ground(target)
        yield target, standing, ground or standing.elsewhere


def inspector_ground(round_: EntryBatch, inspector: InspectorLike, covered: Collection[str]) -> str | None:
    """Why an inspector may not be sent; None when he or she may. `covered`: the batch's areas covered."""
    until = inspector.certificate_until
    grounds = {
        "expert": inspector.expert,
        "left": inspector.status == InspectorStatus.LEFT,
        "leave": inspector.status == InspectorStatus.ON_LEAVE or _away_throughout(round_.batch, inspector),
        "no-certificate": not inspector.certificate,
        "expired": until is None or until < round_.batch.closes,
        "level": not inspector.level.startswith(AUTHORITIES),
        "items": not _covers(inspector.items, round_.items_of(inspector.department)),
        "area": not covered,
    }
    return next((ground for ground, stands in grounds.items() if stands), None)


def _away_throughout(batch: BatchPlan, inspector: InspectorLike) -> bool:
    """On leave on the first day of the batch and on the last one; who is back before may be drawn."""
    leave = inspector.leave_from, inspector.leave_until
    return away(*leave, batch.opens) and away(*leave, batch.closes)


def find_eligible(
    round_: EntryBatch, targets: Iterable[TargetLike], inspectors: Iterable[InspectorLike]
) -> Eligible:
    """Sort everybody in scope into pool, roster and exclusions."""
    inhabited: set[str] = set()
    pool: list[Candidate] = []
    excluded: list[Exclusion] = []
    held: list[str] = []
    again: dict[str, tuple[str, ...]] = {}
    spent: Counter[str] = Counter()
    waiting: list[str] = []
    for target, standing, ground in _in_scope(round_, targets):
        code = target.code
        if ground:
            excluded.append(Exclusion(code, target.credit_code or code, ground))
            spent[standing.stratum] += ground in GROUNDS
            continue
        pool.append(Candidate(code, target.credit_code or code, standing.stratum, standing.area))
        inhabited.add(target.street)
        if target.complaint or code in round_.clues:
            held.append(code)
        if not round_.counts(target):
            continue
        waiting += [target.code] if round_.waits(target) else []
        if not round_.excepted(target) and (cited := round_.cited(target)):
            again[target.code] = cited
    roster, recusals, unfit = _find_roster(round_, inspectors, pool, round_.entry.areas or inhabited)
    return Eligible(
        tuple(pool),
        tuple(roster),
        tuple(recusals),
        tuple(excluded),
        tuple(unfit),
        tuple(held),
        again,
        spent,
        tuple(waiting),
    )


def _find_roster(
    round_: EntryBatch,
    inspectors: Iterable[InspectorLike],
    pool: Iterable[Candidate],
    streets: Collection[str],
) -> tuple[list[RosterRow], list[Recusal], list[Exclusion]]:
    """Inspectors of departments that send nobody are out of scope; experts of no department are named,
    since they never count as officers."""
    inspectors = list(inspectors)
    named = {code for inspector in inspectors for code in inspector.recused}
    numbers = {code: row.target for row in pool for code in row[:2] if code in named} if named else {}
    roster, recusals, unfit = [], [], []
    for inspector in inspectors:
        if inspector.department not in round_.batch.crew and (inspector.department or not inspector.expert):
            continue
        subject = inspector.certificate or inspector.code
        covered = tuple(sorted(_areas(round_, inspector, streets)))
        if ground := inspector_ground(round_, inspector, covered):
            unfit.append(Exclusion(inspector.code, subject, ground))
            continue
        roster.append(RosterRow(subject, inspector.department, covered, inspector.may_lead))
        recused = {numbers[code] for code in inspector.recused if code in numbers}
        recusals += [Recusal(target, subject) for target in sorted(recused)]
    return roster, recusals, unfit


def _areas(round_: EntryBatch, inspector: InspectorLike, streets: Collection[str]) -> Iterator[str]:
    """The batch's areas an inspector covers; the whole district only by covering every one of `streets`."""
    for area in round_.batch.teams:
        needed = streets if area == WHOLE_DISTRICT else [round_.streets.get(area, area)]
        if _covers(inspector.areas, needed):
            yield area


def _covers(held: Collection[str], needed: Iterable[str]) -> bool:
    return EVERYWHERE[0] in held or (bool(held) and set(needed) <= set(held))


def _departments(item: ItemLike) -> set[str]:
    return {item.initiating, *item.participating.split(";")}
