"""照片作为证据: the original's bytes first, then the row that names them (Art. 16, 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from tortoise.expressions import Q

from models import store
from models.fields import json_value
from models.operations import event, outbox
from models.procedure import task as tasks
from models.queries import rechecks
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import annotation, text
from models.rules.actor import CLOCK, Actor
from models.rules.visit import instant, local_day
from models.states import AT_THE_DOOR, RECEIPT_DUE, VISITED
from models.states import TaskState as T
from models.tables import Assignment, NetworkFinding, NonCooperation, Photo, Task

PER_TASK, BYTES_PER_TASK, DAY_MB = 500, 2 * 1024**3, 4096
COPIES = "copies of photos"
ABOUT = {  # photos of no question, and where the task stands when they are taken
    "refusal": AT_THE_DOOR,
    "place": AT_THE_DOOR,
    "sample": VISITED,
    "record": VISITED,
    "recheck": RECEIPT_DUE,
}


@dataclass(frozen=True, slots=True)
class EnteredPhoto:
    """What whoever sent a photo is told of it: bytes, what it is worth as evidence, and the doubts."""

    id: int
    size: int
    grade: str
    labels: tuple[Any, ...]


@store.transactional
async def take(
    number: str,
    question: int | None,
    *,
    by: Actor,
    at: datetime,
    sha256: str,
    size: int,
    format: str,
    width: int,
    height: int,
    grade: str,
    labels: list[Any],
    exif: dict[str, Any],
    caption: str = "",
    sent_at: datetime | None = None,
    source: str = "",
    about: str = "",
    key: str | None = None,
    day_mb: int = DAY_MB,
) -> EnteredPhoto:
    """Enter a photo whose bytes are kept under `sha256` before this is over; for two questions it is linked twice.

    `about`: what a photo of no question shows; it is taken whether the department's section is closed or not.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if done := await event.find_by_key(key):
        return _entered(await Photo.get(id=done.data["photo"]))
    question_id = None if about else await _question(task, question, mine)
    if about:
        tasks.in_state(task, *ABOUT[about], article="16")
    if about == "recheck" and await rechecks.under_way(task.id, by.id) is None:
        raise Refusal("recheck.none_begun", article="17")
    if same := await Photo.get_or_none(
        task=task, question_id=question_id, about=about, sha256=sha256, removed_at=None
    ):
        return _entered(same)
    await _refuse_overfull(task, size)
    await refuse_full_day(by, size, at, day_mb)
    elsewhere = await Photo.filter(sha256=sha256).exclude(task=task).first()
    if elsewhere:
        labels = [*labels, "seen_before"]
    photo = await Photo.create(
        task=task, question_id=question_id, sha256=sha256, size=size, format=format, width=width, height=height,
        grade=grade, labels=labels, exif=exif, caption=caption, source=source, by=by.id, sent_at=sent_at, at=at,
        about=about,
    )  # fmt: skip
    await tasks.note(
        task, "photo.taken", by=by, at=at, key=key, rows=[photo], photo=photo.id, question=question, sha256=sha256,
        size=size, grade=grade, **({"about": about} if about else {}),
    )  # fmt: skip
    if about == "refusal":
        await _confirmable_now(task, at)
    return _entered(photo)


async def _confirmable_now(task: Task, at: datetime) -> None:
    """What waited for its photo can be confirmed: the second officer's card says so."""
    waiting = await NonCooperation.filter(task=task, confirmed_at=None, agreed=None).values_list(
        "id", flat=True
    )
    await outbox.enqueue_follow_up([f"refusal:{row}" for row in waiting], at=at)


def _entered(row: Photo) -> EnteredPhoto:
    return EnteredPhoto(row.id, row.size, row.grade, tuple(row.labels))


async def _question(task: Task, number: int | None, mine: Assignment) -> int | None:
    """The row of the question that the photo answers, open to this officer."""
    tasks.in_state(task, T.ON_SITE, article="16")
    sheet = await sheet_of(task)
    ask = sheet.ask(number) if number is not None else None
    if ask and ask.department != mine.department:
        raise Refusal("checklist.other_department", article="16(3)", number=ask.number)
    if mine.department in sheet.closed:
        raise Refusal("checklist.final", article="16(3)", task=task.number)
    return ask.id if ask else None


async def _refuse_overfull(task: Task, size: int) -> None:
    """A task holds so many photos and so many bytes (D51)."""
    sizes = await Photo.filter(task=task, removed_at=None).values_list("size", flat=True)
    total = sum(int(str(each)) for each in sizes)
    if len(sizes) >= PER_TASK or total + size > BYTES_PER_TASK:
        raise Refusal("photo.task_full", article="16", n=len(sizes), megabytes=total // 1_000_000)


async def refuse_full_day(by: Actor, size: int, at: datetime, day_mb: int = DAY_MB) -> None:
    """One officer enters so many bytes in a day, voided ones and screenshots among them: a phone gone wild fills no
    disk (D51)."""
    begins = instant(local_day(at), time())
    today: dict[str, Any] = {"by": by.id, "at__gte": begins, "at__lt": begins + timedelta(days=1)}
    total = sum(int(str(each)) for each in await Photo.filter(**today).values_list("size", flat=True))
    shots = await NetworkFinding.filter(**today).exclude(screenshot="").values_list("screenshot", flat=True)
    total += sum([await _size(str(name)) for name in set(shots)])
    if total + size > day_mb * 2**20:
        raise Refusal("photo.day_full", article="16", megabytes=total // 2**20, limit=day_mb)


async def _size(name: str) -> int:
    """The bytes of an object; none where it is missing, which the daily check reports."""
    return await store.objects.size(name) if await store.objects.exists(name) else 0


@store.transactional
async def place(photo_id: int, question: int, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """Say to which question a photo belongs that came without one."""
    photo = await Photo.get_or_none(id=photo_id).select_related("task")
    if photo is None:
        raise Refusal("photo.unknown", article="16")
    task = photo.task
    mine = await tasks.serving(task, by)
    if await event.find_by_key(key):
        return
    sheet = await sheet_of(task)
    ask = sheet.ask(question)
    if photo.by != by.id or ask.department != mine.department:
        raise Refusal("checklist.other_department", article="16(3)", number=question)
    if mine.department in sheet.closed:
        raise Refusal("checklist.final", article="16(3)", task=task.number)
    photo.question_id = ask.id
    await photo.save(update_fields=["question_id"])
    await tasks.note(
        task, "photo.placed", by=by, at=at, key=key, rows=[photo], photo=photo.id, question=question
    )


@store.transactional
async def mark(
    photo_id: int, drawn: list[dict[str, Any]], *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """标注: arrows, boxes and hidden parts on a copy, in place of those before; the original stays as it is.

    Until the copy is made, none is shown in which a face or a plate might still be seen.
    """
    photo = await Photo.get_or_none(id=photo_id, removed_at=None).select_related("task")
    if photo is None:
        raise Refusal("photo.unknown", article="16(3)")
    task = photo.task
    await tasks.serving(task, by)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, T.ON_SITE, T.CONCLUDED, T.ENTERED, article="16(3)")
    if photo.unprintable or photo.format == "HEIC":
        raise Refusal("photo.unmarkable", article="16(3)")
    marks = annotation.check(drawn)
    if marks == photo.marks:
        return
    photo.marks, photo.marked, photo.thumbnail = marks, "", ""
    await photo.save(update_fields=["marks", "marked", "thumbnail"])
    await tasks.note(
        task, "photo.marked", by=by, at=at, key=key, rows=[photo], photo=photo.id, marks=len(marks)
    )


@store.transactional
async def void(photo_id: int, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """作废: a wrong photo leaves the record for a reason; row, bytes and reason stay in the trail.

    Whoever took it may, and the leader. Where the question wanted a photo, it wants one again.
    """
    photo = await Photo.get_or_none(id=photo_id).select_related("task")
    if photo is None:
        raise Refusal("photo.unknown", article="16(3)")
    task = photo.task
    mine = await tasks.serving(task, by)
    if await event.find_by_key(key) or photo.removed_at is not None:
        return
    tasks.in_state(task, T.SCHEDULED, T.ON_SITE, T.CONCLUDED, T.ENTERED, article="16(3)")
    if not text.visible(reason).strip():
        raise Refusal("photo.void_reason", article="16(3)")
    if photo.by != by.id and not mine.leader:
        raise Refusal("photo.void_not_yours", article="16(3)")
    photo.removed_at, photo.removed_why = at, text.visible(reason).strip()
    await photo.save(update_fields=["removed_at", "removed_why"])
    await tasks.note(
        task, "photo.voided", by=by, at=at, key=key, rows=[photo], photo=photo.id, sha256=photo.sha256,
        reason=photo.removed_why,
    )  # fmt: skip


async def developed_soon(photo_id: int, **copies: Any) -> None:
    """`developed`, written with whatever this process commits next; a copy that is lost on the way is made again."""
    await store.ride(developed, COPIES, photo_id, **copies)


@store.plain
async def developed(
    photo_id: int, *, at: datetime, thumbnail: str, stamped: str, marked: str = "",
    marks: list[dict[str, Any]] | None = None, by: Actor = CLOCK,
) -> None:  # fmt: skip
    """Remember the derived copies, which can be made again from the original at any time. Copies that were made
    for other `marks` than stand now are let go."""
    rows = await store.run_one(
        "SELECT p.marks, t.number FROM photo p JOIN task t ON t.id = p.task_id WHERE p.id = ?", photo_id
    )
    if rows and json_value(rows[0]["marks"]) == (marks or []):
        await store.run_one(
            'UPDATE photo SET "thumbnail" = ?, "stamped" = ?, "marked" = ? WHERE "id" = ?',
            thumbnail, stamped, marked, photo_id,
        )  # fmt: skip
        chain, photo = f"task:{rows[0]['number']}", Photo(id=photo_id)
        await event.record(chain, "photo.developed", by=by, at=at, rows=[photo], photo=photo_id)


@store.transactional
async def unprintable(photo_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """无法预览: the darkroom refuses this photo, for the `reason` of its refusal. Noted once, never tried again;
    the original stays evidence as it is.
    """
    photo = await Photo.get_or_none(id=photo_id).select_related("task")
    if photo is None or photo.unprintable or photo.stamped:
        return
    photo.unprintable = reason
    await photo.save(update_fields=["unprintable"])
    await tasks.note(photo.task, "photo.unprintable", by=by, at=at, rows=[photo], photo=photo.id, why=reason)


async def undeveloped(limit: int = 20) -> list[int]:
    """Photos (their ids) whose thumbnail and stamped copy are still owed."""
    await store.kept(COPIES)
    owed = Photo.filter(Q(stamped="") | Q(thumbnail=""), unprintable="", format__not="HEIC")
    return [row.id for row in await owed.order_by("id").limit(limit).only("id")]
