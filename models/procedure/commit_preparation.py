"""What a commit fixes, worked out before its transaction: nobody waits while a register is sorted and hashed (Art. 14 (1))."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.collector import no_collection
from models.procedure.ceremony import initiating
from models.procedure.draw_texts import put_down
from models.procedure.snapshot import snapshot, targets_file
from models.queries import checklists, declarations, scheme_figures, year_visits
from models.queries.draw_basis import Basis, basis
from models.queries.draws import current, entry_of, find_batch, last_of_chain
from models.queries.planned import batch_value, entry_value
from models.queries.registered import TargetFacts, all_targets
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.draw import chance, commitment
from models.rules.draw.declaration import Declarations
from models.rules.draw.files import canonical
from models.rules.draw.pieces import KEYS, TARGETS, Names, named
from models.rules.draw.rows import Commitment, DrawRules, Hold, Mode, PseudonymKey, keys_file, keys_of
from models.rules.eligibility import HELD, Eligible, EntryBatch, find_eligible
from models.rules.scheme import refuse_short
from models.rules.yearly_cap import DRAWN_ELSEWHERE
from models.states import BatchState, move
from models.tables import Batch, Inspector, PlanEntry


@dataclass(frozen=True, slots=True)
class ReadyCommit:
    """A draw as it will be committed. `basis`: what it was worked out from; `checklists`: ids of their versions; `texts`: by
    file the names of its pieces, `pieces`: those by name; `openings`, `certain`, `register`: columns of its row."""

    basis: Basis
    batch: Batch
    entry: PlanEntry
    checklists: list[int]
    rules: DrawRules
    commitment: str
    texts: Names
    pieces: Mapping[str, str]
    openings: Mapping[str, list[str]]
    certain: Mapping[str, list[str]]  # strata, areas and inspectors that chance cannot change
    register: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CommitBasis:
    """What was read for a commit, ready to be reckoned with beside everybody else's work."""

    batch: Batch
    entry: PlanEntry
    round: EntryBatch
    targets: Sequence[TargetFacts]
    inspectors: Sequence[Inspector]
    declared: Declarations
    mode: Mode
    number: int
    previous: str
    sources: tuple[str, ...]
    most: int


async def prepare(
    batch_code: str,
    *,
    by: Actor,
    at: datetime,
    random: Callable[[int], bytes],
    practice: bool = False,
    outside_from: datetime | None = None,
    most: int = 0,
) -> ReadyCommit | None:
    """Everything that `draw.commit` writes; None where the batch is committed already. Refuses what it refuses.

    The pieces of its files lie in the database by then; no draw names them."""
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    batch = await find_batch(batch_code)
    entry = await entry_of(batch)
    initiating(entry, by)
    if batch.state != BatchState.OPEN and await current(batch):
        return None
    known = await basis(batch, entry)
    move(batch.state, BatchState.COMMITTED, "14(1)")
    versions = await checklists_of(entry, batch)
    with no_collection():
        read = await _read(batch, entry, at=at, practice=practice, outside_from=outside_from, most=most)
        ready = await asyncio.to_thread(_reckoned, read, known, versions, random, at)
    await put_down(ready.pieces)
    return ready


async def _read(
    batch: Batch, entry: PlanEntry, *, at: datetime, practice: bool, outside_from: datetime | None, most: int
) -> CommitBasis:
    declared = await declarations.standing(batch.code)
    planned, value = entry_value(entry), batch_value(batch)
    targets = await all_targets()
    round_ = scheme_figures.round_of(
        value, planned, entry.plan.department, await scheme_figures.items_of(planned), targets, declared=declared,
        years=(await year_visits.ledger(value.opens.year)).elsewhere(batch.code), most=most,
    )  # fmt: skip
    mode = Mode.PRACTICE if practice else Mode.OFFICIAL
    last = await last_of_chain(mode)
    sources = chance.complete(batch.entropy, mode, chance.begins(batch.ceremony, at, outside_from))
    return CommitBasis(
        batch, entry, round_, targets, await Inspector.all(), declared, mode,
        last.number + 1 if last else 1, last.commitment if last else "", sources, most,
    )  # fmt: skip


def _reckoned(
    read: CommitBasis, known: Basis, versions: list[int], random: Callable[[int], bytes], at: datetime
) -> ReadyCommit:
    eligible = find_eligible(read.round, read.targets, read.inspectors)
    if eligible.spent:
        refuse_short(read.round.batch, eligible.sizes, eligible.spent)
    codes = eligible.codes
    keys = keys_of([random(16) for _ in codes], list(codes.values()))
    ids = {target: key.id for target, key in zip(codes, keys, strict=True)}
    fixed, holds = _fix(read, eligible, ids, random)
    chance.check_official(fixed.rules, at)
    pieces: dict[str, str] = {}
    texts = named(_files(read, eligible, fixed, keys, ids), pieces)
    return ReadyCommit(
        known, read.batch, read.entry, versions, fixed.rules, fixed.commitment, texts, pieces,
        openings={h.id: [h.ground, h.document, h.salt.hex()] for h in holds}, certain=_certain(fixed),
        register=snapshot(fixed, ids, eligible, read.declared, read.inspectors) | {"most": read.most},
    )  # fmt: skip


def _files(
    read: CommitBasis,
    eligible: Eligible,
    fixed: Commitment,
    keys: Sequence[PseudonymKey],
    ids: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Name and text of each file, one after another."""
    for name, data in fixed.files.items():
        yield name, data.decode()
    yield KEYS, keys_file(keys).decode()
    yield TARGETS, targets_file({row.target: ids[row.target] for row in eligible.pool}, read.targets)


def _fix(
    read: CommitBasis, eligible: Eligible, ids: Mapping[str, str], random: Callable[[int], bytes]
) -> tuple[Commitment, list[Hold]]:
    batch, clues = read.batch, read.declared.clues
    laws = DrawRules(
        draw=f"{batch.code}-{'D' if read.mode == Mode.OFFICIAL else 'P'}{read.number}",
        areas=batch.teams,
        crew=batch.crew,
        initiating=read.entry.plan.department,
        strata=batch.strata,
        entropy=read.sources,
        number=read.number,
        previous=read.previous,
        mode=read.mode,
    )
    holds = [
        Hold(ids[target], HELD, clues.get(target) or _clue(target, batch), random(16))
        for target in eligible.held
    ]
    held = set(eligible.held)
    holds += [
        Hold(ids[target], DRAWN_ELSEWHERE, _clue(target, batch, DRAWN_ELSEWHERE), random(16))
        for target in eligible.waiting
        if target not in held
    ]
    fixed = commitment.commit(
        laws,
        eligible.pool_rows(ids),
        eligible.roster,
        eligible.recusal_rows(ids),
        eligible.exclusion_rows(ids),
        holds,
        padding=random,
    )
    return fixed, holds


def _clue(target: str, batch: Batch, ground: str = HELD) -> str:
    """SHA-256 of the paper behind a hold: what the register says when the batch is committed."""
    return hashlib.sha256(canonical({"target": target, "batch": batch.code, "clue": ground})).hexdigest()


def _certain(fixed: Commitment) -> dict[str, list[str]]:
    certain = commitment.certain(fixed.rules, fixed.pool, fixed.roster)
    return {
        "strata": list(certain.strata), "areas": list(certain.areas), "inspectors": list(certain.inspectors),
    }  # fmt: skip


async def checklists_of(entry: PlanEntry, batch: Batch) -> list[int]:
    """The newest published version of each checklist that serves one of the entry's items; each must have one."""
    if lacking := await checklists.without(entry.items):
        raise Refusal("draw.no_checklist", article="7", batch=batch.code, items=lacking)
    ids = sorted(checklist.id for checklist in (await checklists.newest(entry.items)).values())
    if strangers := sorted(await checklists.departments(entry.items) - set(batch.crew)):
        raise Refusal("draw.checklist_department", article="7", departments=strangers)
    return ids


def row_of(ready: ReadyCommit, batch: Batch, by: Actor, at: datetime) -> dict[str, Any]:
    """The columns of the draw's row that its commit fills."""
    return {
        "code": ready.rules.draw, "batch_id": batch.code, "mode": str(ready.rules.mode), "number": ready.rules.number,
        "previous": ready.rules.previous, "commitment": ready.commitment, "texts": ready.texts,
        "openings": ready.openings, "certain": ready.certain, "register": ready.register, "committed_at": at,
        "committed_by": by.mark,
    }  # fmt: skip
