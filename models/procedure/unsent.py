"""What waits on an officer's phone without a receipt: the leader hears of it, and giving it up is an act (Art. 16 (3), 20).

The phone says what it holds whenever it has a line and something stays: its own entries that were refused, and those
of others, which only they can send. The newest word of each phone stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, recipients
from models.procedure import task as tasks
from models.queries.unsent import CHAIN, KIND
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.text import visible
from models.rules.visit import local_day
from models.states import VISITED
from models.tables import Assignment, Event, Inspector, Task


@dataclass(frozen=True, slots=True)
class Held:
    """Entries of one officer on a phone. `lines`: task ("" when only their author can read it), how many, since when."""

    officer: str
    lines: tuple[tuple[str, int, str], ...]


@store.transactional
async def report(device: str, held: Sequence[Held], *, by: Actor, at: datetime) -> int:
    """Note what a phone holds, where that is news. How many officers' entries changed."""
    changed = 0
    known = {inspector.code for inspector in await Inspector.filter(code__in=[line.officer for line in held])}
    for holder in held:
        lines = [list(line) for line in holder.lines]
        if holder.officer not in known or await _said_last(holder.officer, device) == lines:
            continue
        await event.record(f"{CHAIN}{holder.officer}", KIND, by=by, at=at, device=device, lines=lines)
        await _tell_leaders(holder, by, at)
        changed += 1
    return changed


async def _said_last(officer: str, device: str) -> list[Any]:
    rows = await Event.filter(chain=f"{CHAIN}{officer}", kind=KIND).order_by("-seq").limit(50)
    return next((row.data["lines"] for row in rows if row.data["device"] == device), [])


async def _tell_leaders(held: Held, by: Actor, at: datetime) -> None:
    """Once a day for each task and officer: 「手机上还有未上传的检查内容」."""
    for task in await _concerned(held):
        day = f"unsent:{task.number}:{held.officer}:{local_day(at)}"
        await notice_records.tell_leader(
            task, "evidence.unsent", day, at, lane=outbox.BULK, but=by.account, officer=held.officer
        )
        key, leader = f"unsent:{task.number}:{held.officer}:{at.timestamp()}", await recipients.leader(task)
        await outbox.enqueue_card_refresh(list(leader.accounts), f"task:{task.number}", key=key, at=at)


async def _concerned(held: Held) -> list[Task]:
    """The tasks named; for what only its author can read, every visit of theirs that is under way or just over."""
    if not held.lines:
        return []
    named = [task for task, count, _ in held.lines if task and count]
    seats = Assignment.filter(inspector_id=held.officer)
    if any(not task for task, _, _ in held.lines):
        seats = seats.filter(task__state__in=VISITED, until=None)
    else:
        seats = seats.filter(task__number__in=named)
    return [seat.task for seat in await seats.select_related("task")]


@store.transactional
async def give_up(
    number: str, *, what: str, of: str, question: int | None, sha256: str, size: int, created: str, reason: str,
    by: Actor, at: datetime, key: str | None = None,
) -> None:  # fmt: skip
    """放弃未上传内容: the officer will not send it any more, for a reason, and the task's trail says so.

    Whoever ever served in the task may, since what waits may be from before a substitution. What cannot be read is
    of no known task (`number` "") and is noted in the officer's own chain.
    """
    if not visible(reason).strip():
        raise Refusal("companion.no_reason", article="16(3)")
    if await event.find_by_key(key):
        return
    params: dict[str, Any] = {
        "what": what, "of": of, "question": question, "sha256": sha256, "size": size, "made": created,
        "reason": reason.strip(),
    }  # fmt: skip
    if not number:
        await event.record(f"{CHAIN}{by.id}", "evidence.given_up", by=by, at=at, key=key, **params)
        return
    task = await tasks.find(number)
    if not await Assignment.exists(task=task, inspector_id=by.id):
        raise Refusal("task.unknown", article="15", task=number)
    await tasks.note(task, "evidence.given_up", by=by, at=at, key=key, **params)
