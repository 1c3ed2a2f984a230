"""In which batches something was done, by the log: what was counted of the others still holds (Art. 20, 21)."""

from __future__ import annotations

from collections import Counter

from models import store
from models.read_once import ReadOnce

SIZES = "SELECT batch_id, COUNT(*) AS n FROM task GROUP BY batch_id"
LAST = "SELECT MAX(id) AS id FROM event"
SINCE = "SELECT id, chain FROM event WHERE id > ? ORDER BY id LIMIT ?"
OF_TASKS = "SELECT DISTINCT batch_id FROM task WHERE number IN ({marks})"
LENGTHS = """SELECT b.code, (SELECT COUNT(*) FROM task t WHERE t.batch_id = b.code),
(SELECT SUM((SELECT MAX(e.seq) FROM event e WHERE e.chain = 'task:' || t.number)) FROM task t WHERE t.batch_id = b.code),
(SELECT MAX(e.seq) FROM event e WHERE e.chain = 'batch:' || b.code),
(SELECT MAX(e.seq) FROM event e WHERE e.chain = 'registry') FROM batch b"""
MOST = 5_000  # events that are looked at; after more everything is taken for changed
TOGETHER = 500
_log = ReadOnce()

BatchMark = tuple[int | None, ...]


async def marks() -> dict[str, BatchMark]:
    """Of each batch with tasks what is another once an act was done in it, in one of its tasks or in the registers.

    SQLite numbers events in the order of their commits, so that those after the last one seen are all that are new.
    PostgreSQL may commit a smaller number after a greater one: there the lengths of the chains are asked.
    """
    if store.dialect() != "sqlite":
        return {str(row["code"]): tuple(row)[1:] for row in await store.run_one(LENGTHS)}
    log = _log.known
    if not log:
        [row] = await store.run_one(LAST)
        log.update(upto=row["id"] or 0, times=Counter(), everything=0)
    await _read_on()
    sizes = await store.run_one(SIZES)
    return {
        str(code): (n, log["times"][code], log["everything"])
        for code, n in ((row["batch_id"], row["n"]) for row in sizes)
    }


async def _read_on() -> None:
    log = _log.known
    new = await store.run_one(SINCE, log["upto"], MOST + 1)
    if not new:
        return
    chains = {str(row["chain"]) for row in new}
    numbers = sorted(chain.removeprefix("task:") for chain in chains if chain.startswith("task:"))
    touched = {chain.removeprefix("batch:") for chain in chains if chain.startswith("batch:")}
    for start in range(0, len(numbers), TOGETHER):
        some = numbers[start : start + TOGETHER]
        rows = await store.run_one(OF_TASKS.format(marks=store.marks(some)), *some)
        touched |= {str(row["batch_id"]) for row in rows}
    log["times"].update(touched)
    if "registry" in chains:
        log["everything"] += 1
    if len(new) > MOST:
        [row] = await store.run_one(LAST)
        log["everything"] += 1
        log["upto"] = max(log["upto"], row["id"])
    log["upto"] = max(log["upto"], new[-1]["id"])
