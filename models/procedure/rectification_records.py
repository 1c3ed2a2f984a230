"""Finding an order to rectify and writing into its trail: the beginning and the end of every act about it (Art. 17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise.models import Model

from models.operations import outbox
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.rectification import StepKind
from models.states import RectificationState as R
from models.states import move
from models.tables import Notification, Rectification, RectificationStep, Task

NOTIFIED = ("ordered", "order_step", "order_due")
"""Kinds of what the entity is told of an order: the order itself, what befell it, its last days."""


async def by_number(number: str) -> tuple[Rectification, Task]:
    """An order and its task, in the task's turn."""
    return await _in_turn(await Rectification.get_or_none(number=number))


async def find(order_id: int) -> tuple[Rectification, Task]:
    """The same by its id."""
    return await _in_turn(await Rectification.get_or_none(id=order_id))


async def _in_turn(row: Rectification | None) -> tuple[Rectification, Task]:
    if row is None:
        raise Refusal("rectification.unknown", article="17")
    task = await tasks.find((await Task.get(id=row.task_id)).number)
    await row.refresh_from_db()
    return row, task


async def of_officer(row: Rectification, task: Task, by: Actor) -> None:
    """An officer of the department that ordered it, who serves in the task; unknown to everybody else."""
    mine = await tasks.serving(task, by)
    if mine.department != row.department:
        raise Refusal("rectification.other_department", article="17", number=row.number)


def of_head(row: Rectification, by: Actor) -> None:
    """The head of the department that ordered it."""
    require(by, Role.HEAD, article="17")
    if by.department != row.department:
        raise Refusal("rectification.unknown", article="17")


def of_entity(task: Task, by: Actor) -> None:
    """The entity itself, or whoever holds the order's link."""
    require(by, Role.ENTITY, Role.PUBLIC, article="17")
    if by.role == Role.ENTITY and by.id != str(task.target_id):
        raise Refusal("rectification.unknown", article="17")


def in_state(row: Rectification, *states: R) -> None:
    """Refuse an act that comes out of order, naming where the order stands."""
    if row.state not in states:
        raise Refusal("rectification.state", article="17", number=row.number, state=row.state)


async def move_to(row: Rectification, state: R, **changed: Any) -> None:
    if row.state != state:
        row.state = move(row.state, state, "17")
    for name, value in changed.items():
        setattr(row, name, value)
    await row.save(update_fields=["state", *changed])


async def step(row: Rectification, kind: StepKind, by: Actor, at: datetime, **what: Any) -> RectificationStep:
    """What befalls an order, as a row."""
    return await RectificationStep.create(
        task_id=row.task_id, rectification=row, kind=kind.value, by=by.mark, at=at, **what
    )


async def note(
    row: Rectification, task: Task, kind: str, by: Actor, at: datetime, rows: Iterable[Model], *,
    key: str | None = None, **noted: Any,
) -> None:  # fmt: skip
    """Into the task's trail; open cards of the order and the desks of its heads follow."""
    await tasks.note(
        task,
        kind,
        by=by,
        at=at,
        key=key,
        rows=[row, *rows],
        number=row.number,
        state=row.state.value,
        **noted,
    )
    await outbox.enqueue_follow_up([f"rectification:{row.id}"], at=at, task=task.number)
    await outbox.desks(row.department, f"{kind}:{row.id}:{at.isoformat()}", at=at)


async def told(notified: Notification) -> list[Rectification]:
    """An order that a channel took, or that came back unread, stands accordingly. Part of an act; the row written."""
    if notified.kind != NOTIFIED[0]:
        return []
    row = await Rectification.get(id=notified.subject)
    if row.state == R.ISSUED and notified.told_at:
        await move_to(row, R.TOLD)
    elif row.state == R.TOLD and not notified.told_at:
        await move_to(row, R.ISSUED)
    else:
        return []
    return [row]
