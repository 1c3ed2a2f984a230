"""抽取结果来自省级平台: a file of theirs becomes a batch's draw, marked as what cannot be repeated here (Art. 8, 14).

It is held by the act that holds every draw; until then it is voided as every draw is, and nothing stands on it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from models import store
from models.operations import event
from models.procedure.ceremony import initiating
from models.procedure.commit_preparation import checklists_of
from models.procedure.draw_texts import keep_pieces
from models.procedure.snapshot import snapshot, targets_file
from models.queries import declarations, scheme_figures, year_visits
from models.queries import platform_draw as queries
from models.queries.draws import DrawDetails, current, entry_of, facts_of, find_batch, last_of_chain
from models.queries.planned import batch_value, entry_value
from models.queries.registered import TargetFacts, all_targets
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.draw import platform
from models.rules.draw.declaration import Declarations
from models.rules.draw.eligible import Candidate, Eligible
from models.rules.draw.files import stamp
from models.rules.draw.matching import Match
from models.rules.draw.pieces import KEYS, TARGETS, named
from models.rules.draw.rows import DrawRules, Mode, PseudonymKey, RosterRow, keys_file
from models.rules.draw.rows import key as key_of
from models.rules.eligibility import draw_code, find_eligible, stratum_of
from models.rules.platform_draw import PlatformDraw, read_draw
from models.states import BatchState, move
from models.tables import Batch, Draw, Inspector, PlanEntry, PlatformFile

ARTICLE = "8"


@store.transactional
async def bring(batch_code: str, name: str, data: bytes, *, by: Actor, at: datetime) -> int:
    """Keep a file to be looked at; its number. By the office, or the head of the initiating department."""
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    batch = await find_batch(batch_code)
    initiating(await entry_of(batch), by)
    row = await PlatformFile.create(
        batch=batch, name=text.visible(name).strip()[:200], data=data, sha256=hashlib.sha256(data).hexdigest(),
        by=by.mark, at=at,
    )  # fmt: skip
    return row.id


@store.transactional
async def take(
    id: int, *, by: Actor, at: datetime, random: Callable[[int], bytes], most: int = 0
) -> DrawDetails:
    """Write the file down as the batch's draw, whole; every row must stand. The same file again changes nothing.

    `random(n)`: n fresh random bytes, for the ids' salts alone. `most`: the district's cap on visits of a year, which
    only says who could step in.
    """
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    file = await queries.file_of(id)
    batch = await find_batch(file.batch_id)
    entry = await entry_of(batch)
    initiating(entry, by)
    standing = await current(batch)
    if standing and await queries.says_the_same(file, batch, str(standing.code)):
        return await facts_of(standing)
    if standing:
        raise Refusal("platform_draw.drawn", ARTICLE, batch=batch.code, draw=standing.code)
    read = read_draw(file.data, await queries.known(batch))
    if read.bad or not read.targets:
        raise Refusal(
            "platform_draw.rows", ARTICLE, n=len({remark.number for remark in read.bad}), file=file.name
        )
    batch.state = move(batch.state, BatchState.COMMITTED, ARTICLE)
    batch.checklists = await checklists_of(entry, batch)
    await batch.save(update_fields=["state", "checklists"])
    row = await _written(file, batch, entry, read, by=by, at=at, random=random, most=most)
    await PlatformFile.filter(id=id).update(draw=row)
    await event.record(
        f"batch:{batch.code}", "draw.imported", by=by, at=at, commitment=row.commitment, number=row.number,
        file=file.sha256, n=len(read.targets),
    )  # fmt: skip
    return await facts_of(row)


async def _written(
    file: PlatformFile, batch: Batch, entry: PlanEntry, read: PlatformDraw, *, by: Actor, at: datetime,
    random: Callable[[int], bytes], most: int,
) -> Draw:  # fmt: skip
    declared = await declarations.standing(batch.code)
    targets, inspectors = await all_targets(), await Inspector.all()
    eligible = _of_the_file(await _eligible(batch, entry, declared, targets, inspectors, most), read, targets)
    keys = {row.target: key_of(random(16), row.code) for row in eligible.pool}
    last = await last_of_chain(Mode.PLATFORM)
    number = last.number + 1 if last else 1
    laws = DrawRules(
        draw=f"{batch.code}-S{number}", areas=read.teams, crew=batch.crew, initiating=entry.plan.department,
        strata=Counter(row.stratum for row in eligible.pool), entropy=(), number=number,
        previous=last.commitment if last else "", mode=Mode.PLATFORM,
    )  # fmt: skip
    drawn = _draw(file, laws, eligible, read, keys, by, at)
    fixed, pieces = drawn.committed, dict[str, str]()
    files = [(name, data.decode()) for name, data in fixed.files.items()]
    ids = {target: key.id for target, key in keys.items()}
    files += [(KEYS, keys_file(keys.values()).decode()), (TARGETS, targets_file(ids, targets))]
    texts = named(files, pieces)
    await keep_pieces(pieces)
    return await Draw.create(
        code=laws.draw, batch=batch, mode=Mode.PLATFORM, number=number, previous=laws.previous,
        commitment=fixed.commitment, texts=texts, certain={"strata": [], "areas": [], "inspectors": []},
        register=snapshot(fixed, ids, eligible, declared, inspectors) | {"most": most},
        results={name: data.decode() for name, data in rules.result_files(drawn).items()},
        ceremony=_ceremony(file, by, at).decode(), committed_at=at, committed_by=by.mark,
    )  # fmt: skip


def _ceremony(file: PlatformFile, by: Actor, at: datetime) -> bytes:
    return platform.ceremony_file(file.sha256, stamp(at), by.mark, file.batch_id)


def _draw(
    file: PlatformFile, laws: DrawRules, eligible: Eligible, read: PlatformDraw, keys: dict[str, PseudonymKey],
    by: Actor, at: datetime,
) -> rules.Draw:  # fmt: skip
    ids = {target: key.id for target, key in keys.items()}
    matches = [Match(ids[row.code], row.area, row.team) for row in read.targets]
    return platform.brought_in(
        laws, eligible.pool_rows(ids), eligible.roster, eligible.recusal_rows(ids), read.seats, matches,
        _ceremony(file, by, at),
    )  # fmt: skip


async def _eligible(
    batch: Batch, entry: PlanEntry, declared: Declarations, targets: Sequence[TargetFacts], inspectors: Sequence[Inspector],
    most: int,
) -> Eligible:  # fmt: skip
    """Who could be drawn and sent in this batch today, by our own rules."""
    planned, value = entry_value(entry), batch_value(batch)
    years = (await year_visits.ledger(value.opens.year)).elsewhere(batch.code)
    round_ = scheme_figures.round_of(
        value, planned, entry.plan.department, await scheme_figures.items_of(planned), targets, declared=declared,
        years=years, most=most,
    )  # fmt: skip
    return find_eligible(round_, targets, inspectors)


def _of_the_file(eligible: Eligible, read: PlatformDraw, targets: Sequence[TargetFacts]) -> Eligible:
    """The drawn targets alone, in their order; on the roster also those officers whom our rules would have left out."""
    drawn = {row.code: row for row in read.targets}
    facts = {row.code: row for row in targets if row.code in drawn}
    pool = tuple(
        Candidate(code, draw_code(facts[code]), stratum_of(facts[code]), row.area)
        for code, row in drawn.items()
    )
    known = {row.certificate for row in eligible.roster}
    seated = {seat.certificate: seat for seat in read.seats if seat.certificate not in known}
    roster = (
        *eligible.roster,
        *(RosterRow(s.certificate, s.department, (s.area,), s.leader) for s in seated.values()),
    )
    return replace(
        eligible, pool=pool, roster=tuple(sorted(roster)), held=(), waiting=(), excluded_targets=(), excluded_inspectors=(),
        recusals=tuple(row for row in eligible.recusals if row.target in drawn),
        again={code: items for code, items in eligible.again.items() if code in drawn},
    )  # fmt: skip
