"""Finding a notice and writing into its trail: the beginning and the end of every act about it (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise.models import Model

from models.operations import outbox
from models.procedure import recipients
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.visit import without_visit
from models.states import GIVEN, REACHED, move
from models.states import NoticeState as N
from models.tables import Notice, Task


async def withheld(task: Task) -> bool:
    """True if this task's notice is withheld with legal basis and approver: nothing can be sent (D80)."""
    return await Notice.exists(task=task, state=N.WITHHELD)


async def current(task: Task) -> Notice | None:
    """The version that stands."""
    return await Notice.filter(task=task, state__in=GIVEN).order_by("-version").first()


async def reached(task: Task) -> bool:
    """True if somebody at the entity has the letter that stands, or nobody is to be told (Art. 16 (2))."""
    letter = await current(task)
    return (letter is not None and letter.state in REACHED) or await withheld(task)


async def drafted(task: Task) -> Notice | None:
    """A letter that waits for the head, or a wish to withhold it (that one has a legal basis)."""
    return await Notice.filter(task=task, state=N.DRAFTED).order_by("-version").first()


async def sent_back(task: Task) -> bool:
    """True if the newest letter was one that the head refused: the leader owes another."""
    last = await Notice.filter(task=task).order_by("-version").first()
    return last is not None and last.state == N.REVOKED and last.head_at is not None


async def find(notice_id: int) -> Notice:
    letter = await Notice.get_or_none(id=notice_id)
    if letter is None:
        raise Refusal("notice.unknown", article="16(2)")
    return letter


async def by_number(number: str) -> Notice:
    letter = await Notice.get_or_none(number=number)
    if letter is None:
        raise Refusal("notice.unknown", article="16(2)")
    return letter


async def current_of(task_number: str) -> Notice:
    letter = await current(await tasks.find(task_number))
    if letter is None:
        raise Refusal("notice.unknown", article="16(2)")
    return letter


async def to_be_given(task: Task) -> Notice:
    """The version that stands; refused where the entity is not to be told at all (D80)."""
    if await withheld(task):
        raise Refusal("notice.withheld", article="16(2)", task=task.number)
    return await current_of(task.number)


async def for_entity(notice: Notice, by: Actor) -> None:
    """The entity itself, or whoever holds the notice's link."""
    require(by, Role.ENTITY, Role.PUBLIC, article="16(2)")
    task = await Task.get(id=notice.task_id)
    if by.role == Role.ENTITY and by.id != str(task.target_id):
        raise Refusal("notice.unknown", article="16(2)")


async def heard(number: str, by: Actor) -> tuple[Notice, Task]:
    """The notice of this number, if it stands, and its task: for the entity, or whoever holds the link."""
    letter = await by_number(number)
    await for_entity(letter, by)
    task = await tasks.find((await Task.get(id=letter.task_id)).number)
    await letter.refresh_from_db()
    online = without_visit(task.ended_at, task.started_at, task.visit_from)
    page_only = letter.state == N.WITHHELD or (letter.state == N.REVOKED and online)
    if letter.state not in GIVEN and not (task.ended_at and page_only):
        raise Refusal("notice.not_standing", article="16(2)", number=number, state=letter.state)
    return letter, task


async def move_to(notice: Notice, state: N, **changed: Any) -> None:
    if notice.state != state:
        notice.state = move(notice.state, state, "16(2)")
    for name, value in changed.items():
        setattr(notice, name, value)
    await notice.save(update_fields=["state", *changed])


DECIDED = ("notice.withheld", "notice.withhold_refused", "notice.head_agreed", "notice.head_refused")


async def record(
    notice: Notice, kind: str, by: Actor, at: datetime, *, rows: Iterable[Model] = (), **noted: Any
) -> None:
    task = await Task.get(id=notice.task_id)
    await tasks.note(task, kind, by=by, at=at, rows=[notice, *rows], number=notice.number, **noted)
    await outbox.enqueue_follow_up(
        [f"{card}:{notice.id}" for card in ("by_hand", "withhold", "approve")], at=at, task=task.number
    )
    if kind in DECIDED:
        await outbox.desks(by.department, f"{kind}:{notice.id}", at=at)


async def tell_leader(
    task: Task, kind: str, key: str, at: datetime, *, lane: int = outbox.INTERACTIVE, but: int | None = None,
    **payload: Any,
) -> None:  # fmt: skip
    """The task's leader; the trail and the office's desk say where there is none to tell (Art. 15)."""
    to_whom = (await recipients.leader(task)).but(but)
    await recipients.tell(
        to_whom, kind, key=key, at=at, lane=lane, chain=f"task:{task.number}", task=task.number, **payload
    )


async def tell_leader_of(notice: Notice, kind: str, key: str, at: datetime, **payload: Any) -> None:
    """The leader of the task that a letter is about."""
    await tell_leader(await Task.get(id=notice.task_id), kind, key, at, notice=notice.id, **payload)


async def tell_team(
    task: Task,
    kind: str,
    key: str,
    at: datetime,
    *,
    lane: int = outbox.BULK,
    but: int | None = None,
    **payload: Any,
) -> None:
    """Everybody who serves in the task, save whoever did it."""
    to_whom = (await recipients.team(task)).but(but)
    await recipients.tell(
        to_whom, kind, key=key, at=at, lane=lane, chain=f"task:{task.number}", task=task.number, **payload
    )


async def tell_head(
    task: Task, department: str, kind: str, key: str, at: datetime, *, chain: str = "", **payload: Any
) -> None:
    """Every head of a department about a task; where it has none, the trail (`chain`: not the task's) and the office's
    desk say so (Art. 5-7)."""
    to_whom, chain = await recipients.heads([department]), chain or f"task:{task.number}"
    await recipients.tell(
        to_whom,
        kind,
        key=key,
        at=at,
        lane=outbox.INTERACTIVE,
        chain=chain,
        **{"task": task.number, **payload},
    )
    await outbox.desks(department, key, at=at)
