"""保管与销毁: departments say how long dossiers are kept; what is over is destroyed by list, by two persons (Art. 20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models import store
from models.operations import event
from models.procedure import task as tasks
from models.queries import retention as queries
from models.queries.retention import DeletionLine
from models.refusal import Refusal
from models.rules import retention as rules
from models.rules.actor import Actor, Role, require
from models.rules.visit import local_day
from models.tables import DeletionList, RetentionRule, Tombstone

CHAIN = "retention"
AGAIN = timedelta(days=30)
"""So long the clock looks again whether all files of an agreed list are gone."""


@store.transactional
async def set_term(years: int, basis: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The head says for how long the own department's dossiers are kept: 10 or 30 years, 0 for good; by what basis."""
    require(by, Role.HEAD, article="20")
    if await event.find_by_key(key):
        return
    words = rules.check_term(years, basis)
    row = await RetentionRule.create(department=by.department, years=years, basis=words, by=by.mark, at=at)
    await event.record(
        CHAIN,
        "retention.set",
        by=by,
        at=at,
        key=key,
        rows=[row],
        department=by.department,
        years=years,
        reason=words,
    )


@store.transactional
async def propose(
    numbers: Sequence[str], reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> DeletionLine:
    """销毁清册: the head lists dossiers of the own department whose term is over."""
    require(by, Role.HEAD, article="20")
    if earlier := await event.find_by_key(key):
        return await _line(int(earlier.data["list"]))
    rules.check_own_name(by)
    await event.lock(f"chain {CHAIN}")
    over = await queries.over_of(by.department, local_day(at), numbers)
    words = rules.check_list(numbers, over, reason)
    row = await DeletionList.create(
        department=by.department,
        tasks=sorted(set(numbers)),
        reason=words,
        by=by.mark,
        account=by.account,
        at=at,
    )
    await event.record(
        CHAIN,
        "retention.proposed",
        by=by,
        at=at,
        key=key,
        rows=[row],
        list=row.id,
        tasks=row.tasks,
        reason=words,
    )
    return await _line(row.id)


@store.transactional
async def decide(
    id: int, agree: bool, said: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> DeletionLine:
    """The office, another person than the proposer, agrees: each task gets its tombstone, which keeps the hash of every
    file, and the files may go (`destroyed`). Not agreed to: with a reason, and nothing is destroyed."""
    require(by, Role.OFFICE, article="20")
    await event.lock(f"chain {CHAIN}")
    row = await DeletionList.get_or_none(id=id)
    if row is None:
        raise Refusal("retention.unknown", article="20")
    if row.agreed is not None or await event.find_by_key(key):
        return await _line(id)
    rules.check_four_eyes(row.account, by)
    if not agree and not said.strip():
        raise Refusal("retention.no_reason", article="20")
    row.agreed, row.said, row.decided_by, row.decided_at = agree, said.strip(), by.mark, at
    await row.save(update_fields=["agreed", "said", "decided_by", "decided_at"])
    kind = "retention.agreed" if agree else "retention.refused"
    await event.record(CHAIN, kind, by=by, at=at, key=key, rows=[row], list=id, reason=row.said)
    if agree:
        listed = await queries.ending(row.department, local_day(at), tasks=row.tasks)
        terms = {line.task: line.until for line in listed}
        for number in row.tasks:
            task = await tasks.find(number)
            tombstone = await Tombstone.create(
                task=task, list=row, objects=list(await queries.files_of(task)), term_over=terms[number], by=by.mark, at=at
            )  # fmt: skip
            await event.record(
                f"task:{number}",
                "task.destroyed",
                by=by,
                at=at,
                rows=[tombstone],
                list=id,
                n=len(tombstone.objects),
            )
    return await _line(id)


async def destroy(list_id: int) -> int:
    """Remove the files of a list that was agreed to; how many are gone. What a task that is kept has come to name since
    stays. Done again after a crash it finishes."""
    line = await queries.listed(list_id)
    gone = await queries.to_destroy(list_id) if line and line.agreed else ()
    for name in gone:
        await store.objects.discard(name)
    return len(gone)


async def destroy_agreed(*, at: datetime) -> None:
    """By the clock each day: finish what a crash cut short between a list's agreement and its files' end."""
    for list_id in await queries.agreed_since(at - AGAIN):
        await destroy(list_id)


async def _line(id: int) -> DeletionLine:
    line = await queries.listed(id)
    assert line
    return line
