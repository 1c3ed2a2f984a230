"""任务派发: a batch is committed and its draw held; targets and inspectors in one public draw (Art. 14).

Nothing here decides: the rules of the draw do, from what was committed and what the witnesses revealed.
What happens between commit and hold is in `ceremony`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from models import store
from models.operations import event
from models.procedure import recipients
from models.procedure.ceremony import (
    given_rows,
    initiating,
    invite_witnesses,
    is_given,
    pledge,
    reveal,
    void,
    witnesses_follow,
)
from models.procedure.recipients import Piece
from models.procedure.snapshot import officers_of, snapshot, targets_of
from models.queries import checklists, declarations
from models.queries.draws import (
    DrawFacts,
    committed,
    current,
    entry_of,
    facts_of,
    find,
    find_batch,
    unfit_on,
)
from models.queries.registered import all_targets
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.draw import chance, commitment
from models.rules.draw.declaration import Declarations
from models.rules.draw.files import canonical
from models.rules.draw.rows import Commitment, DrawRules, Hold, Key, Mode, keys_file
from models.rules.draw.rows import key as key_of
from models.rules.draw.substitution import NOBODY
from models.rules.eligibility import HELD, Eligible, Round, find_eligible
from models.rules.plan import Entry
from models.rules.scheme import BatchPlan
from models.states import BatchState, TaskState, move
from models.tables import (
    Assignment,
    Batch,
    Draw,
    Inspector,
    Item,
    PlanEntry,
    Pledge,
    Question,
    Task,
    Team,
)

__all__ = ["batch_value", "commit", "entry_value", "hold", "keep", "pledge", "reveal", "void"]


@store.transactional
async def commit(
    batch_code: str,
    *,
    by: Actor,
    at: datetime,
    random: Callable[[int], bytes],
    practice: bool = False,
    outside_from: datetime | None = None,
) -> DrawFacts:
    """Fix pool, roster, rules and exclusions of a batch and hash them, before any entropy exists.

    `random(n)`: n fresh random bytes, for salts and padding alone. `outside_from`: witnesses reveal before,
    a beacon named without its round comes out from then on. A batch committed already is given back.
    """
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    batch = await find_batch(batch_code)
    entry = await entry_of(batch)
    initiating(entry, by)
    standing = await current(batch)
    if standing and batch.state != BatchState.OPEN:
        return facts_of(standing)
    batch.state = move(batch.state, BatchState.COMMITTED, "14(1)")
    batch.checklists = await _checklists(entry, batch)
    await batch.save(update_fields=["state", "checklists"])
    declared = await declarations.standing(batch.code)
    eligible = await _eligible(batch, entry, declared)
    mode = Mode.PRACTICE if practice else Mode.OFFICIAL
    last = await Draw.filter(mode=mode).order_by("-number").first()
    number = last.number + 1 if last else 1
    sources = chance.complete(batch.entropy, mode, chance.begins(batch.ceremony, at, outside_from))
    previous = last.commitment if last else ""
    fixed, keys, holds = _fix(batch, entry, eligible, declared.clues, mode, number, previous, random, sources)
    chance.check_official(fixed.rules, at)
    row = await Draw.create(
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
        register=await snapshot(fixed, keys, eligible, declared),
        committed_at=at,
        committed_by=by.mark,
    )
    for source in fixed.rules.entropy:
        await Pledge.create(draw=row, source=source)
    await event.record(
        f"batch:{batch.code}", "draw.committed", by=by, at=at, commitment=fixed.commitment, number=number
    )
    await invite_witnesses(row, at)
    return facts_of(row)


@store.transactional
async def hold(draw_code: str, *, by: Actor, at: datetime) -> DrawFacts:
    """Hold the draw: targets, teams, removals of sealed targets, tasks. A second press changes nothing."""
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    row = await find(draw_code)
    batch = await find_batch(str(row.batch_id))
    initiating(await entry_of(batch), by)
    if row.held_at:
        return facts_of(row)
    if row.voided_at:
        raise Refusal("draw.over", article="14(1)", draw=row.code)
    rows = {pledged.source: pledged for pledged in await Pledge.filter(draw=row)}
    fixed = committed(row)
    if fixed.rules.mode is Mode.OFFICIAL and fixed.rules.steerable:
        raise Refusal("draw.no_outside_source", article="14(1)", draw=row.code)
    if silent := [source for source in fixed.rules.entropy if not is_given(rows[source])]:
        raise Refusal("draw.values_missing", article="14(1)", sources=silent)
    pledges = [rows[f"witness:{d}"].pledge for d in fixed.rules.witnesses]
    values = [rows[source].value for source in fixed.rules.entropy]
    people = await officers_of(row)
    unfit = await unfit_on(at, people)
    holds = [_hold(id, row.openings[id]) for id in sorted(row.openings)]
    drawn = rules.hold(fixed, pledges, values, at, unfit, holds)
    batch.state = move(batch.state, BatchState.DRAWN, "14(1)")
    await batch.save(update_fields=["state"])
    row.seed, row.held_at, row.held_by = drawn.seed.hex(), at, by.mark
    row.ceremony = ceremony_text({source: rows[source] for source in fixed.rules.entropy})
    await _keep(row, drawn)
    teams = await _teams(row, drawn)
    await event.record(
        f"batch:{batch.code}", "draw.held", by=by, at=at, seed=row.seed, results=row.results_sha256,
        ceremony=hashlib.sha256(row.ceremony.encode()).hexdigest(),
    )  # fmt: skip
    await witnesses_follow(rows.values(), at)
    await _assign(batch, row, drawn, teams, people, by, at)
    return facts_of(row)


def ceremony_text(rows: dict[str, Pledge]) -> str:
    """`ceremony.tsv` of a draw that is held: who gave what, when, from which account."""
    return chance.ceremony_file(given_rows(rows)).decode()


async def keep(row: Draw, drawn: rules.Draw) -> None:
    """Store what changed after the draw: removals and substitutions."""
    await _keep(row, drawn)


async def _eligible(batch: Batch, entry: PlanEntry, declared: Declarations) -> Eligible:
    targets = await all_targets()
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
        declared=declared.out,
        drawn=frozenset(str(code) for code in drawn),
        clues=declared.clues.keys(),
        lifted=declared.again.keys(),
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
    clues: Mapping[str, str],
    mode: Mode,
    number: int,
    previous: str,
    random: Callable[[int], bytes],
    sources: tuple[str, ...],
) -> tuple[Commitment, list[Key], list[Hold]]:
    keys = {target: key_of(random(16), code) for target, code in eligible.codes.items()}
    ids = {target: key.id for target, key in keys.items()}
    laws = DrawRules(
        draw=f"{batch.code}-{'D' if mode == Mode.OFFICIAL else 'P'}{number}",
        areas=batch.teams,
        crew=batch.crew,
        initiating=entry.plan.department,
        strata=batch.strata,
        entropy=sources,
        number=number,
        previous=previous,
        mode=mode,
    )
    holds = [
        Hold(ids[target], HELD, clues.get(target) or _clue(target, batch), random(16))
        for target in eligible.held
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
    return fixed, list(keys.values()), holds


def _clue(target: str, batch: Batch) -> str:
    """SHA-256 of the paper behind a hold: what the register says when the batch is committed."""
    return hashlib.sha256(canonical({"target": target, "batch": batch.code, "clue": HELD})).hexdigest()


def _certain(fixed: Commitment) -> dict[str, list[str]]:
    certain = commitment.certain(fixed.rules, fixed.pool, fixed.roster)
    return {
        "strata": list(certain.strata), "areas": list(certain.areas), "inspectors": list(certain.inspectors),
    }  # fmt: skip


async def _checklists(entry: PlanEntry, batch: Batch) -> list[int]:
    """The newest published version of each checklist that serves one of the entry's items; each must have one."""
    if lacking := await checklists.without(entry.items):
        raise Refusal("draw.no_checklist", article="7", batch=batch.code, items=lacking)
    ids = sorted(checklist.id for checklist in (await checklists.newest(entry.items)).values())
    asked = set(await Question.filter(checklist_id__in=ids).values_list("department", flat=True))
    if strangers := sorted(str(d) for d in asked - set(batch.crew)):
        raise Refusal("draw.checklist_department", article="7", departments=strangers)
    return ids


def _hold(id: str, opening: list[str]) -> Hold:
    ground, document, salt = opening
    return Hold(id, ground, document, bytes.fromhex(salt))


async def _keep(row: Draw, drawn: rules.Draw) -> None:
    row.results = {name: data.decode() for name, data in rules.result_files(drawn).items()}
    row.results_sha256 = rules.results_hash(drawn)
    await row.save(update_fields=["results", "results_sha256", "seed", "held_at", "held_by", "ceremony"])


Teams = Mapping[tuple[str, int], Team]


async def _teams(row: Draw, drawn: rules.Draw) -> Teams:
    """The teams that have a task, stored; by area and number."""
    standing = rules.stand(drawn)
    crews = dict.fromkeys(standing.team_of[id] for id in sorted(standing.team_of, key=drawn.rank))
    await store.insert([Team(draw=row, area=area, number=number) for area, number in crews])
    return {(team.area, team.number): team for team in await Team.filter(draw=row)}


async def _assign(
    batch: Batch,
    row: Draw,
    drawn: rules.Draw,
    teams: Teams,
    people: Mapping[str, Inspector],
    by: Actor,
    at: datetime,
) -> None:
    """A task for each drawn target that stands, with its officers; each officer is told once."""
    standing = rules.stand(drawn)
    ids = sorted(standing.team_of, key=drawn.rank)
    team_of = {id: teams[standing.team_of[id]] for id in ids}
    tasks = await _tasks(batch, row, drawn, team_of, at)
    seats: dict[str, list[Assignment]] = {id: [] for id in ids}
    told: dict[str, list[str]] = {}
    for id in ids:
        for seat, certificate in standing.members(id):
            if certificate == NOBODY:
                continue
            officer = people[certificate]
            seats[id].append(
                Assignment(
                    task=tasks[id],
                    inspector=officer,
                    department=seat.department,
                    leader=seat.leader,
                    since=at,
                )
            )
            told.setdefault(officer.code, []).append(tasks[id].number)
    await store.insert([seat for id in ids for seat in seats[id]])
    entries = []
    for id in ids:
        area, number = standing.team_of[id]
        facts = {"pool_id": id, "area": area, "team": number, **_cited(row, id)}
        entries.append(event.Entry(f"task:{tasks[id].number}", facts, [tasks[id]]))
    await event.record_all("task.assigned", entries, by=by, at=at)
    reached = await recipients.each_officer(told)
    pieces = [
        Piece(reached[code], f"batch:{batch.code}", numbers[0], numbers) for code, numbers in told.items()
    ]
    await recipients.tell_together(
        pieces, "task.assigned", at=at, key=lambda account, _: f"assigned:{row.code}:{account}",
        payload=lambda mine: {"tasks": [number for numbers in mine for number in numbers]},
    )  # fmt: skip


def _cited(row: Draw, id: str) -> dict[str, Any]:
    """On which of the four exceptions a target was drawn again this year (Art. 14 (1)); `lifted` as declared."""
    known = row.register or {}
    lifted = known.get("lifted", {}).get(id)
    return {"again": known.get("again", {}).get(id, []), **({"lifted": lifted} if lifted else {})}


async def _tasks(
    batch: Batch, row: Draw, drawn: rules.Draw, team_of: Mapping[str, Team], at: datetime
) -> dict[str, Task]:
    """The tasks, stored; by the id under which each target was drawn."""
    targets = await targets_of(row, team_of)
    await store.insert([
        Task(
            number=f"{batch.code}-{drawn.rank(id):03d}", batch=batch, draw=row, team=team, target=targets[id],
            pool_id=id, rank=drawn.rank(id), state=TaskState.ASSIGNED, assigned_at=at,
        )
        for id, team in team_of.items()
    ])  # fmt: skip
    return {task.pool_id: task for task in await Task.filter(draw=row)}
