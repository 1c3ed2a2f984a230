"""检查方式: what the plan lists for a task, and what a page shows of the ways that were used (Art. 10, 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.queries import entrustment, sample
from models.queries.entrustment import AgencyLine
from models.queries.sample import SampleLine
from models.rules import text
from models.tables import (
    Batch,
    Inspector,
    NetworkFinding,
    PlanEntry,
    Scheme,
    Task,
)


async def planned(task: Task) -> tuple[str, ...]:
    """The ways of checking that the plan lists for this task."""
    batch = await Batch.get(code=task.batch_id)
    entry = await PlanEntry.get(code=(await Scheme.get(code=batch.scheme_id)).entry_id)
    return tuple(entry.methods)


@dataclass(frozen=True, slots=True)
class NetworkCheckRow:
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

    proofs: tuple[NetworkCheckRow, ...]
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
    people = {
        inspector.code: text.name(inspector.name)
        for inspector in await Inspector.filter(assignments__task_id=task.id)
    }
    proofs = tuple(
        NetworkCheckRow(
            row.id, text.visible(row.question.text), row.verdict, text.visible(row.source), text.visible(row.finding),
            text.visible(row.reason), text.visible(row.link), bool(row.screenshot), people.get(row.by, row.by), row.at,
        )
        for row in shown
    )  # fmt: skip
    return Assisted(proofs, await sample.samples(task.id), await entrustment.agencies(task.id), people)


async def screenshot_of(number: str, finding_id: int) -> str:
    """The object of a finding's screenshot; empty for none."""
    row = await NetworkFinding.get_or_none(id=finding_id, task__number=number)
    return row.screenshot if row else ""
