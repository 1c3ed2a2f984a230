"""Who could be drawn and sent in a batch today: the same for a draft's figures, the scheme and the commit (Art. 13, 14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.queries import declarations, year_visits
from models.queries.registered import TargetFacts, all_targets
from models.rules.draw.declaration import Declarations
from models.rules.eligibility import Eligible, EntryBatch, find_eligible
from models.rules.plan import Entry
from models.rules.scheme import BatchPlan, sums_of
from models.rules.scheme_figures import CrewShortage, SchemeFigures, figures_of, shortages_of
from models.rules.workdays import Calendar
from models.rules.yearly_cap import YearVisits
from models.states import BatchState
from models.tables import Batch, Inspector, Item


@dataclass(frozen=True, slots=True)
class EligibleByBatch:
    """Batches that may still change, each with who is eligible. `together`: all that draw from one pool from now on;
    `again`: by class the targets that may be drawn in each of them."""

    eligible: Mapping[str, Eligible]
    together: tuple[BatchPlan, ...]
    again: Mapping[str, int]

    @property
    def sizes(self) -> dict[str, Counter[str]]:
        return {code: eligible.sizes for code, eligible in self.eligible.items()}


async def items_of(entry: Entry) -> dict[str, Item]:
    return {item.code: item for item in await Item.filter(code__in=entry.items)}


def round_of(
    batch: BatchPlan,
    entry: Entry,
    initiating: str,
    items: Mapping[str, Item],
    targets: Iterable[TargetFacts],
    *,
    declared: Declarations,
    years: Mapping[str, YearVisits],
    most: int,
) -> EntryBatch:
    """One batch with what is declared in it and what counts against each target's year elsewhere."""
    return EntryBatch(
        entry, batch, initiating, items,
        streets={target.street_name: target.street for target in targets if target.street_name},
        declared=declared.out, years=years, clues=declared.clues.keys(), lifted=declared.again.keys(), most=most,
    )  # fmt: skip


async def sort(
    scheme: str, batches: Sequence[BatchPlan], entry: Entry, initiating: str, *, most: int
) -> EligibleByBatch:
    """Sort targets and officers for each batch of a scheme that nobody has committed or voided. `most`: the district's
    cap on visits of a year."""
    states = {row.code: row.state for row in await Batch.filter(scheme_id=scheme)}
    open_ = [batch for batch in batches if states.get(batch.code, BatchState.OPEN) == BatchState.OPEN]
    targets, inspectors = await all_targets(), await Inspector.all()
    items, by_number = await items_of(entry), {target.code: target for target in targets}
    eligible: dict[str, Eligible] = {}
    again: Counter[str] = Counter()
    visits = await year_visits.ledger(entry.opens.year)
    for batch in open_:
        round_ = round_of(
            batch, entry, initiating, items, targets, declared=await declarations.standing(batch.code),
            years=visits.elsewhere(batch.code), most=most,
        )  # fmt: skip
        eligible[batch.code] = find_eligible(round_, targets, inspectors)
        again = Counter(
            row.stratum for row in eligible[batch.code].pool if round_.may_be_checked_again(by_number[row.target])
        )  # fmt: skip
    waiting = [batch for batch in batches if states.get(batch.code) == BatchState.COMMITTED]
    return EligibleByBatch(eligible, (*open_, *waiting), again)


async def shortages(
    scheme: str, batches: Sequence[BatchPlan], entry: Entry, initiating: str, *, most: int = 0
) -> tuple[CrewShortage, ...]:
    """Departments that could not fill their seats today in the open batches of a scheme."""
    eligible = (await sort(scheme, batches, entry, initiating, most=most)).eligible
    return tuple(
        short
        for batch in batches
        if batch.code in eligible
        for short in shortages_of(batch, initiating, eligible[batch.code].roster)
    )


async def figures(
    scheme: str, batches: Sequence[BatchPlan], entry: Entry, initiating: str, calendar: Calendar, *, most: int
) -> SchemeFigures:
    """What the open batches of a scheme come to."""
    today = await sort(scheme, batches, entry, initiating, most=most)
    lines = tuple(
        figures_of(batch, entry, initiating, today.eligible[batch.code], calendar)
        for batch in batches
        if batch.code in today.eligible
    )
    return SchemeFigures(lines, sums_of(today.together, today.sizes, today.again))
