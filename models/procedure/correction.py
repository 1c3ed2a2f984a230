"""自行整改: a point the entity mended before the visit, or after it where the check found it wanting (Art. 16 (2), 17).

What the team accepts stands beside the question as mended and verified; the officer still answers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import document_submission, notice_records, notification, preparation, recipients
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile, entered
from models.queries import entity
from models.queries.entity import SubmittedCorrection
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.checklist import Ask, ChecklistSheet, failures
from models.rules.hearing import CORRECTIONS
from models.rules.text import visible
from models.states import BEFORE_THE_VISIT, RECEIPT_DUE
from models.tables import Correction, Notice, Question, Task


@store.transactional
async def submit(
    number: str,
    line: int,
    text: str,
    files: Sequence[SubmittedFile] = (),
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> int | None:
    """What was mended: before the visit `line` counts the letter's list, after it the checklist's questions.

    The correction's id; None where this was said before under the same `key`.
    """
    letter, task = await notice_records.heard(number, by)
    if await event.find_by_key(key):
        return None
    tasks.in_state(task, *BEFORE_THE_VISIT, *RECEIPT_DUE, article="17")
    stage = "before" if task.state in BEFORE_THE_VISIT else "after"
    if not visible(text).strip():
        raise Refusal("correction.no_text", article="17")
    ask = _asked(letter, line, stage, await sheet_of(task))
    earlier = await Correction.filter(task=task, question_id=ask.id, stage=stage).order_by("-id")
    noted = {"question": ask.number, "stage": stage, "finding": text.strip()}
    if earlier and earlier[0].accepted is None and earlier[0].text == text.strip():
        await document_submission.joined(
            letter, task, "correction", earlier[0].id, files, "entity.corrected", by=by, at=at, **noted
        )
        return earlier[0].id
    if any(before.accepted for before in earlier):
        raise Refusal("correction.accepted_already", article="17", number=line)
    if len(earlier) >= CORRECTIONS:
        raise Refusal("correction.too_often", article="17", number=line, limit=CORRECTIONS)
    row = await Correction.create(
        task=task, question_id=ask.id, stage=stage, text=text.strip(), by=by.mark, at=at
    )
    papers = await entered(task, "correction", row.id, files, by=by, at=at)
    await notice_records.record(letter, "entity.corrected", by, at, key=key, rows=[row, *papers], **noted)
    await recipients.tell(
        await recipients.section(task, ask.department), "correction.asked", key=f"correction:{row.id}", at=at,
        chain=f"task:{task.number}", task=task.number, correction=row.id,
    )  # fmt: skip
    return row.id


def _asked(notice: Notice, line: int, stage: str, sheet: ChecklistSheet) -> Ask:
    if stage == "after":
        if line not in failures(sheet):
            raise Refusal("correction.not_wanting", article="17", number=line)
        return sheet.ask(line)
    text, questions = preparation.line_of(notice, line), notice.letter.get("questions", [])
    asked = questions[line - 1] if questions else None
    ask = next((ask for ask in sheet.asks if ask.id == asked or (asked is None and ask.text == text)), None)
    if ask is None or ask.department in sheet.closed:
        raise Refusal("entity.no_line", article="16(2)", line=line, lines=len(notice.letter["materials"]))
    return ask


@store.transactional
async def decide(
    correction_id: int,
    accepted: bool,
    text: str = "",
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> SubmittedCorrection:
    """The leader, or an officer of the question's department, verified it or not; not needs a reason."""
    row = await Correction.get_or_none(id=correction_id)
    if row is None:
        raise Refusal("correction.unknown", article="17")
    task = await tasks.find((await Task.get(id=row.task_id)).number)
    mine = await tasks.serving(task, by)
    question = await Question.get(id=row.question_id)
    if question.department != mine.department and not mine.leader:
        raise Refusal(
            "checklist.other_department", article="16(3)", number=await _number(task, row.question_id)
        )
    await row.refresh_from_db()
    if row.accepted is not None or await event.find_by_key(key):
        return await _mended(row)
    if not accepted and not visible(text).strip():
        raise Refusal("correction.no_reason", article="17")
    row.accepted, row.said, row.decided_by, row.decided_at = accepted, text.strip(), by.mark, at
    await row.save(update_fields=["accepted", "said", "decided_by", "decided_at"])
    kind = "correction.accepted" if accepted else "correction.refused"
    shown = {"question": await _number(task, row.question_id), "said": text.strip()}
    told = await notification.owe(task, "mended", at, row.id)
    await tasks.note(task, kind, by=by, at=at, key=key, rows=[row, *told], **shown)
    await outbox.enqueue_follow_up([f"correction:{row.id}"], at=at, task=task.number)
    return await _mended(row)


async def _mended(row: Correction) -> SubmittedCorrection:
    mended = await entity.mended(row.id)
    assert mended
    return mended


async def _number(task: Task, question_id: int) -> int:
    return next(ask.number for ask in (await sheet_of(task)).every if ask.id == question_id)
