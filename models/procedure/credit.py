"""信用记录: a published result goes into the target's record; the entity asks for repair, a head decides (Art. 19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import notice_records, notification
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile
from models.procedure.publication import of_the_head
from models.queries import credit as queries
from models.queries import publication
from models.queries.credit import CreditLine, CreditRepairLine
from models.refusal import Refusal
from models.rules import credit as rules
from models.rules.actor import Actor, Role, require
from models.rules.visit import local_day
from models.tables import CreditEntry, CreditPaper, CreditRepair, Result

MOST_PAPERS = 10


@store.transactional
async def enter(
    number: str, valid_until: date, *, by: Actor, at: datetime, district: District, key: str | None = None
) -> CreditLine:
    """What is public of a task goes into the record, once the term of objection is over and nothing is disputed.

    After a correction it is entered anew, under another number. By the head of the initiating department.
    """
    task = await tasks.find(number)
    await of_the_head(task, by)
    if earlier := await event.find_by_key(key):
        return await queries.entry(int(earlier.data["entry"]), local_day(at))
    public = await queries.public_standing(task, district.calendar)
    rules.check_entry(public, valid_until, local_day(at), number)
    assert public
    version = await publication.current(task)
    of_it = {"id": version.result_id} if version else {}
    result = await Result.filter(task=task, **of_it).order_by("-version").first()
    assert result
    count = await CreditEntry.filter(task=task).count()
    row = await CreditEntry.create(
        number=f"{number}-X{count + 1}", task=task, publication=version, department=by.department, types=list(result.types),
        published_on=public.since, valid_until=valid_until, by=by.mark, at=at,
    )  # fmt: skip
    await event.record(
        queries.chain(number), "credit.entered", by=by, at=at, key=key, rows=[row], entry=row.id, number=row.number,
        until=valid_until.isoformat(),
    )  # fmt: skip
    return await queries.entry(row.id, local_day(at))


@store.transactional
async def apply(
    number: str,
    text: str,
    files: Sequence[SubmittedFile] = (),
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> CreditRepairLine:
    """信用修复 asked for by the entity of this letter: what it put right, with papers. One application at a time; papers
    and words sent again join the one that waits."""
    _, task = await notice_records.heard(number, by)
    if earlier := await event.find_by_key(key):
        return await _line(int(earlier.data["repair"]))
    entry = await CreditEntry.filter(task=task).order_by("-id").first()
    line = await queries.of_task(task.number, local_day(at))
    if entry is None or line is None:
        raise Refusal("credit.nothing_to_repair", "19")
    row = await CreditRepair.get_or_none(entry=entry, granted=None)
    words = rules.check_repair(line.state, line.types, text)
    if row is None:
        row = await CreditRepair.create(task=task, entry=entry, text=words, by=by.mark, at=at)
        kind = "credit.asked"
    elif row.text == words and not files:
        return await _line(row.id)
    else:
        if row.text != words:
            row.text = rules.check_repair(line.state, line.types, f"{row.text}\n{words}")
            await row.save(update_fields=["text"])
        kind = "credit.added"
    papers = await _papers(row, files, by, at)
    await event.record(
        queries.chain(task.number), kind, by=by, at=at, key=key, rows=[row, *papers], repair=row.id, said=words,
        n=len(papers),
    )  # fmt: skip
    if kind == "credit.asked":
        await notice_records.tell_head(
            task, entry.department, "credit.asked", f"credit:{row.id}", at, chain=queries.chain(task.number), repair=row.id
        )  # fmt: skip
    return await _line(row.id)


async def _papers(
    row: CreditRepair, files: Sequence[SubmittedFile], by: Actor, at: datetime
) -> list[CreditPaper]:
    """The rows of these papers; the same paper is entered once."""
    known = {str(name) for name in await CreditPaper.filter(repair=row).values_list("sha256", flat=True)}
    new = {file.sha256: file for file in files if file.sha256 not in known}
    if len(known) + len(new) > MOST_PAPERS:
        raise Refusal("credit.too_many_papers", "19", limit=MOST_PAPERS)
    return [
        await CreditPaper.create(
            task_id=row.task_id, repair=row, name=file.name[:200], sha256=file.sha256, size=file.size, format=file.format,
            by=by.mark, at=at,
        )
        for file in new.values()
    ]  # fmt: skip


@store.transactional
async def decide(
    id: int, granted: bool, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> CreditRepairLine:
    """The head of the entry's department grants repair, with a reason: the entry stops being shown and leaves the record;
    or refuses it. Granted only when every order to rectify of the task is verified. The entity is told by its channels."""
    require(by, Role.HEAD, article="19")
    line = await queries.repair(id)
    if line is None or line.department != by.department:
        raise Refusal("credit.unknown", "19")
    task = await tasks.find(line.task)
    row = await CreditRepair.get(id=id)
    if row.granted is not None or await event.find_by_key(key):
        return await _line(id)
    row.said = rules.check_decision(granted, await queries.open_orders(task), reason)
    row.granted, row.decided_by, row.decided_at = granted, by.mark, at
    await row.save(update_fields=["granted", "said", "decided_by", "decided_at"])
    rows: list[CreditRepair | CreditEntry] = [row]
    if granted:
        entry = await CreditEntry.get(id=row.entry_id)
        entry.repaired_on = local_day(at)
        await entry.save(update_fields=["repaired_on"])
        rows.append(entry)
    await event.record(
        queries.chain(task.number), "credit.repaired" if granted else "credit.repair_refused", by=by, at=at, key=key,
        rows=rows, repair=id, said=row.said,
    )  # fmt: skip
    owed = await notification.owe(task, rules.REPAIR, at, id)
    await tasks.note(
        task, "entity.repair_answered", by=by, at=at, rows=owed, step=rules.REPAIR, answer="yes" if granted else "no",
        said=row.said,
    )  # fmt: skip
    await outbox.desks(by.department, f"credit:{id}", at=at)
    return await _line(id)


async def _line(id: int) -> CreditRepairLine:
    line = await queries.repair(id)
    assert line
    return line
