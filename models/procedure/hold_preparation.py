"""What a draw gives, worked out before the transaction that holds it (Art. 14 (1))."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.collector import no_collection
from models.procedure.ceremony import initiating, is_given
from models.procedure.hold_rows import HoldRows, rows_of
from models.procedure.snapshot import officers_of, targets_of
from models.queries import draw_texts, year_visits
from models.queries.draw_basis import Basis, basis
from models.queries.draws import brought_in, committed, entry_of, find_with_batch, unfit_on
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.draw.rows import Hold, Mode
from models.rules.yearly_cap import DRAWN_ELSEWHERE
from models.tables import Batch, Draw, Inspector, PlanEntry, Pledge


@dataclass(frozen=True, slots=True)
class ReadyHold:
    """A draw as it will be held. `basis`: what it was worked out from; `given`: by source who gave what; `people`: by
    certificate."""

    basis: Basis
    batch: Batch
    entry: PlanEntry
    row: Draw
    given: dict[str, Pledge]
    people: Mapping[str, Inspector]
    drawn: rules.Draw
    rows: HoldRows


async def prepare(draw_code: str, *, by: Actor, at: datetime) -> ReadyHold | None:
    """Everything that `draw.hold` writes; None where it is held already. Refuses what it refuses."""
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    row, batch = await find_with_batch(draw_code)
    entry = await entry_of(batch)
    initiating(entry, by)
    if row.held_at:
        return None
    if row.voided_at:
        raise Refusal("draw.over", article="14(1)", draw=draw_code)
    with no_collection():
        return await _prepared(row, batch, entry, at)


async def _prepared(row: Draw, batch: Batch, entry: PlanEntry, at: datetime) -> ReadyHold:
    known, fixed = await basis(batch, entry), await committed(row)
    given = {pledged.source: pledged for pledged in await Pledge.filter(draw_id=row.code)}
    if fixed.rules.mode is Mode.OFFICIAL and fixed.rules.steerable:
        raise Refusal("draw.no_outside_source", article="14(1)", draw=row.code)
    if silent := [source for source in fixed.rules.entropy if not is_given(given[source])]:
        raise Refusal("draw.values_missing", article="14(1)", sources=silent)
    given = {source: given[source] for source in fixed.rules.entropy}
    people = await officers_of(row)
    pledges = [given[f"witness:{department}"].pledge for department in fixed.rules.witnesses]
    values = [pledged.value for pledged in given.values()]
    unfit, holds = await unfit_on(at, people), await _standing_holds(row, batch)
    if fixed.rules.mode is Mode.PLATFORM:
        drawn = await brought_in(row)
    else:
        drawn = await asyncio.to_thread(rules.hold, fixed, pledges, values, at, unfit, holds)
    stand = await asyncio.to_thread(rules.stand, drawn)
    targets = await targets_of(row, stand.team_of)
    rows = await asyncio.to_thread(rows_of, batch, row, drawn, stand, targets, people, at)
    return ReadyHold(known, batch, entry, row, given, people, drawn, rows)


async def _standing_holds(row: Draw, batch: Batch) -> list[Hold]:
    """The holds to be opened for whoever is drawn: all complaint clues, and of those that waited for another draw the ones
    whose year it has filled. Refuses while such a draw, committed before, is still open."""
    waiting = {id for id, (ground, *_) in row.openings.items() if ground == DRAWN_ELSEWHERE}
    if not waiting:
        return [_hold(id, row.openings[id]) for id in sorted(row.openings)]
    known: dict[str, Any] = row.register or {}
    there = await draw_texts.targets(row, waiting)
    numbers = {id: str(there[id][0]) for id in waiting}
    if earlier := await year_visits.open_before(row, set(numbers.values())):
        raise Refusal("draw.other_first", article="14(1)", draws=earlier)
    filled = await year_visits.filled(batch, set(numbers.values()), known.get("most", 0))
    return [
        _hold(id, row.openings[id])
        for id in sorted(row.openings)
        if id not in waiting or numbers[id] in filled
    ]


def _hold(id: str, opening: list[str]) -> Hold:
    ground, document, salt = opening
    return Hold(id, ground, document, bytes.fromhex(salt))
