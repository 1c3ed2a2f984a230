"""抽样检测: two officers take and seal a sample, an agency tests it, its report answers the question (Art. 16).

While the report is out the question is 待检测: the section may be closed and the visit ended, for the report
takes longer than the visit; the result of the inspection cannot be entered before it is in.
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure import task as tasks
from models.queries import method as methods
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor
from models.rules.checklist import SampleRule, may_sample
from models.rules.method import CheckMethod, offered
from models.rules.text import visible
from models.states import REPORTED_IN
from models.states import TaskState as T
from models.tables import Answer, Assignment, Question, Sample, Task


@store.transactional
async def take(
    number: str,
    question: int,
    name: str,
    quantity: str,
    seal: str,
    agency: str,
    *,
    witness: str,
    by: Actor,
    at: datetime,
    lot: str = "",
    key: str | None = None,
) -> int:
    """取样并封样 for a question of the officer's own department. `witness`: the second officer, who is there too. Its id."""
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if done := await event.find_by_key(key):
        return int(done.data["sample"])
    tasks.in_state(task, T.ON_SITE, article="16")
    sheet = await sheet_of(task)
    ask = sheet.ask(question)
    if ask.department != mine.department:
        raise Refusal("checklist.other_department", article="16(3)", number=question)
    if ask.department in sheet.closed:
        raise Refusal("checklist.final", article="16(3)", task=number)
    if sheet.settled(ask):
        raise Refusal("checklist.settled_online", article="16(1)", number=question)
    if ask.sample == SampleRule.NONE:
        raise Refusal("sample.not_asked", article="16", number=question)
    if not may_sample(ask, planned=CheckMethod.SAMPLE in offered(await methods.planned(task))):
        raise Refusal("method.not_planned", article="16", task=number)
    if question in sheet.waiting:
        raise Refusal("sample.out_already", article="16", number=question)
    name, quantity, seal, agency = (text.name(word) for word in (name, quantity, seal, agency))
    if not (name and quantity and seal and agency):
        raise Refusal("sample.incomplete", article="16")
    await _two_officers(task, by, witness)
    if await Sample.exists(seal=seal):
        raise Refusal("sample.seal_used", article="16", seal=seal)
    sample = await Sample.create(
        task=task, question_id=ask.id, name=name, quantity=quantity, lot=text.name(lot), seal=seal, agency=agency, by=by.id,
        witness=witness, at=at,
    )  # fmt: skip
    await tasks.note(
        task, "sample.taken", by=by, at=at, key=key, rows=[sample], sample=sample.id, question=question,
        name=name, quantity=quantity, seal=seal, agency=agency, witness=witness,
    )  # fmt: skip
    return sample.id


async def _two_officers(task: Task, by: Actor, witness: str) -> None:
    here = Assignment.filter(task=task, until=None, inspector_id=witness, arrived_at__isnull=False)
    if witness == by.id or not await here.exists():
        raise Refusal("sample.needs_witness", article="16", task=task.number)


@store.transactional
async def report(
    sample_id: int,
    outcome: str,
    finding: str,
    report_number: str,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> None:
    """The agency's report is in: it answers the question, also after the section was closed, and after the whole was
    confirmed without the department that waited for it. What an officer found wanting on site stays wanting.
    """
    number = await Task.get_or_none(samples__id=sample_id).values_list("number", flat=True)
    if number is None:
        raise Refusal("sample.unknown", article="16")
    task = await tasks.find(str(number))
    sample = await Sample.get(id=sample_id)
    mine = await tasks.serving(task, by)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, *REPORTED_IN, article="16")
    asked = await Question.get_or_none(id=sample.question_id) if sample.question_id else None
    if asked and asked.department != mine.department:
        raise Refusal("sample.unknown", article="16")
    if sample.outcome:
        raise Refusal("sample.reported_already", article="16", seal=sample.seal)
    if outcome not in ("pass", "fail") or not visible(finding).strip() or not visible(report_number).strip():
        raise Refusal("sample.report_incomplete", article="16")
    sample.outcome, sample.finding = outcome, text.visible(finding).strip()
    sample.report_number, sample.reported_by, sample.reported_at = text.name(report_number), by.id, at
    await sample.save(update_fields=["outcome", "finding", "report_number", "reported_by", "reported_at"])
    rows = [sample, *([await _answered(task, sample, asked, by, at)] if asked else [])]
    await tasks.note(
        task, "sample.reported", by=by, at=at, key=key, rows=rows, sample=sample.id, verdict=outcome,
        finding=sample.finding, report=sample.report_number,
    )  # fmt: skip


async def _answered(task: Task, sample: Sample, asked: Question, by: Actor, at: datetime) -> Answer:
    before = await Answer.filter(task=task, question=asked).order_by("-version").first()
    written = f"{sample.report_number} {sample.finding}"
    return await Answer.create(
        task=task, question=asked, version=before.version + 1 if before else 1,
        verdict="fail" if before and before.verdict == "fail" else sample.outcome,
        value=before.value if before else "", note="\n".join(filter(None, (before.note if before else "", written))),
        by=by.id, at=at, source=f"sample:{sample.id}", method=CheckMethod.SAMPLE,
        conflict=bool(before and before.conflict),
    )  # fmt: skip


async def none_out(task: Task, department: str) -> None:
    """Refuse what has to wait for the report of every sample of the department's questions."""
    rows = await Sample.filter(task=task, outcome="").order_by("id").select_related("question")
    if out := [row for row in rows if row.question is None or row.question.department == department]:
        raise Refusal("sample.report_due", article="16(3)", seals=[sample.seal for sample in out])
