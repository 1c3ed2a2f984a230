"""任务派发: commit, pledge, reveal, hold; targets and inspectors in one public draw (Art. 14).

Nothing here decides: the rules of the draw do, from what was committed and what the witnesses revealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from models import store
from models.procedure import event, message
from models.queries.draws import committed, current, entry_of, find, find_batch, unfit_on
from models.refusal import Refusal
from models.rules import commitment, entropy
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.drawfiles import canonical, normal, table
from models.rules.drawrows import Commitment, DrawRules, Hold, Key, Mode, keys_file
from models.rules.drawrows import key as key_of
from models.rules.eligibility import HELD, Eligible, Round, draw_code, find_eligible
from models.rules.plan import Entry
from models.rules.scheme import BatchPlan
from models.states import BatchState, TaskState, move
from models.tables import (
    Account,
    Assignment,
    Batch,
    Checklist,
    Draw,
    Inspector,
    Item,
    PlanEntry,
    Pledge,
    Question,
    Target,
    Task,
    Team,
)


@store.transactional
async def commit(
    batch_code: str, *, by: Actor, at: datetime, random: Callable[[int], bytes], practice: bool = False
) -> Draw:
    """Fix pool, roster, rules and exclusions of a batch and hash them, before any entropy exists.

    `random(n)`: n fresh random bytes, for salts and padding alone. A batch committed already is given back.
    """
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    batch = await find_batch(batch_code)
    entry = await entry_of(batch)
    _initiator(entry, by)
    standing = await current(batch)
    if standing and batch.state != BatchState.OPEN:
        return standing
    batch.state = move(batch.state, BatchState.COMMITTED, "14(1)")
    batch.checklists = await _checklists(entry, batch)
    await batch.save(update_fields=["state", "checklists"])
    eligible = await _eligible(batch, entry)
    mode = Mode.PRACTICE if practice else Mode.OFFICIAL
    last = await Draw.filter(mode=mode).order_by("-number").first()
    number = last.number + 1 if last else 1
    fixed, keys, holds = _fix(batch, entry, eligible, mode, number, last.commitment if last else "", random)
    made = await Draw.create(
        code=fixed.rules.draw,
        batch=batch,
        mode=mode,
        number=number,
        previous=fixed.rules.previous,
        commitment=fixed.commitment,
        files={name: data.decode() for name, data in fixed.files.items()},
        keys=keys_file(keys).decode(),
        openings={h.id: [h.ground, h.document, h.salt.hex()] for h in holds},
        certain=_certain(fixed),
        committed_at=at,
        committed_by=by.mark,
    )
    for source in fixed.rules.entropy:
        await Pledge.create(draw=made, source=source)
    await event.record(
        f"batch:{batch.code}", "draw.committed", by=by, at=at, commitment=fixed.commitment, number=number
    )
    return made


@store.transactional
async def pledge(
    draw_code: str, source: str, sealed: str, *, by: Actor, at: datetime, witness: str = ""
) -> Pledge:
    """A witness pledges a value made on a device of their own; a pledge given stays."""
    draw, row = await _source(draw_code, source)
    _witness(by, source)
    entropy.check_pledge(source, sealed)
    if row.pledge == sealed:
        return row
    if row.pledge:
        raise Refusal("draw.pledged_already", article="14(1)", source=source)
    if draw.held_at or draw.voided_at:
        raise Refusal("draw.over", article="14(1)", draw=draw.code)
    row.pledge, row.pledged_at, row.witness = sealed, at, witness or by.name
    await row.save(update_fields=["pledge", "pledged_at", "witness"])
    await event.record(f"batch:{draw.batch_id}", "draw.pledged", by=by, at=at, source=source, pledge=sealed)
    return row


@store.transactional
async def reveal(draw_code: str, source: str, value: str, *, by: Actor, at: datetime) -> Pledge:
    """A source's value: a witness's only after all have pledged, and only the one that was pledged."""
    draw, row = await _source(draw_code, source)
    _witness(by, source)
    if row.value == value:
        return row
    if row.value:
        raise Refusal("draw.revealed_already", article="14(1)", source=source)
    waiting = await Pledge.filter(draw=draw, source__startswith="witness:", pledge="")
    if waiting:
        raise Refusal("draw.pledges_first", article="14(1)", sources=[one.source for one in waiting])
    if source.startswith("witness:"):
        entropy.check_reveal(source, value, row.pledge, draw.commitment)
    else:
        entropy.check_value(source, value)
        if await Pledge.filter(draw=draw, source__startswith="witness:", value="").exists():
            raise Refusal("draw.witnesses_first", article="14(1)", source=source)
    row.value, row.revealed_at = value, at
    await row.save(update_fields=["value", "revealed_at"])
    await event.record(f"batch:{draw.batch_id}", "draw.revealed", by=by, at=at, source=source, value=value)
    return row


@store.transactional
async def hold(draw_code: str, *, by: Actor, at: datetime) -> Draw:
    """Hold the draw: targets, teams, removals of sealed targets, tasks. A second press changes nothing."""
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    row = await find(draw_code)
    batch = await find_batch(str(row.batch_id))
    _initiator(await entry_of(batch), by)
    if row.held_at:
        return row
    rows = {one.source: one for one in await Pledge.filter(draw=row)}
    fixed = committed(row)
    if silent := [source for source in fixed.rules.entropy if not rows[source].value]:
        raise Refusal("draw.values_missing", article="14(1)", sources=silent)
    pledges = [rows[f"witness:{d}"].pledge for d in fixed.rules.witnesses]
    values = [rows[source].value for source in fixed.rules.entropy]
    unfit = await unfit_on(at)
    holds = [_hold(id, row.openings[id]) for id in sorted(row.openings)]
    drawn = rules.hold(fixed, pledges, values, at, unfit, holds)
    batch.state = move(batch.state, BatchState.DRAWN, "14(1)")
    await batch.save(update_fields=["state"])
    row.seed, row.held_at, row.held_by = drawn.seed.hex(), at, by.mark
    await _keep(row, drawn)
    await event.record(
        f"batch:{batch.code}", "draw.held", by=by, at=at, seed=row.seed, results=row.results_sha256
    )
    await _assign(batch, row, drawn, by, at)
    return row


@store.transactional
async def void(draw_code: str, reason: str, consenting: str, *, by: Actor, at: datetime) -> Draw:
    """Withdraw a draw before the first reveal; it stays public with its reason and who consented."""
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    row = await find(draw_code)
    batch = await find_batch(str(row.batch_id))
    _initiator(await entry_of(batch), by)
    if row.voided_at:
        return row
    if not reason.strip() or not consenting.strip():
        raise Refusal("draw.void_needs_reason", article="14(1)")
    if await Pledge.filter(draw=row).exclude(value="").exists():
        raise Refusal("draw.void_too_late", article="14(1)", draw=draw_code)
    row.void_reason, row.voided_at = f"{reason.strip()} ({consenting.strip()})", at
    await row.save(update_fields=["void_reason", "voided_at"])
    batch.state = BatchState.OPEN
    await batch.save(update_fields=["state"])
    await event.record(
        f"batch:{batch.code}", "draw.voided", by=by, at=at, reason=reason, consenting=consenting
    )
    return row


async def keep(row: Draw, drawn: rules.Draw) -> None:
    """Store what changed after the draw: removals and substitutions."""
    await _keep(row, drawn)


async def _eligible(batch: Batch, entry: PlanEntry) -> Eligible:
    targets = await Target.all()
    year = datetime(batch.opens.year, 1, 1, tzinfo=UTC)
    drawn = await Task.filter(assigned_at__gte=year, batch_id__not=batch.code).values_list(
        "target_id", flat=True
    )
    round_ = Round(
        entry_value(entry),
        batch_value(batch),
        entry.plan.department,
        {item.code: item for item in await Item.filter(code__in=entry.items)},
        streets={target.street_name: target.street for target in targets if target.street_name},
        drawn=frozenset(str(code) for code in drawn),
    )
    return find_eligible(round_, targets, await Inspector.all())


def entry_value(row: PlanEntry) -> Entry:
    """A plan entry as the rules know it."""
    return Entry(
        row.code,
        row.title,
        tuple(row.items),
        tuple(row.industries),
        tuple(row.areas),
        tuple(row.participating),
        {risk: Decimal(str(rate)) for risk, rate in row.rates.items()},
        row.opens,
        row.closes,
        tuple(row.methods),
    )


def batch_value(row: Batch) -> BatchPlan:
    """A batch as the rules know it."""
    return BatchPlan(
        row.code, row.strata, row.teams, row.crew, row.opens, row.closes, tuple(row.entropy), row.ceremony
    )


def _fix(
    batch: Batch,
    entry: PlanEntry,
    eligible: Eligible,
    mode: Mode,
    number: int,
    previous: str,
    random: Callable[[int], bytes],
) -> tuple[Commitment, list[Key], list[Hold]]:
    keys = {target: key_of(random(16), code) for target, code in eligible.codes.items()}
    ids = {target: key.id for target, key in keys.items()}
    laws = DrawRules(
        draw=f"{batch.code}-{'D' if mode == Mode.OFFICIAL else 'P'}{number}",
        areas=batch.teams,
        crew=batch.crew,
        initiating=entry.plan.department,
        strata=batch.strata,
        entropy=tuple(batch.entropy),
        number=number,
        previous=previous,
        mode=mode,
    )
    holds = [Hold(ids[target], HELD, _clue(target, batch), random(16)) for target in eligible.held]
    fixed = commitment.commit(
        laws,
        eligible.pool_rows(ids),
        eligible.roster,
        eligible.recusal_rows(ids),
        eligible.exclusion_rows(ids),
        holds,
        padding=random,
    )
    return fixed, list(keys.values()), holds


def _clue(target: str, batch: Batch) -> str:
    """SHA-256 of the paper behind a hold: what the register says when the batch is committed."""
    return hashlib.sha256(canonical({"target": target, "batch": batch.code, "clue": HELD})).hexdigest()


def _certain(fixed: Commitment) -> dict[str, list[str]]:
    found = commitment.certain(fixed.rules, fixed.pool, fixed.roster)
    return {"strata": list(found.strata), "areas": list(found.areas), "inspectors": list(found.inspectors)}


async def _checklists(entry: PlanEntry, batch: Batch) -> list[int]:
    """The newest published version of each checklist that serves one of the entry's items."""
    newest: dict[str, Checklist] = {}
    for one in await Checklist.all().order_by("version"):
        if serves(one.code) & set(entry.items):
            newest[one.code] = one
    if not newest:
        raise Refusal("draw.no_checklist", article="7", batch=batch.code, items=list(entry.items))
    ids = sorted(one.id for one in newest.values())
    asked = set(await Question.filter(checklist_id__in=ids).values_list("department", flat=True))
    if strangers := sorted(str(d) for d in asked - set(batch.crew)):
        raise Refusal("draw.checklist_department", article="7", departments=strangers)
    return ids


def serves(code: str) -> set[str]:
    """The items behind a checklist's code: `XH-GA-02/03` serves XH-GA-02 and XH-GA-03."""
    first, *more = code.split("/")
    stem = first.rpartition("-")[0]
    return {first, *(f"{stem}-{tail}" for tail in more)}


async def _source(draw_code: str, source: str) -> tuple[Draw, Pledge]:
    draw = await find(draw_code)
    row = await Pledge.get_or_none(draw=draw, source=source)
    if row is None:
        raise Refusal("draw.source_unknown", article="14(1)", source=source)
    return draw, row


def _witness(by: Actor, source: str) -> None:
    """A witness speaks for their own department; the office may type what a witness hands over in public."""
    require(by, Role.OFFICE, Role.HEAD, Role.INSPECTOR, article="14(1)")
    if by.role != Role.OFFICE and source.startswith("witness:") and source != f"witness:{by.department}":
        raise Refusal("draw.other_witness", article="14(1)", source=source)


def _initiator(entry: PlanEntry, by: Actor) -> None:
    if by.role == Role.HEAD and by.department != entry.plan.department:
        raise Refusal("draw.not_initiating", article="14(1)", department=by.department)


def _hold(id: str, opening: list[str]) -> Hold:
    ground, document, salt = opening
    return Hold(id, ground, document, bytes.fromhex(salt))


async def _keep(row: Draw, drawn: rules.Draw) -> None:
    row.results = {name: data.decode() for name, data in rules.result_files(drawn).items()}
    row.results_sha256 = rules.results_hash(drawn)
    await row.save(update_fields=["results", "results_sha256", "seed", "held_at", "held_by"])


async def _assign(batch: Batch, row: Draw, drawn: rules.Draw, by: Actor, at: datetime) -> None:
    """A task for each drawn target that stands, with its officers; each officer is told once."""
    keys = {k[0]: k[2] for k in table(row.keys.encode(), "keys.tsv", 3)}
    targets = {normal(draw_code(target)): target for target in await Target.all()}
    people = {i.certificate: i for i in await Inspector.filter(certificate__isnull=False)}
    standing = rules.stand(drawn)
    teams: dict[tuple[str, int], Team] = {}
    told: dict[str, list[str]] = {}
    for id in sorted(standing.team_of, key=drawn.rank):
        area, number = standing.team_of[id]
        if (area, number) not in teams:
            teams[area, number] = await Team.create(draw=row, area=area, number=number)
        task = await Task.create(
            number=f"{batch.code}-{drawn.rank(id):03d}",
            batch=batch,
            draw=row,
            team=teams[area, number],
            target=targets[keys[id]],
            pool_id=id,
            rank=drawn.rank(id),
            state=TaskState.ASSIGNED,
            assigned_at=at,
        )
        seats = []
        for seat, certificate in standing.members(id):
            if certificate not in people:
                continue
            officer = people[certificate]
            made = await Assignment.create(
                task=task, inspector=officer, department=seat.department, leader=seat.leader, since=at
            )
            seats.append(made)
            told.setdefault(officer.code, []).append(task.number)
        await event.record(
            f"task:{task.number}",
            "task.assigned",
            by=by,
            at=at,
            rows=[task, *seats],
            pool_id=id,
            area=area,
            team=number,
        )
    for code, numbers in told.items():
        for account in await Account.filter(inspector_id=code, disabled_at=None):
            await message.owe(
                account, "task.assigned", key=f"assigned:{row.code}:{account.id}", at=at, tasks=numbers
            )
