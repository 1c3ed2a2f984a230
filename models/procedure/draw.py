"""任务派发: a batch is committed and its draw held; targets and inspectors in one public draw (Art. 14).

Nothing here decides: the rules of the draw do, from what was committed and what the witnesses revealed.
What happens between commit and hold is in `ceremony`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
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
from models.procedure.recipients import NewsItem
from models.procedure.snapshot import officers_of, snapshot, targets_of
from models.queries import checklists, declarations, scheme_figures, year_visits
from models.queries.draws import (
    DrawDetails,
    committed,
    current,
    entry_of,
    facts_of,
    find,
    find_batch,
    unfit_on,
)
from models.queries.planned import batch_value, entry_value
from models.queries.registered import all_targets
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.draw import chance, commitment
from models.rules.draw.declaration import Declarations
from models.rules.draw.files import canonical
from models.rules.draw.rows import Commitment, DrawRules, Hold, Mode, PseudonymKey, keys_file
from models.rules.draw.rows import key as key_of
from models.rules.draw.substitution import NOBODY
from models.rules.eligibility import HELD, Eligible, find_eligible
from models.rules.scheme import refuse_short
from models.rules.yearly_cap import DRAWN_ELSEWHERE
from models.states import BatchState, TaskState, move
from models.tables import (
    Assignment,
    Batch,
    Draw,
    Inspector,
    PlanEntry,
    Pledge,
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
    most: int = 0,
) -> DrawDetails:
    """Fix pool, roster, rules and exclusions of a batch and hash them, before any entropy exists.

    `random(n)`: n fresh random bytes, for salts and padding alone. `outside_from`: witnesses reveal before,
    a beacon named without its round comes out from then on. `most`: the district's cap on visits of a year; who has
    reached a cap is left out; who lies in the pool of another open draw is sealed, to be removed if that one draws it
    first. A batch committed already is given back.
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
    eligible = await _eligible(batch, entry, declared, most)
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
        register=await snapshot(fixed, keys, eligible, declared) | {"most": most},
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
async def hold(draw_code: str, *, by: Actor, at: datetime) -> DrawDetails:
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
    holds = await _standing_holds(row, batch)
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


async def _eligible(batch: Batch, entry: PlanEntry, declared: Declarations, most: int) -> Eligible:
    planned, value = entry_value(entry), batch_value(batch)
    items = await scheme_figures.items_of(planned)
    targets = await all_targets()
    visits = await year_visits.ledger(value.opens.year)
    round_ = scheme_figures.round_of(
        value, planned, entry.plan.department, items, targets, declared=declared,
        years=visits.elsewhere(batch.code), most=most,
    )  # fmt: skip
    eligible = find_eligible(round_, targets, await Inspector.all())
    if eligible.spent:
        refuse_short(value, eligible.sizes, eligible.spent)
    return eligible


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
) -> tuple[Commitment, list[PseudonymKey], list[Hold]]:
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
    holds += [
        Hold(ids[target], DRAWN_ELSEWHERE, _clue(target, batch, DRAWN_ELSEWHERE), random(16))
        for target in eligible.waiting
        if target not in eligible.held
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


def _clue(target: str, batch: Batch, ground: str = HELD) -> str:
    """SHA-256 of the paper behind a hold: what the register says when the batch is committed."""
    return hashlib.sha256(canonical({"target": target, "batch": batch.code, "clue": ground})).hexdigest()


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
    if strangers := sorted(await checklists.departments(entry.items) - set(batch.crew)):
        raise Refusal("draw.checklist_department", article="7", departments=strangers)
    return ids


async def _standing_holds(row: Draw, batch: Batch) -> list[Hold]:
    """The holds to be opened for whoever is drawn: all complaint clues, and of those that waited for another draw the ones
    whose year it has filled. Refuses while such a draw, committed before, is still open."""
    waiting = {id for id, (ground, *_) in row.openings.items() if ground == DRAWN_ELSEWHERE}
    if not waiting:
        return [_hold(id, row.openings[id]) for id in sorted(row.openings)]
    known: dict[str, Any] = row.register or {}
    numbers = {id: str(known["targets"][id][0]) for id in waiting}
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


async def _keep(row: Draw, drawn: rules.Draw) -> None:
    row.results = {name: data.decode() for name, data in rules.result_files(drawn).items()}
    row.results_sha256 = rules.results_hash(drawn)
    await row.save(update_fields=["results", "results_sha256", "seed", "held_at", "held_by", "ceremony"])


Teams = Mapping[tuple[str, int], Team]


async def _teams(row: Draw, drawn: rules.Draw) -> Teams:
    """The teams that have a task, stored; by area and number."""
    standing = rules.stand(drawn)
    crews = dict.fromkeys(standing.team_of[id] for id in sorted(standing.team_of, key=drawn.rank))
    teams = [Team(draw=row, area=area, number=number) for area, number in crews]
    await store.insert(teams)
    return {(team.area, team.number): team for team in teams}


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
        entries.append(event.ChainEntry(f"task:{tasks[id].number}", facts, [tasks[id]]))
    await event.record_all("task.assigned", entries, by=by, at=at)
    reached = await recipients.each_officer(told)
    pieces = [
        NewsItem(reached[code], f"batch:{batch.code}", numbers[0], numbers) for code, numbers in told.items()
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
    tasks = [
        Task(
            number=f"{batch.code}-{drawn.rank(id):03d}", batch=batch, draw=row, team=team, target=targets[id],
            pool_id=id, rank=drawn.rank(id), state=TaskState.ASSIGNED, assigned_at=at,
        )
        for id, team in team_of.items()
    ]  # fmt: skip
    await store.insert(tasks)
    return {task.pool_id: task for task in tasks}
