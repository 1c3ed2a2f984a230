"""抽查结果，来源：省级平台: a file of theirs stands beside what our officers enter, and is never taken for it (Art. 8).

谁检查、谁录入、谁负责: a row of theirs is nobody's entry here, moves no task and publishes nothing (Art. 16 (3)).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from models import store
from models.procedure import task as tasks
from models.queries import platform_result as queries
from models.queries.draws import entry_of, find_batch
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.platform_result import PlatformResultRow, ResultNames
from models.rules.visit import local_day
from models.states import TaskState
from models.tables import PlatformFile, PlatformResult, Task

ARTICLE = "8"


@dataclass(frozen=True, slots=True)
class PlatformResultsTaken:
    """What became of a file. `rows`: written now, or taken back; `standing`: rows that stood already as they are."""

    file: str
    sha256: str
    rows: int
    tasks: int
    standing: int = 0


@store.transactional
async def take(
    name: str, data: bytes, batch: str = "", *, names: ResultNames, by: Actor, at: datetime
) -> PlatformResultsTaken:
    """Write the file's rows beside ours, whole; every row must stand. The same content again changes nothing.

    `batch`: where the file is of one batch alone. By the office, or the head of the initiating department, for whom the
    tasks of others are not there.
    """
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    own = by.department if by.role == Role.HEAD else ""
    if batch:
        await _initiating(batch, by)
    today, sha256, called = local_day(at), hashlib.sha256(data).hexdigest(), text.visible(name).strip()[:200]
    looked = await queries.looked_at(data, batch, own, names, today)
    await tasks.turns({row.task for row in looked.rows})
    read = await queries.looked_at(data, batch, own, names, today)
    if read.bad or not read.rows:
        n = len({remark.number for remark in read.bad})
        raise Refusal("platform_result.rows", ARTICLE, n=n, file=called)
    by_task: dict[str, list[PlatformResultRow]] = {}
    for row in read.new:
        by_task.setdefault(row.task, []).append(row)
    for number, rows in sorted(by_task.items()):
        task = await tasks.find(number)
        written = [await _written(task, row, called, sha256, by, at) for row in rows]
        await tasks.note(
            task, "platform_result.taken", by=by, at=at, rows=written, file=sha256, n=len(written),
            receipt=written[0].receipt,
        )  # fmt: skip
    await _keep(called, data, sha256, by, at)
    return PlatformResultsTaken(called, sha256, len(read.new), len(by_task), len(read.standing))


async def _keep(name: str, data: bytes, sha256: str, by: Actor, at: datetime) -> None:
    """The file stays with each batch in whose tasks its rows stand, whatever way it came, so that it can be taken back."""
    tasks_of_file = Task.filter(number__in=await queries.tasks_of(sha256))
    batches = {str(code) for code in await tasks_of_file.values_list("batch_id", flat=True)}
    files = await PlatformFile.filter(sha256=sha256, draw_id=None).values_list("batch_id", flat=True)
    for code in sorted(batches - {str(code) for code in files}):
        await PlatformFile.create(batch_id=code, name=name, data=data, sha256=sha256, by=by.mark, at=at)


@store.transactional
async def take_back(sha256: str, reason: str, *, by: Actor, at: datetime) -> PlatformResultsTaken:
    """Take back every row of a file, with a reason, while none of its tasks is archived; again changes nothing."""
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    why = text.visible(reason).strip()[:500]
    numbers = await queries.tasks_of(sha256)
    await tasks.turns(numbers)
    rows = await PlatformResult.filter(sha256=sha256, taken_back_at=None).order_by("id")
    if not rows:
        if last := await PlatformResult.filter(sha256=sha256).first():
            return PlatformResultsTaken(last.file, sha256, 0, 0)
        raise Refusal("platform_result.not_taken", ARTICLE)
    if not why:
        raise Refusal("platform_result.no_reason", ARTICLE)
    for number in numbers:
        task = await tasks.find(number)
        if by.role == Role.HEAD and await tasks.initiating(task) != by.department:
            raise Refusal("platform_result.not_taken", ARTICLE)
        if task.state == TaskState.ARCHIVED:
            raise Refusal("platform_result.archived", ARTICLE, task=number)
        mine = [row for row in rows if row.task_id == task.id]
        for row in mine:
            row.taken_back_by, row.taken_back_at, row.reason = by.mark, at, why
            await row.save(update_fields=["taken_back_by", "taken_back_at", "reason"])
        await tasks.note(
            task, "platform_result.taken_back", by=by, at=at, rows=mine, file=sha256, n=len(mine), reason=why
        )
    return PlatformResultsTaken(rows[0].file, sha256, len(rows), len(numbers))


async def _initiating(code: str, by: Actor) -> None:
    """Of heads, only the initiating department's."""
    entry = await entry_of(await find_batch(code))
    if by.role == Role.HEAD and by.department != entry.plan.department:
        raise Refusal("draw.not_initiating", ARTICLE, department=by.department)


async def _written(
    task: Task, row: PlatformResultRow, file: str, sha256: str, by: Actor, at: datetime
) -> PlatformResult:
    return await PlatformResult.create(
        task=task, department=row.department, types=list(row.types), measures=list(row.measures), note=row.note,
        day=row.day, receipt=row.receipt, file=file, sha256=sha256, by=by.mark, at=at,
    )  # fmt: skip
