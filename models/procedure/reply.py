"""申辩: what the entity answers to the record before it is published; the reviewer reads it first (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models import store
from models.operations import event
from models.procedure import document_submission, notice_records
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile, entered
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.hearing import REPLIES
from models.rules.text import visible
from models.states import BEFORE_PUBLICATION
from models.states import TaskState as T
from models.tables import Statement


@store.transactional
async def give(
    number: str,
    text: str,
    files: Sequence[SubmittedFile] = (),
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> None:
    """Add a statement; the same words again are the same statement."""
    letter, task = await notice_records.heard(number, by)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, *BEFORE_PUBLICATION, article="16(3)")
    if not visible(text).strip():
        raise Refusal("reply.no_text", article="16(3)")
    earlier = await Statement.filter(task=task, kind="reply")
    if same := next((reply for reply in earlier if reply.text == text.strip()), None):
        await document_submission.joined(
            letter, task, "statement", same.id, files, "entity.replied", by=by, at=at, note=same.text
        )
        return
    if len(earlier) >= REPLIES:
        raise Refusal("reply.too_often", article="16(3)", limit=REPLIES)
    statement = await Statement.create(task=task, kind="reply", text=text.strip(), by=by.mark, at=at)
    papers = await entered(task, "statement", statement.id, files, by=by, at=at)
    await notice_records.record(
        letter, "entity.replied", by, at, key=key, rows=[statement, *papers], note=text.strip()
    )
    await notice_records.tell_head(
        task, await tasks.initiating(task), "reply.given", f"reply:{statement.id}", at
    )


@store.transactional
async def agree(number: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """无异议: the entity has nothing to say against the reviewed result, which may be published at once."""
    letter, task = await notice_records.heard(number, by)
    last = await Statement.filter(task=task, kind__in=["reply", "agreed"]).order_by("-id").first()
    since = task.reviewed_at
    if last and last.kind == "agreed" and (since is None or last.at >= since):
        return
    tasks.in_state(task, T.REVIEWED, T.RECORDED, article="16(3)")
    statement = await Statement.create(task=task, kind="agreed", text="", by=by.mark, at=at)
    await notice_records.record(letter, "entity.agreed", by, at, key=key, rows=[statement])
    await notice_records.tell_head(
        task, await tasks.initiating(task), "reply.agreed", f"agreed:{statement.id}", at
    )
