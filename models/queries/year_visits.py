"""What counts against each target's year: tasks drawn and pools of draws that are not held yet (Art. 14 (1))."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.queries import draw_texts
from models.queries.planned import entry_value
from models.queries.registered import TargetFacts
from models.queries.sheet import again_for
from models.rules.eligibility import in_scope, key_items_of, stratum_of, year_of
from models.rules.plan import Entry
from models.rules.yearly_cap import YearVisits, item_cap, left_of_year, year_ground
from models.states import BatchState
from models.tables import Batch, Draw, Item, Scheme, Target, Task


@dataclass(frozen=True, slots=True)
class CountedVisit:
    """A target in a batch of the year. `open_`: it lies in the pool of a committed draw, and is not drawn yet."""

    target: str
    batch: str
    items: tuple[str, ...]
    open_: bool = False


@dataclass(frozen=True, slots=True)
class VisitLedger:
    """Everything that counts against a year."""

    visits: tuple[CountedVisit, ...]

    def elsewhere(self, batch: str) -> dict[str, YearVisits]:
        """By target's number what counts outside a batch."""
        by_target: dict[str, list[CountedVisit]] = {}
        for visit in self.visits:
            if visit.batch != batch:
                by_target.setdefault(visit.target, []).append(visit)
        return {target: _counted(visits) for target, visits in by_target.items()}


def _counted(visits: Sequence[CountedVisit]) -> YearVisits:
    drawn = [visit for visit in visits if not visit.open_]
    lying = [visit for visit in visits if visit.open_]
    by_item = (Counter(code for visit in part for code in visit.items) for part in (drawn, lying))
    items, pool_items = by_item
    return YearVisits(drawn=len(drawn), items=items, pools=len(lying), pool_items=pool_items)


async def ledger(year: int, target: str = "") -> VisitLedger:
    """The visits of a year, of one target alone where one is named. A voided draw leaves none."""
    tasks = Task.filter(
        batch__opens__gte=date(year, 1, 1), batch__opens__lte=date(year, 12, 31), draw__voided_at=None
    )
    if target:
        tasks = tasks.filter(target_id=target)
    drawn = await tasks.values_list("target_id", "batch_id", "draw_id", "pool_id")
    open_ = Draw.filter(
        voided_at=None, held_at=None, batch__state=BatchState.COMMITTED, batch__opens__gte=date(year, 1, 1),
        batch__opens__lte=date(year, 12, 31),
    )  # fmt: skip
    pools = list(await open_.only("code", "batch_id", "register", "texts"))
    items = await _items_of({str(row[1]) for row in drawn} | {str(row.batch_id) for row in pools})
    visits = [
        CountedVisit(str(number), str(batch), await _inspected(str(draw), str(id), items[str(batch)]))
        for number, batch, draw, id in drawn
    ]
    for row in pools:
        async for visit in _lying(row, items[str(row.batch_id)]):
            if not target or visit.target == target:
                visits.append(visit)
    return VisitLedger(tuple(visits))


async def _items_of(batches: set[str]) -> dict[str, tuple[str, ...]]:
    """The items of each batch's entry."""
    rows = await Batch.filter(code__in=list(batches)).values_list("code", "scheme__entry__items")
    return {str(code): tuple(items) for code, items in rows}


async def _inspected(draw: str, id: str, items: tuple[str, ...]) -> tuple[str, ...]:
    """The items of one task: those alone for which its target was drawn again, else its entry's."""
    return tuple((await again_for(draw)).get(id, ())) or items


async def _lying(row: Draw, items: tuple[str, ...]) -> AsyncIterator[CountedVisit]:
    """The pool of a draw that is not held."""
    again = (row.register or {}).get("again", {})
    for id, known in (await draw_texts.targets(row)).items():
        cited = tuple(again.get(id, ()))
        yield CountedVisit(str(known[0]), str(row.batch_id), cited or items, open_=True)


async def open_before(row: Draw, targets: set[str]) -> list[str]:
    """Codes of draws committed before this one and not held yet, in whose pool one of these targets lies."""
    others = Draw.filter(voided_at=None, held_at=None, batch__state=BatchState.COMMITTED).exclude(
        code=row.code
    )
    return sorted(
        [
            other.code
            for other in await others.only("code", "mode", "number", "committed_at", "texts")
            if _before(other, row)
            and any(known[0] in targets for known in (await draw_texts.targets(other)).values())
        ]
    )


def _before(other: Draw, row: Draw) -> bool:
    """By the chain's numbers; a rehearsal and a draw in earnest by their time."""
    if other.mode == row.mode:
        return other.number < row.number
    return (other.committed_at, other.mode) < (row.committed_at, row.mode)


async def filled(batch: Batch, targets: set[str], most: int) -> set[str]:
    """Of these targets those that may not be drawn in this batch any more. `most`: as it was when it was committed."""
    scheme = await Scheme.get(code=batch.scheme_id).select_related("entry")
    entry = entry_value(scheme.entry)
    items = {item.code: item for item in await Item.filter(code__in=entry.items)}
    years = (await ledger(batch.opens.year)).elsewhere(batch.code)
    full = set()
    for target in await Target.filter(code__in=list(targets)):
        year = year_of(years, target)
        if year_ground(year, key_items_of(entry, items, target), most) is not None:
            full.add(target.code)
    return full


@dataclass(frozen=True, slots=True)
class ItemLeft:
    """A 重点检查事项 with its visits of the year; `cap` and `left` are None where its frequency names no upper number."""

    code: str
    name: str
    visits: int
    cap: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class TargetYear:
    """本年度次数 of one target. `left`: visits it may still be drawn for without a declared exception; None: no upper number."""

    year: int
    visits: YearVisits
    left: int | None
    most: int
    items: tuple[ItemLeft, ...]


async def of_target(code: str, year: int, most: int) -> TargetYear | None:
    """The year of one target as its row shows it; None where there is no such target."""
    target = await Target.get_or_none(code=code)
    if target is None:
        return None
    known = (await ledger(year, code)).elsewhere("")
    visits = year_of(known, target)
    rows = await Item.filter(code__in=list(target.items), key=True, retired_at=None).order_by("code")
    caps = {row.code: item_cap(row.frequency) for row in rows}
    left = left_of_year(visits, caps, most)
    return TargetYear(year, visits, left, most, tuple(_item_left(row, visits) for row in rows))


def _item_left(row: Item, year: YearVisits) -> ItemLeft:
    cap, visits = item_cap(row.frequency), year.items.get(row.code, 0)
    return ItemLeft(row.code, row.name, visits, cap, None if cap is None else max(cap - visits, 0))


async def spent_of(
    entry: Entry, items: Mapping[str, Item], targets: Sequence[TargetFacts], most: int
) -> Counter[str]:
    """By class the targets of an entry that have no visit left this year without a declared exception."""
    years = (await ledger(entry.opens.year)).elsewhere("")
    spent: Counter[str] = Counter()
    for target in targets:
        year = year_of(years, target)
        if year.total and not target.complaint and in_scope(entry, target):
            keys = key_items_of(entry, items, target)
            spent[stratum_of(target)] += year_ground(year, keys, most) is not None
    return spent
