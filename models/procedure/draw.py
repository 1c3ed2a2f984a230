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
from models.procedure.hold_rows import HoldRows
from models.procedure.recipients import NewsItem
from models.procedure.snapshot import put_back
from models.queries.draw_basis import basis
from models.queries.draws import DrawDetails, facts, facts_of, standing
from models.queries.planned import batch_value, entry_value
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.draw import chance
from models.rules.draw.rows import Mode
from models.states import BatchState, move
from models.tables import Batch, Draw, Pledge

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
    batch, row, drawn, rows = ready.batch, ready.row, ready.drawn, ready.rows
    await event.lock(f"chain batch:{batch.code}")
    if ready.basis != await basis(batch, ready.entry):
        raise Outdated
    await put_back([*ready.people.values(), *rows.targets.values()])
    batch.state = move(batch.state, BatchState.DRAWN, "14(1)")
    await batch.save(update_fields=["state"])
    row.held_at, row.held_by = at, by.mark
    if row.mode != Mode.PLATFORM:
        row.seed, row.ceremony = drawn.seed.hex(), ceremony_text(ready.given)
    await _keep(row, rows.results, rows.results_sha256)
    await store.insert(list(rows.teams.values()))
    await event.record(
        f"batch:{batch.code}", "draw.held", by=by, at=at, seed=row.seed, results=row.results_sha256,
        ceremony=hashlib.sha256((row.ceremony or "").encode()).hexdigest(),
    )  # fmt: skip
    await witnesses_follow(ready.given.values(), at)
    await _assign(row, rows, by, at)
    await _tell(row, batch, rows, at)
    return await facts_of(row, drawn.committed.rules)


def ceremony_text(rows: dict[str, Pledge]) -> str:
    """`ceremony.tsv` of a draw that is held: who gave what, when, from which account."""
    return chance.ceremony_file(given_rows(rows)).decode()


async def keep(row: Draw, drawn: rules.Draw) -> None:
    """Store what changed after the draw: removals and substitutions."""
    results = {name: data.decode() for name, data in rules.result_files(drawn).items()}
    await _keep(row, results, rules.results_hash(drawn))


async def _keep(row: Draw, results: Mapping[str, str], results_sha256: str) -> None:
    row.results, row.results_sha256 = results, results_sha256
    await row.save(update_fields=["results", "results_sha256", "seed", "held_at", "held_by", "ceremony"])


async def _assign(row: Draw, rows: HoldRows, by: Actor, at: datetime) -> None:
    """A task for each drawn target that stands, with its officers."""
    for id, task in rows.tasks.items():
        task.team_id = rows.teams[rows.crews[id]].id
    await store.insert(list(rows.tasks.values()))
    for id, seats in rows.seats.items():
        for seat in seats:
            seat.task_id = rows.tasks[id].id
    await store.insert([seat for seats in rows.seats.values() for seat in seats])
    entries = []
    for id, task in rows.tasks.items():
        area, number = rows.crews[id]
        facts = {"pool_id": id, "area": area, "team": number, **_cited(row, id)}
        entries.append(event.ChainEntry(f"task:{task.number}", facts, [task, *rows.seats[id]]))
    await event.record_all("task.assigned", entries, by=by, at=at)


async def _tell(row: Draw, batch: Batch, rows: HoldRows, at: datetime) -> None:
    """Each officer is told once."""
    reached = await recipients.each_officer(rows.told)
    pieces = [
        NewsItem(reached[code], f"batch:{batch.code}", numbers[0], numbers)
        for code, numbers in rows.told.items()
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
