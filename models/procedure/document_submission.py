"""交来的材料: a paper handed in by the entity, its bytes kept under their hash before it is entered (Art. 16 (2), 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.operations import event
from models.procedure import notice_records, preparation
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor
from models.states import UNTIL_CONCLUDED
from models.tables import Notice, Paper, Task

PER_TASK, LARGEST = 40, 20 * 2**20


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """A file whose bytes are kept already; `format` is what its first bytes say."""

    sha256: str
    size: int
    format: str  # JPEG PNG WEBP HEIC PDF
    name: str = ""


async def room(number: str, by: Actor) -> int:
    """How many papers this notice's task still takes: asked before a byte of them is read."""
    _, task = await notice_records.heard(number, by)
    return await room_of(task.id)


async def room_of(task_id: int) -> int:
    """The same for a task."""
    return PER_TASK - await Paper.filter(task_id=task_id).count()


@store.transactional
async def hand_in(
    number: str, line: int, files: Sequence[SubmittedFile], *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """Papers for a line of the list of materials."""
    letter, task = await notice_records.heard(number, by)
    preparation.line_of(letter, line)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, *UNTIL_CONCLUDED, article="16(2)")
    if not files:
        raise Refusal("entity.no_file", article="16(2)")
    papers = await entered(task, "prepare", line, files, by=by, at=at)
    if papers:
        what = {"line": line, "n": len(papers), "sha256": [paper.sha256 for paper in papers]}
        await notice_records.record(letter, "entity.handed_in", by, at, key=key, rows=papers, **what)


async def joined(
    letter: Notice, task: Task, purpose: str, subject: int, files: Sequence[SubmittedFile], kind: str, *, by: Actor, at: datetime,
    **params: Any,
) -> None:  # fmt: skip
    """Papers that come with words said before: none is lost, and the trail says when they came."""
    if papers := await entered(task, purpose, subject, files, by=by, at=at):
        await notice_records.record(letter, kind, by, at, rows=papers, **params)


async def entered(
    task: Task, purpose: str, subject: int | None, files: Sequence[SubmittedFile], *, by: Actor, at: datetime
) -> list[Paper]:
    """The rows of these papers, within an act; the same paper for the same thing is entered once (D43)."""
    known = {
        str(sha256) for sha256 in
        await Paper.filter(task=task, purpose=purpose, subject=subject).values_list("sha256", flat=True)
    }  # fmt: skip
    new = list({file.sha256: file for file in files if file.sha256 not in known}.values())
    count = await Paper.filter(task=task).count()
    if count + len(new) > PER_TASK:
        raise Refusal("entity.too_many_papers", article="16(2)", n=count, limit=PER_TASK)
    return [
        await Paper.create(
            task=task, purpose=purpose, subject=subject, name=file.name[:200], sha256=file.sha256, size=file.size,
            format=file.format, by=by.mark, at=at,
        )
        for file in new
    ]  # fmt: skip
