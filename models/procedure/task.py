"""Finding a task and proving that somebody serves in it: the beginning of every act (Art. 15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise.models import Model

from models import store
from models.operations import event, outbox
from models.queries.question import Served
from models.queries.question import served as served_by
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.credit import REPAIR
from models.rules.registry.rows import InspectorStatus
from models.states import TaskState, move
from models.tables import Account, Assignment, Batch, PlanEntry, Scheme, Task


async def find(number: str) -> Task:
    """The task of this number; unknown ones are refused like those of other departments (D60).

    Whoever acts on the same task at the same moment waits until that act is over, so that what is read here
    on still holds when it is written (R11).
    """
    await event.lock(f"chain task:{number}")
    results = await store.run_one("SELECT * FROM task WHERE number = ?", number)
    if not results:
        raise Refusal("task.unknown", article="11", task=number)
    return Task._init_from_db(**results[0])


async def served(number: str, by: Actor, key: str | None = None) -> Served:
    """The task, the officer's place in it and its sheet in one trip, with the turn of both the task and the `key`."""
    await event.lock(f"chain task:{number}", *([] if key is None else [f"key {key}"]))
    if by.role != Role.INSPECTOR:
        raise Refusal("task.unknown", article="15", task=number)
    chain = f"task:{number}"
    reply = await served_by(number, by.id, key, beside=event.head_of(chain))
    event.known_head(chain, reply.beside)
    if reply.status == InspectorStatus.LEFT:
        raise Refusal("officer.left", article="10", name=reply.name)
    return reply


async def turns(numbers: Iterable[str]) -> None:
    """The turns of several tasks, always in the same order: the first line of every act over many."""
    for number in sorted(set(numbers)):
        await event.lock(f"chain task:{number}")


async def visits_turn() -> None:
    """Whoever fixes a visit or changes who goes there waits for others who do: a person's day has no lock of its
    own (Art. 15). Taken before the turn of any task, so that two acts never wait for each other.
    """
    await event.lock("fixed visits")


async def serving(task: Task, by: Actor) -> Assignment:
    """The officer's place in the team of this task."""
    assignment = None
    if by.role == Role.INSPECTOR:
        seat = Assignment.get_or_none(task=task, inspector_id=by.id, until=None)
        assignment = await seat.select_related("inspector")
        if assignment is not None and assignment.inspector.status == InspectorStatus.LEFT:
            raise Refusal("officer.left", article="10", name=assignment.inspector.name)
    if assignment is None:
        raise Refusal("task.unknown", article="15", task=task.number)
    return assignment


async def leading(task: Task, by: Actor) -> Assignment:
    """The leader's place; other members are told that this is the leader's act."""
    assignment = await serving(task, by)
    if not assignment.leader:
        raise Refusal("task.leader_only", article="15", task=task.number)
    return assignment


def in_state(task: Task, *states: TaskState, article: str = "11") -> None:
    """Refuse an act that comes out of order, naming where the task stands."""
    if task.state not in states:
        raise Refusal("task.state", article=article, task=task.number, state=task.state)


async def to(task: Task, state: TaskState, article: str, **changed: Any) -> None:
    """Move a task on, with what changes along with it."""
    task.state = move(task.state, state, article)
    for name, value in changed.items():
        setattr(task, name, value)
    await task.save(update_fields=["state", *changed])


ARCHIVED = "task.archived"  # the last event of an act in a task's chain; what a machine still learns is kept

LISTED = frozenset({
    "network.closed", "visit.fixed", "visit.unfixed", "visit.begun", "visit.suspended", "visit.concluded",
    "network.ended", "absence.confirmed", "cooperation.established", "department_result.entered", "result.entered",
    "result.returned",
    "result.reviewed", "result.published", "revision.asked", "team.substituted", "task.reassigned",
    ARCHIVED,
})  # fmt: skip
"""Kinds of events after which an officer's list reads otherwise."""

GROUPED = frozenset({
    "absence", "cooperation", "department_result", "network", "notice", "result", "task", "team", "visit",
})  # fmt: skip
"""What events are about after which the status in a team's group may read otherwise."""


async def note(
    task: Task,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    rows: Iterable[Model] = (),
    **data: Any,
) -> None:
    """Write the act into the task's chain and let every open card of the task be redrawn. After the archive only what a
    machine still learns, and that the entity was told what became of its application for repair, which comes later.

    `rows`: what the act wrote besides the task itself; both are sealed by the event, so save them first.
    """
    later = kind == ARCHIVED or by.role == Role.SYSTEM or data.get("step") == REPAIR
    if task.state == TaskState.ARCHIVED and not later:
        raise Refusal("task.state", article="20", task=task.number, state=task.state)
    row = await event.record(f"task:{task.number}", kind, by=by, at=at, key=key, rows=[task, *rows], **data)
    subject, key = f"task:{task.number}", f"card:{task.number}:{row.seq}"
    await outbox.refresh_team(task.id, subject, but=by.account, key=key, at=at)
    if kind.partition(".")[0] in GROUPED:
        await outbox.refresh_group(task.team_id, key=f"group:{key}", at=at)
    if kind in LISTED:
        await outbox.refresh_team(task.id, "list", but=None, key=f"list:{key}", at=at)


async def initiating(task: Task) -> str:
    """The department that plans, leads and publishes this task."""
    batch = await Batch.get(code=task.batch_id)
    scheme = await Scheme.get(code=batch.scheme_id)
    entry = await PlanEntry.get(code=scheme.entry_id).select_related("plan")
    return str(entry.plan.department)


async def accounts(task: Task) -> list[int]:
    """The accounts of everyone who serves in the task."""
    people = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    rows = await Account.filter(inspector_id__in=list(people), disabled_at=None).values_list("id", flat=True)
    return [int(str(row)) for row in rows]


async def leader_account(task: Task) -> Account | None:
    """The leader's account, if the leader has one."""
    leader = await Assignment.get_or_none(task=task, leader=True, until=None)
    return await Account.get_or_none(inspector_id=leader.inspector_id, disabled_at=None) if leader else None
