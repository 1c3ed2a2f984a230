"""Finding a notice and writing into its trail: the beginning and the end of every act about it (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise.models import Model

from models.procedure import message
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.states import NoticeState as N
from models.states import move
from models.tables import Account, Notice, Task

GIVEN = (N.APPROVED, N.SENT, N.OPENED, N.ACKNOWLEDGED, N.FAILED, N.BY_HAND)


async def withheld(task: Task) -> bool:
    """True if this task's notice is withheld with legal basis and approver: nothing can be sent (D80)."""
    return await Notice.exists(task=task, state=N.WITHHELD)


async def current(task: Task) -> Notice | None:
    """The version that stands."""
    return await Notice.filter(task=task, state__in=GIVEN).order_by("-version").first()


async def find(notice_id: int) -> Notice:
    found = await Notice.get_or_none(id=notice_id)
    if found is None:
        raise Refusal("notice.unknown", article="16(2)")
    return found


async def given(number: str) -> Notice:
    found = await Notice.get_or_none(number=number)
    if found is None:
        raise Refusal("notice.unknown", article="16(2)")
    return found


async def standing(task_number: str) -> Notice:
    found = await current(await tasks.find(task_number))
    if found is None:
        raise Refusal("notice.unknown", article="16(2)")
    return found


async def of_its_entity(notice: Notice, by: Actor) -> None:
    """The entity itself, or whoever holds the notice's link."""
    require(by, Role.ENTITY, Role.PUBLIC, article="16(2)")
    task = await Task.get(id=notice.task_id)
    if by.role == Role.ENTITY and by.id != str(task.target_id):
        raise Refusal("notice.unknown", article="16(2)")


async def to(notice: Notice, state: N, **changed: Any) -> None:
    if notice.state != state:
        notice.state = move(notice.state, state, "16(2)")
    for name, value in changed.items():
        setattr(notice, name, value)
    await notice.save(update_fields=["state", *changed])


async def note(
    notice: Notice, kind: str, by: Actor, at: datetime, *, rows: Iterable[Model] = (), **noted: Any
) -> None:
    task = await Task.get(id=notice.task_id)
    await tasks.note(task, kind, by=by, at=at, rows=[notice, *rows], number=notice.number, **noted)


async def tell_leader(notice: Notice, kind: str, key: str, at: datetime, **payload: Any) -> None:
    task = await Task.get(id=notice.task_id)
    leader = await tasks.leader_account(task)
    if leader:
        await message.owe(
            leader,
            kind,
            key=key,
            at=at,
            lane=message.INTERACTIVE,
            task=task.number,
            notice=notice.id,
            **payload,
        )


async def tell_head(department: str, kind: str, key: str, at: datetime, **payload: Any) -> None:
    for head in await Account.filter(role=Role.HEAD, department=department, disabled_at=None):
        await message.owe(head, kind, key=f"{key}:{head.id}", at=at, lane=message.INTERACTIVE, **payload)
