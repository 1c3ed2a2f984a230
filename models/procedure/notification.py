"""告知: what the entity is told besides the letter, by its channels in its order; each try is a row (Art. 16 (3)).

The steps after the visit, and what became of the letter's time and of what the entity asked for. Where no channel of
ours reaches it, a person tells it. That the visit is over and the record is ready was said on site; there it is
noted that nothing was sent.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from tortoise.models import Model

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, rectification_records
from models.procedure import task as tasks
from models.queries import next_channel
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import COURIER, Actor, Role
from models.rules.channel import (
    BY_HAND,
    CALLS,
    PASSING,
    REACHED,
    SENT_BY_US,
    following,
    outcome_of,
    reached_by,
)
from models.rules.credit import REPAIR
from models.tables import Notification, NotificationAttempt, Outbox, Target, Task

TOLD_BY_A_PERSON = (
    "result", "published", "corrected", "withdrawn",
    "time_gone", "no_visit", "postponed", "recused", "mended", "objected", "ordered", "order_step", REPAIR,
)  # fmt: skip


async def owe(
    task: Task, kind: str, at: datetime, subject: int = 0
) -> list[Notification | NotificationAttempt]:
    """Owe it once for each subject. Part of an act; the rows written, for its event. Where no channel of ours is
    there, the trail says at once that a person has to tell it."""
    if await Notification.exists(task=task, kind=kind, subject=subject):
        return []
    head = await event.chain_head(f"task:{task.number}")
    name = sha256(f"{head.sha256}:{kind}:{subject}".encode()).hexdigest()[:32]
    row = await Notification.create(task=task, kind=kind, subject=subject, reference=name, at=at)
    rows: list[Notification | NotificationAttempt] = [row, *await _next_channel(row, at)]
    if row.by_hand:
        await tasks.note(task, "entity.by_hand", by=COURIER, at=at, rows=rows, step=kind, channel=row.by_hand)
    return rows


async def overtaken(task: Task, kind: str, at: datetime) -> list[Notification]:
    """What is not true any more is not sent any more. Part of an act; the rows written."""
    rows = await Notification.filter(task=task, kind=kind, overtaken_at=None)
    for row in rows:
        row.overtaken_at, row.by_hand = at, ""
        await row.save(update_fields=["overtaken_at", "by_hand"])
    return rows


async def _next_channel(row: Notification, at: datetime) -> list[NotificationAttempt]:
    task = await Task.get(id=row.task_id).select_related("target")
    target: Target = task.target
    there = await next_channel.addresses(target)
    channel = following(target.channels, there, await _used_up(row))
    key = f"notification:{row.id}:{channel}"
    if channel == "chat":
        await outbox.enqueue(int(there["chat"]), "notification", key=key, at=at, notification=row.id)
    elif channel not in BY_HAND:
        name = sha256(f"{row.reference}:{channel}".encode()).hexdigest()[:32]
        await outbox.enqueue_to_address(
            channel, there[channel], "notification", key=key, at=at, reference=name, notification=row.id
        )
    elif row.kind in TOLD_BY_A_PERSON:
        row.by_hand = channel
        await row.save(update_fields=["by_hand"])
        await notice_records.tell_leader(
            task,
            "notification.by_hand",
            key,
            at,
            lane=outbox.BULK,
            notification=row.id,
            step=row.kind,
            channel=channel,
        )
    else:
        return [await _attempt(row, channel, "skipped", COURIER, at)]
    return []


async def _used_up(row: Notification) -> set[str]:
    keys = [f"notification:{row.id}:{channel}" for channel in SENT_BY_US]
    owed = await Outbox.filter(kind="notification", key__in=keys)
    used, calls = {message.channel for message in owed}, 0
    for attempt in await NotificationAttempt.filter(notification=row):
        calls += attempt.channel == "phone" and attempt.outcome == "no_answer"
        if attempt.channel != "phone":
            used.add(attempt.channel)
    return used | ({"phone"} if calls >= CALLS else set())


async def _attempt(
    row: Notification,
    channel: str,
    outcome: str,
    by: Actor,
    at: datetime,
    detail: str = "",
    text_sha256: str = "",
) -> NotificationAttempt:
    return await NotificationAttempt.create(
        task_id=row.task_id, notification=row, channel=channel, outcome=outcome, detail=detail[:2000],
        text_sha256=text_sha256, by=by.mark, at=at,
    )  # fmt: skip


async def find(notification_id: int) -> tuple[Notification, Task]:
    row = await Notification.get_or_none(id=notification_id)
    if row is None:
        raise Refusal("notification.unknown", article="16(3)")
    task = await tasks.find((await Task.get(id=row.task_id)).number)
    await row.refresh_from_db()
    return row, task


@store.transactional
async def tried(
    notification_id: int,
    channel: str,
    ok: bool,
    *,
    by: Actor,
    at: datetime,
    detail: str = "",
    text_sha256: str = "",
) -> None:
    """A channel took it, or did not: then the next one is due."""
    row, task = await find(notification_id)
    await _came_of_it(row, task, channel, outcome_of(channel, ok), by, at, detail, text_sha256)


@store.transactional
async def reported(owed: Outbox, outcome: str, *, at: datetime, key: str, detail: str = "") -> None:
    """What a channel says later of it: delivered, bounced for good, only late, or passed on to another server."""
    row, task = await find(owed.payload["notification"])
    if not await event.find_by_key(key):
        await _came_of_it(row, task, owed.channel, outcome, COURIER, at, detail, "", key)


async def _came_of_it(
    row: Notification, task: Task, channel: str, outcome: str, by: Actor, at: datetime, detail: str, text_sha256: str,
    key: str | None = None,
) -> None:  # fmt: skip
    written: list[Model] = [await _attempt(row, channel, outcome, by, at, detail, text_sha256)]
    if outcome in REACHED:
        row.told_at = row.told_at or at
    elif outcome not in PASSING and not await _told_otherwise(row, channel):
        row.told_at = None
        if row.overtaken_at is None:
            written += await _next_channel(row, at)
    await row.save(update_fields=["told_at"])
    written += await rectification_records.told(row)
    told = outcome in REACHED or (outcome in PASSING and row.told_at is not None)
    kind = "entity.told" if told else "entity.not_told"
    attempted = {"step": row.kind, "channel": channel, "outcome": outcome, "detail": detail}
    await tasks.note(task, kind, by=by, at=at, key=key, rows=[row, *written], **attempted)


async def _told_otherwise(row: Notification, but: str) -> bool:
    others = NotificationAttempt.filter(notification=row).exclude(channel=but).order_by("id")
    return reached_by(await others.values_list("channel", "outcome"))


@store.transactional
async def passed_over(notification_id: int, channel: str, *, at: datetime) -> None:
    """This channel is not there: nothing was tried, the next one is due."""
    row, task = await find(notification_id)
    attempt = await _attempt(row, channel, "skipped", COURIER, at)
    written = [attempt, *([] if row.overtaken_at else await _next_channel(row, at))]
    attempted = {"step": row.kind, "channel": channel, "outcome": "skipped", "detail": ""}
    await tasks.note(task, "entity.not_told", by=COURIER, at=at, rows=[row, *written], **attempted)


@store.transactional
async def told_by_a_person(
    notification_id: int,
    reached: bool,
    remark: str,
    *,
    by: Actor,
    at: datetime,
    spoke_with: str = "",
    channel: str = "phone",
    key: str | None = None,
) -> str:
    """An officer of the team (or the office) telephoned, faxed, wrote or went: who, when, what was said; the task's number.

    Three calls without an answer are told to the head.
    """
    row, task = await find(notification_id)
    if by.role != Role.OFFICE:
        await tasks.serving(task, by)
    if await event.find_by_key(key):
        return task.number
    words, who = text.visible(remark).strip(), text.visible(spoke_with).strip()
    if channel not in BY_HAND or not words or (reached and not who):
        raise Refusal("notification.nothing_said", article="16(3)")
    if row.overtaken_at:
        raise Refusal("notification.overtaken", article="16(3)")
    attempt = await _attempt(
        row, channel, "told" if reached else "no_answer", by, at, ": ".join(filter(None, (who, words)))
    )
    written: list[Model] = [row, attempt]
    calls = await NotificationAttempt.filter(notification=row, channel="phone", outcome="no_answer").count()
    if reached:
        row.told_at, row.by_hand = row.told_at or at, ""
        await row.save(update_fields=["told_at", "by_hand"])
        written += await rectification_records.told(row)
    elif calls == CALLS and channel == "phone":
        await _unreached(row, task, at)
    await tasks.note(
        task, "entity.told" if reached else "entity.not_told", by=by, at=at, key=key, rows=written, step=row.kind,
        channel=channel, outcome=attempt.outcome, detail=attempt.detail,
    )  # fmt: skip
    return task.number


async def _unreached(row: Notification, task: Task, at: datetime) -> None:
    await notice_records.tell_head(
        task,
        await tasks.initiating(task),
        "notification.unreached",
        f"notification:{row.id}:unreached",
        at,
        step=row.kind,
    )
