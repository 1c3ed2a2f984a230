"""抽样与委托 of a task: samples on their way or reported, agencies that assist (Art. 10, 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.rules import text
from models.tables import (
    Batch,
    Entrustment,
    Inspector,
    NetworkFinding,
    PlanEntry,
    Question,
    Sample,
    Scheme,
    Task,
)


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample; `outcome` is empty while its report is awaited. `question`: the row of the question it answers."""

    id: int
    question: int | None
    department: str
    name: str
    quantity: str
    lot: str
    seal: str
    agency: str
    by: str
    witness: str
    at: datetime
    outcome: str
    finding: str
    report_number: str
    reported_at: datetime | None


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency with its letter and its people, each with name and title."""

    id: int
    agency: str
    credit_code: str
    letter: str
    scope: str
    people: tuple[tuple[str, str], ...]
    by: str
    at: datetime
    ended_at: datetime | None


async def planned(task: Task) -> tuple[str, ...]:
    """The ways of checking that the plan lists for this task."""
    batch = await Batch.get(code=task.batch_id)
    entry = await PlanEntry.get(code=(await Scheme.get(code=batch.scheme_id)).entry_id)
    return tuple(entry.methods)


async def samples(task_id: int) -> tuple[SampleLine, ...]:
    rows = await Sample.filter(task_id=task_id).order_by("id")
    asked = {
        one.id: one
        for one in await Question.filter(id__in=[row.question_id for row in rows if row.question_id])
    }
    return tuple(
        SampleLine(
            row.id, row.question_id, asked[row.question_id].department if row.question_id else "",
            text.visible(row.name), text.visible(row.quantity), text.visible(row.lot), text.visible(row.seal),
            text.visible(row.agency), row.by, row.witness, row.at, row.outcome, text.visible(row.finding),
            text.visible(row.report_number), row.reported_at,
        )
        for row in rows
    )  # fmt: skip


async def agencies(task_id: int) -> tuple[AgencyLine, ...]:
    return tuple(
        AgencyLine(
            row.id, text.visible(row.agency), row.credit_code, text.visible(row.letter), text.visible(row.scope),
            tuple((text.name(str(name)), text.visible(str(title))) for name, title in row.people), row.by, row.at,
            row.ended_at,
        )
        for row in await Entrustment.filter(task_id=task_id).order_by("id")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """A row of the network check's ledger as it was written down; `id` leads to its screenshot."""

    id: int
    question: str
    verdict: str
    source: str
    finding: str
    reason: str
    link: str
    screenshot: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Assisted:
    """What a task's page shows of its ways of checking. `people`: officer to name."""

    proofs: tuple[Proof, ...]
    samples: tuple[SampleLine, ...]
    agencies: tuple[AgencyLine, ...]
    people: Mapping[str, str]

    @property
    def anything(self) -> bool:
        return bool(self.proofs or self.samples or self.agencies)


async def assisted(number: str) -> Assisted:
    """Findings that were proven, reopened or changed, samples and agencies of the task of this number."""
    task = await Task.get(number=number)
    rows = (
        await NetworkFinding.filter(task=task).order_by("question_id", "version").select_related("question")
    )
    shown = [row for row in rows if row.link or row.screenshot or row.reason]
    people = {one.code: text.name(one.name) for one in await Inspector.filter(assignments__task_id=task.id)}
    proofs = tuple(
        Proof(
            row.id, text.visible(row.question.text), row.verdict, text.visible(row.source), text.visible(row.finding),
            text.visible(row.reason), text.visible(row.link), bool(row.screenshot), people.get(row.by, row.by), row.at,
        )
        for row in shown
    )  # fmt: skip
    return Assisted(proofs, await samples(task.id), await agencies(task.id), people)


async def screenshot_of(number: str, finding_id: int) -> str:
    """The object of a finding's screenshot; empty for none."""
    row = await NetworkFinding.get_or_none(id=finding_id, task__number=number)
    return row.screenshot if row else ""
