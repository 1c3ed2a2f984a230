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
from models.prepared_act import Outdated, prepared_by
from models.procedure import commit_preparation, hold_preparation, recipients
from models.procedure.ceremony import given_rows, invite_witnesses, pledge, reveal, void, witnesses_follow
from models.procedure.commit_preparation import ReadyCommit
from models.procedure.draw_texts import keep_pieces
from models.procedure.hold_preparation import ReadyHold
from models.procedure.recipients import NewsItem
from models.procedure.snapshot import put_back, targets_of
from models.queries.draw_basis import basis
from models.queries.draws import DrawDetails, facts, facts_of, standing
from models.queries.planned import batch_value, entry_value
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.draw import chance
from models.rules.draw.rows import Mode
from models.rules.draw.substitution import NOBODY
from models.states import BatchState, TaskState, move
from models.tables import Assignment, Batch, Draw, Inspector, Pledge, Task, Team

__all__ = ["batch_value", "commit", "entry_value", "hold", "keep", "pledge", "reveal", "void"]


@prepared_by(commit_preparation.prepare)
async def commit(
    ready: ReadyCommit | None,
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
    await event.lock(f"chain batch:{batch_code}")
    if ready is None:
        return await standing(batch_code)
    batch = ready.batch
    if ready.basis != await basis(batch, ready.entry):
        raise Outdated
    batch.state = move(batch.state, BatchState.COMMITTED, "14(1)")
    batch.checklists = ready.checklists
    await batch.save(update_fields=["state", "checklists"])
    await keep_pieces(ready.pieces)
    row = await Draw.create(**commit_preparation.row_of(ready, batch, by, at))
    for source in ready.rules.entropy:
        await Pledge.create(draw_id=row.code, source=source)
    await event.record(
        f"batch:{batch.code}",
        "draw.committed",
        by=by,
        at=at,
        commitment=row.commitment,
        number=row.number,
    )
    await invite_witnesses(row, at)
    return await facts_of(row, ready.rules)


@prepared_by(hold_preparation.prepare)
async def hold(ready: ReadyHold | None, draw_code: str, *, by: Actor, at: datetime) -> DrawDetails:
    """Hold the draw: targets, teams, removals of sealed targets, tasks. A second press changes nothing."""
    require(by, Role.OFFICE, Role.HEAD, article="14(1)")
    if ready is None:
        return await facts(draw_code)
    batch, row, drawn, people = ready.batch, ready.row, ready.drawn, ready.people
    await event.lock(f"chain batch:{batch.code}")
    if ready.basis != await basis(batch, ready.entry):
        raise Outdated
    await put_back(people.values())
    batch.state = move(batch.state, BatchState.DRAWN, "14(1)")
    await batch.save(update_fields=["state"])
    row.held_at, row.held_by = at, by.mark
    if row.mode != Mode.PLATFORM:
        row.seed, row.ceremony = drawn.seed.hex(), ceremony_text(ready.given)
    await _keep(row, drawn)
    teams = await _teams(row, drawn)
    await event.record(
        f"batch:{batch.code}", "draw.held", by=by, at=at, seed=row.seed, results=row.results_sha256,
        ceremony=hashlib.sha256((row.ceremony or "").encode()).hexdigest(),
    )  # fmt: skip
    await witnesses_follow(ready.given.values(), at)
    await _assign(batch, row, drawn, teams, people, by, at)
    return await facts_of(row, drawn.committed.rules)


def ceremony_text(rows: dict[str, Pledge]) -> str:
    """`ceremony.tsv` of a draw that is held: who gave what, when, from which account."""
    return chance.ceremony_file(given_rows(rows)).decode()


async def keep(row: Draw, drawn: rules.Draw) -> None:
    """Store what changed after the draw: removals and substitutions."""
    await _keep(row, drawn)


async def _keep(row: Draw, drawn: rules.Draw) -> None:
    row.results = {name: data.decode() for name, data in rules.result_files(drawn).items()}
    row.results_sha256 = rules.results_hash(drawn)
    await row.save(update_fields=["results", "results_sha256", "seed", "held_at", "held_by", "ceremony"])


Teams = Mapping[tuple[str, int], Team]


async def _teams(row: Draw, drawn: rules.Draw) -> Teams:
    """The teams that have a task, stored; by area and number."""
    stand = rules.stand(drawn)
    crews = dict.fromkeys(stand.team_of[id] for id in sorted(stand.team_of, key=drawn.rank))
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
    stand = rules.stand(drawn)
    ids = sorted(stand.team_of, key=drawn.rank)
    team_of = {id: teams[stand.team_of[id]] for id in ids}
    tasks = await _tasks(batch, row, drawn, team_of, at)
    seats: dict[str, list[Assignment]] = {id: [] for id in ids}
    told: dict[str, list[str]] = {}
    for id in ids:
        for seat, certificate in stand.members(id):
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
        area, number = stand.team_of[id]
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
